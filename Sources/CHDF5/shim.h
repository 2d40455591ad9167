// Makes libhdf5 visible to Swift. Its constants are macros that call H5open(), which Swift cannot
// import, so each one used is given a function here; so are the few things that need a C callback.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

// Later releases than 1.10 version these names; the first version is the one that all releases have.
#define H5Literate_vers 1
#define H5Oget_info_vers 1

// Debian keeps the header in a folder of its own, because it has one for each variant of the library.
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif
#include <limits.h>
#include <stdio.h>
#include <string.h>

static inline hid_t chdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_uint64(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_native_float32(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_float64(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }
// Little-endian integers in a file of 1, 2, 4 or 8 bytes; negative for another size.
static inline hid_t chdf5_stored_integer(size_t size, int is_signed) {
  switch (size) {
    case 1: return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
    case 2: return is_signed ? H5T_STD_I16LE : H5T_STD_U16LE;
    case 4: return is_signed ? H5T_STD_I32LE : H5T_STD_U32LE;
    case 8: return is_signed ? H5T_STD_I64LE : H5T_STD_U64LE;
    default: return -1;
  }
}
// The machine's integer type of 1, 2, 4 or 8 bytes; negative for another size.
static inline hid_t chdf5_native_integer(size_t size, int is_signed) {
  switch (size) {
    case 1: return is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8;
    case 2: return is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16;
    case 4: return is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32;
    case 8: return is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
    default: return -1;
  }
}
// Little-endian floating-point numbers of 16 bits, with the sign in the highest one. The caller closes the
// type.
static inline hid_t chdf5_float16_of(size_t exponent, size_t mantissa, size_t bias) {
  hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  if (type < 0) return type;
  if (H5Tset_fields(type, 15, mantissa, exponent, 0, mantissa) < 0 ||
      H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, bias) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

// The machine's form of h5py's complex numbers, whose parts have `size` bytes, 2, 4 or 8. The caller
// closes the type.
static inline hid_t chdf5_complex(size_t size) {
  hid_t half = size == 2 ? chdf5_float16_of(5, 10, 15) : -1;
  hid_t part = size == 2 ? half : size == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
  hid_t type = H5Tcreate(H5T_COMPOUND, 2 * size);
  if (type >= 0 && (H5Tinsert(type, "r", 0, part) < 0 || H5Tinsert(type, "i", size, part) < 0)) {
    H5Tclose(type);
    type = -1;
  }
  if (half >= 0) H5Tclose(half);
  return type;
}

// h5py's truth values. The caller closes the type.
static inline hid_t chdf5_truth(void) {
  signed char no = 0, yes = 1;
  hid_t type = H5Tenum_create(H5T_STD_I8LE);
  if (type >= 0 &&
      (H5Tenum_insert(type, "FALSE", &no) < 0 || H5Tenum_insert(type, "TRUE", &yes) < 0)) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

static inline hid_t chdf5_ieee_float16(void) { return chdf5_float16_of(5, 10, 15); }
static inline hid_t chdf5_bfloat16(void) { return chdf5_float16_of(8, 7, 127); }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }

static inline hid_t chdf5_file_creation(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_link_access(void) { return H5P_LINK_ACCESS; }

static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

static inline hid_t chdf5_every_file(void) { return (hid_t)H5F_OBJ_ALL; }
static inline unsigned chdf5_every_kind(void) { return H5F_OBJ_ALL; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }

// Clears the calling thread's error stack and keeps libhdf5 from printing it.
static inline void chdf5_quiet(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5Eclear2(H5E_DEFAULT);
}

struct chdf5_message {
  char outermost[256];
  char innermost[256];
};

static inline herr_t chdf5_visit_error(unsigned n, const H5E_error2_t *error, void *context) {
  struct chdf5_message *message = (struct chdf5_message *)context;
  const char *text = error->desc != NULL ? error->desc : "";
  if (n == 0) snprintf(message->outermost, sizeof message->outermost, "%s", text);
  snprintf(message->innermost, sizeof message->innermost, "%s", text);
  return 0;
}

// Turns the error stack into one line, "what failed (why)", cut to `size`, and clears it.
static inline void chdf5_take_error(char *buffer, size_t size) {
  struct chdf5_message message;
  memset(&message, 0, sizeof message);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, chdf5_visit_error, &message);
  H5Eclear2(H5E_DEFAULT);
  if (strcmp(message.outermost, message.innermost) == 0)
    snprintf(buffer, size, "%s", message.outermost);
  else
    snprintf(buffer, size, "%s (%s)", message.outermost, message.innermost);
}

static inline herr_t chdf5_refuse_link(
    const char *parent_file, const char *parent_group, const char *file, const char *object,
    unsigned *flags, hid_t access, void *context) {
  (void)parent_file, (void)parent_group, (void)file, (void)object;
  (void)flags, (void)access, (void)context;
  return -1;
}

// Makes every traversal of an external link under `link_access` fail.
static inline herr_t chdf5_refuse_external_links(hid_t link_access) {
  return H5Pset_elink_cb(link_access, chdf5_refuse_link, NULL);
}

static inline herr_t chdf5_count_attribute(
    hid_t object, const char *name, const H5A_info_t *info, void *context) {
  (void)object, (void)name, (void)info;
  ++*(long *)context;
  return 0;
}

// The number of an object's attributes; negative on failure.
static inline long chdf5_attribute_count(hid_t object) {
  long count = 0;
  if (H5Aiterate2(
          object, H5_INDEX_NAME, H5_ITER_INC, NULL, chdf5_count_attribute, &count) < 0)
    return -1;
  return count;
}

// Gets a link's name and its H5L_type_t. A negative result ends the visit as a failure.
typedef int (*chdf5_link_visitor)(const char *name, int kind, void *context);

struct chdf5_link_visit {
  chdf5_link_visitor visitor;
  void *context;
};

static inline herr_t chdf5_visit_link(
    hid_t group, const char *name, const H5L_info_t *info, void *context) {
  struct chdf5_link_visit *visit = (struct chdf5_link_visit *)context;
  (void)group;
  return visit->visitor(name, (int)info->type, visit->context);
}

// Visits the links of a group in the order of names.
static inline herr_t chdf5_visit_links(
    hid_t group, chdf5_link_visitor visitor, void *context) {
  struct chdf5_link_visit visit = {visitor, context};
  hsize_t index = 0;
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &index, chdf5_visit_link, &visit);
}

// The place of an object in its file, which tells it from every other object there.
static inline herr_t chdf5_address(hid_t object, unsigned long long *address) {
  H5O_info_t info;
  if (H5Oget_info(object, &info) < 0) return -1;
  *address = (unsigned long long)info.addr;
  return 0;
}

// Sets the bytes of the selected elements to 1.
static inline herr_t chdf5_mark(unsigned char *marks, hid_t space) {
  unsigned char one = 1;
  return H5Dfill(&one, H5T_NATIVE_UCHAR, marks, H5T_NATIVE_UCHAR, space);
}

// The number of selected elements.
static inline hssize_t chdf5_points(hid_t space) { return H5Sget_select_npoints(space); }

// True if elements that were never written have a value.
static inline int chdf5_fills(hid_t creation) {
  H5D_fill_value_t value;
  H5D_fill_time_t time;
  if (H5Pfill_value_defined(creation, &value) < 0 || H5Pget_fill_time(creation, &time) < 0)
    return -1;
  return value != H5D_FILL_VALUE_UNDEFINED && time != H5D_FILL_TIME_NEVER;
}

// The place of a contiguous dataset's elements in its file; 0 where they have none.
static inline long long chdf5_offset(hid_t dataset) {
  haddr_t offset = H5Dget_offset(dataset);
  return offset == HADDR_UNDEF || offset > LLONG_MAX ? 0 : (long long)offset;
}

// True if a selection has no end.
static inline int chdf5_is_endless(hid_t space) { return H5Sget_select_npoints(space) < 0; }

// A file in memory that libhdf5 uses where it is, without a copy of its own.
struct chdf5_image {
  void *start;
  size_t size;
};

static inline void *chdf5_image_malloc(size_t size, H5FD_file_image_op_t operation, void *context) {
  struct chdf5_image *image = (struct chdf5_image *)context;
  (void)operation;
  return size <= image->size ? image->start : NULL;
}

static inline void *chdf5_image_memcpy(
    void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *context) {
  (void)size, (void)operation, (void)context;
  return to == from ? to : NULL;
}

static inline void *chdf5_image_realloc(
    void *memory, size_t size, H5FD_file_image_op_t operation, void *context) {
  (void)memory, (void)size, (void)operation, (void)context;
  return NULL;
}

static inline herr_t chdf5_image_free(
    void *memory, H5FD_file_image_op_t operation, void *context) {
  (void)memory, (void)operation, (void)context;
  return 0;
}

static inline void *chdf5_image_keep(void *context) { return context; }

static inline herr_t chdf5_image_drop(void *context) {
  (void)context;
  return 0;
}

// Makes a file that is opened with `access` the one in `image`, which must outlive it.
static inline herr_t chdf5_set_image(hid_t access, struct chdf5_image *image) {
  H5FD_file_image_callbacks_t callbacks = {
      chdf5_image_malloc, chdf5_image_memcpy, chdf5_image_realloc, chdf5_image_free,
      chdf5_image_keep, chdf5_image_drop, image};
  if (H5Pset_file_image_callbacks(access, &callbacks) < 0) return -1;
  return H5Pset_file_image(access, image->start, image->size);
}

// The number of the filter of h5py's compression "lzf".
static inline H5Z_filter_t chdf5_lzf_number(void) { return 32000; }

// Makes libhdf5 use a function to undo a filter.
static inline herr_t chdf5_register_filter(H5Z_filter_t number, H5Z_func_t function) {
  H5Z_class2_t filter = {
      H5Z_CLASS_T_VERS, number, 0, 1, "lzf", NULL, NULL, function};
  return H5Zregister(&filter);
}

#endif
