#define _DEFAULT_SOURCE  // mmap(2)
#include "session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { alignment = 64, lane_bytes = DEVICE_LANES * sizeof(float), slot_bytes = RSO_FOLD * sizeof(double) };
// Addresses for the sums of a pass. No memory lies there.
#define SUMS_BYTES ((size_t)1 << 36)
// The most rows of work-items in a group: enough of them to keep a GPU busy.
enum { most_rows = 16 };
// The default for the work-groups' own memory.
#define MOST_OWN ((uint64_t)1 << 30)

typedef struct {
  char *base;
  // Bytes that were asked for, and in whole pages.
  size_t size, bytes;
  rso_memory_kind kind;
  opencl_handle buffer;
  // The buffer's size, which grows for a work-group's own memory.
  size_t allocated;
  // Bytes that were written here and not yet sent.
  size_t dirty_begin, dirty_end;
  // The last pass that reads or writes it, and its number there.
  uint64_t pass;
  unsigned number;
} region;

// A word of the list: kernels.cl.
typedef struct {
  uint64_t value;
  int64_t step;
} word;

// A recorded argument, to be compared with that of another chunk.
typedef struct {
  argument_kind kind;
  uint64_t value;
  // The region; -1: none.
  int region;
} entry;

// A table of the host that was copied with the list.
typedef struct {
  uint64_t address;
  size_t bytes, offset;
  bool is_result;
} copied;

typedef struct {
  void *items;
  size_t count, capacity;
} array;

struct rso_session {
  opencl_library cl;
  opencl_handle context, queue, program, kernel;
  char error[1024];
  uint64_t most_own;
  // Rows of work-items in a group.
  size_t rows;
  uint64_t failing_launch;
  rso_session_figures figures;

  // Sorted by their addresses.
  array regions;
  char *sums;
  opencl_handle text, lanes, folds;
  size_t text_bytes, lanes_bytes, folds_bytes;

  // The pass that is recorded.
  uint64_t pass;
  unsigned used;
  size_t distance;
  bool is_repeating;
  // The next word, while another chunk is compared.
  size_t next;
  array words, entries, copies, data;
  int64_t sums_step;
  bool has_sums;

  // Each kernel is a pass.
  bool runs_at_once;
  double *sums_here;
  size_t quantities_here;
};

static _Thread_local rso_session *recording;

static bool failed(rso_session *s, const char *action, opencl_status status) {
  if (status == 0) return *s->error != 0;
  if (!*s->error)
    snprintf(s->error, sizeof s->error, "%s: %s (%d)", action, opencl_error(status), status);
  return true;
}

// A pass that cannot be run as it was recorded is a fault of rso: nothing is computed from then on.
static void refuse(rso_session *s, const char *reason) {
  if (!*s->error) snprintf(s->error, sizeof s->error, "a pass cannot be run on the device: %s", reason);
}

static void *add(array *a, size_t size, size_t count) {
  if (a->count + count > a->capacity) {
    const size_t capacity = 2 * (a->count + count);
    void *items = realloc(a->items, capacity * size);
    if (!items) abort();
    a->items = items;
    a->capacity = capacity;
  }
  void *first = (char *)a->items + a->count * size;
  a->count += count;
  return first;
}

// MARK: Opening

// Appends the compiler's messages to an error, as many as fit.
static void append_log(rso_session *s, opencl_handle id, char *why, size_t room) {
  size_t size = 0, length = strlen(why);
  if (s->cl.clGetProgramBuildInfo(s->program, id, opencl_program_build_log, 0, 0, &size)) return;
  char *log = malloc(size + 1);
  if (!log) return;
  if (!s->cl.clGetProgramBuildInfo(s->program, id, opencl_program_build_log, size, log, 0)) {
    log[size] = 0;
    snprintf(why + length, room - length, ":\n%s", log);
  }
  free(log);
}

// The rows of work-items that a group has. A processor's cores have enough to do with one; they take the others
// after each other.
static size_t rows_of(rso_session *s, opencl_handle id, const char *options) {
  const char *chosen = strstr(options, "-DROWS=");
  if (chosen) return (size_t)atoi(chosen + 7);
  uint64_t type = 0;
  size_t most = DEVICE_LANES, rows = most_rows;
  s->cl.clGetDeviceInfo(id, opencl_device_type, sizeof type, &type, 0);
  s->cl.clGetDeviceInfo(id, opencl_device_work_group_size, sizeof most, &most, 0);
  if (type & opencl_is_processor) rows = 1;
  while (rows > 1 && rows * DEVICE_LANES > most) rows /= 2;
  return rows;
}

static void release_program(rso_session *s) {
  if (s->kernel) s->cl.clReleaseKernel(s->kernel);
  if (s->program) s->cl.clReleaseProgram(s->program);
  s->kernel = s->program = 0;
}

static bool compile_rows(rso_session *s, opencl_handle id, bool has_correct_division, const char *options,
                         char *why, size_t room) {
  opencl_status status;
  char *source = rso_device_source();
  if (failed(s, "cannot read the kernels", source ? 0 : -6)) return false;
  s->program = s->cl.clCreateProgramWithSource(s->context, 1, (const char **)&source, 0, &status);
  free(source);
  if (failed(s, "cannot read the kernels", status)) return false;
  char all[400];
  snprintf(all, sizeof all, "-cl-std=CL1.2 -DLANES=%d -DROWS=%zu %s %s", DEVICE_LANES, s->rows,
           has_correct_division ? "-cl-fp32-correctly-rounded-divide-sqrt" : "", options);
  if (failed(s, "cannot compile the kernels", s->cl.clBuildProgram(s->program, 1, &id, all, 0, 0))) {
    snprintf(why, room, "%s", s->error);
    append_log(s, id, why, room);
    return false;
  }
  s->kernel = s->cl.clCreateKernel(s->program, "run_list", &status);
  return !failed(s, "cannot find the kernels", status);
}

// Compiles the kernels, with fewer rows if a group of so many needs more registers than there are.
static bool compile(rso_session *s, opencl_handle id, bool has_correct_division, const char *options,
                    char *why, size_t room) {
  for (s->rows = rows_of(s, id, options);; s->rows /= 2) {
    const bool is_last = s->rows <= 1 || strstr(options, "-DROWS=");
    if (compile_rows(s, id, has_correct_division, options, why, room)) {
      size_t most = SIZE_MAX;
      s->cl.clGetKernelWorkGroupInfo(s->kernel, id, opencl_kernel_work_group_size, sizeof most, &most, 0);
      if (is_last || most >= s->rows * DEVICE_LANES) return true;
    } else if (is_last) {
      return false;
    }
    release_program(s);
    *s->error = *why = 0;
  }
}

rso_session *rso_session_open(size_t index, const char *options, uint64_t most_own, char *why, size_t room) {
  const char *reason = "out of memory";
  *why = 0;
  rso_session *s = calloc(1, sizeof *s);
  const opencl_library *cl = s ? opencl_load(&reason) : 0;
  opencl_handle id;
  rso_device device;
  if (cl) reason = "there is no such device";
  if (!cl || !rso_device_at(cl, index, &id, &device)) {
    snprintf(why, room, "%s", reason);
    free(s);
    return 0;
  }
  s->cl = *cl;
  s->most_own = most_own ? most_own : MOST_OWN;
  // For tests: the launch that fails, counted from 1.
  const char *failing = getenv("RSO_OPENCL_FAILING_LAUNCH");
  s->failing_launch = failing ? strtoull(failing, 0, 10) : 0;
  opencl_status status;
  s->context = cl->clCreateContext(0, 1, &id, 0, 0, &status);
  if (failed(s, "cannot open the device", status)) goto refused;
  s->queue = cl->clCreateCommandQueue(s->context, id, 0, &status);
  if (failed(s, "cannot open a queue", status)) goto refused;
  void *sums = mmap(0, SUMS_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (sums == MAP_FAILED) {
    snprintf(s->error, sizeof s->error, "no addresses for the device's memory");
    goto refused;
  }
  s->sums = sums;
  if (compile(s, id, device.has_correct_division, options, why, room)) return s;
refused:
  if (!*why) snprintf(why, room, "%s", s->error);
  rso_session_close(s);
  return 0;
}

static void release_buffer(rso_session *s, opencl_handle *buffer, size_t bytes) {
  if (!*buffer) return;
  s->cl.clReleaseMemObject(*buffer);
  *buffer = 0;
  s->figures.allocated -= bytes;
}

static void release_region(rso_session *s, region *r) {
  release_buffer(s, &r->buffer, r->allocated);
  munmap(r->base, r->bytes);
}

void rso_session_close(rso_session *s) {
  if (recording == s) recording = 0;
  if (s->queue) s->cl.clFinish(s->queue);
  for (size_t i = 0; i < s->regions.count; i++) release_region(s, (region *)s->regions.items + i);
  release_buffer(s, &s->text, s->text_bytes);
  release_buffer(s, &s->lanes, s->lanes_bytes);
  release_buffer(s, &s->folds, s->folds_bytes);
  release_program(s);
  if (s->queue) s->cl.clReleaseCommandQueue(s->queue);
  if (s->context) s->cl.clReleaseContext(s->context);
  if (s->sums) munmap(s->sums, SUMS_BYTES);
  free(s->regions.items);
  free(s->words.items);
  free(s->entries.items);
  free(s->copies.items);
  free(s->data.items);
  free(s);
}

const char *rso_session_error(const rso_session *s) { return s->error; }
rso_session_figures rso_session_counted(const rso_session *s) { return s->figures; }
double *rso_session_sums(const rso_session *s) { return (double *)(void *)s->sums; }
void rso_session_run_at_once(rso_session *s) {
  s->runs_at_once = true;
  recording = s;
}

// MARK: Memory

// Replaces a buffer that is too small.
static bool grow(rso_session *s, opencl_handle *buffer, size_t *bytes, size_t needed, const char *action) {
  if (*buffer && *bytes >= needed) return true;
  release_buffer(s, buffer, *bytes);
  *bytes = 0;
  opencl_status status;
  *buffer = s->cl.clCreateBuffer(s->context, opencl_read_write, needed, 0, &status);
  if (failed(s, action, status)) {
    *buffer = 0;
    return false;
  }
  *bytes = needed;
  s->figures.allocated += needed;
  if (s->figures.allocated > s->figures.peak) s->figures.peak = s->figures.allocated;
  return true;
}

static const char no_memory[] = "cannot allocate memory of the device";

// The region of an address; -1: none.
static int find(const rso_session *s, uint64_t address) {
  const region *regions = s->regions.items;
  size_t low = 0, high = s->regions.count;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if ((uint64_t)(uintptr_t)regions[middle].base <= address)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return -1;
  const region *r = regions + low - 1;
  return address - (uint64_t)(uintptr_t)r->base < r->bytes ? (int)(low - 1) : -1;
}

void *rso_session_allocate(rso_session *s, size_t bytes, rso_memory_kind kind) {
  const size_t page = 4096;
  const size_t rounded = bytes ? (bytes + page - 1) / page * page : page;
  const int access = kind == rso_memory_shared ? PROT_READ | PROT_WRITE : PROT_NONE;
  void *base = mmap(0, rounded, access,
                    MAP_PRIVATE | MAP_ANONYMOUS | (access == PROT_NONE ? MAP_NORESERVE : 0), -1, 0);
  // As for any other memory of the host: there is nothing to go on with.
  if (base == MAP_FAILED) abort();
  region r = {.base = base, .size = bytes, .bytes = rounded, .kind = kind};
  if (kind != rso_memory_own && !*s->error)
    grow(s, &r.buffer, &r.allocated, rounded, no_memory);
  if (kind == rso_memory_shared) r.dirty_end = rounded;
  add(&s->regions, sizeof r, 1);
  region *regions = s->regions.items;
  size_t place = s->regions.count - 1;
  for (; place > 0 && regions[place - 1].base > r.base; place--) regions[place] = regions[place - 1];
  regions[place] = r;
  return base;
}

void rso_session_free(rso_session *s, void *memory) {
  const int index = find(s, (uint64_t)(uintptr_t)memory);
  if (index < 0) return;
  region *regions = s->regions.items;
  release_region(s, regions + index);
  s->regions.count--;
  memmove(regions + index, regions + index + 1, (s->regions.count - (size_t)index) * sizeof *regions);
}

static region *region_at(rso_session *s, const void *address) {
  const int index = find(s, (uint64_t)(uintptr_t)address);
  return index < 0 ? 0 : (region *)s->regions.items + index;
}

void rso_session_changed(rso_session *s, const void *first, size_t bytes) {
  region *r = region_at(s, first);
  if (!r || bytes == 0) return;
  const size_t begin = (size_t)((const char *)first - r->base), end = begin + bytes;
  const bool is_clean = r->dirty_begin == r->dirty_end;
  if (is_clean || begin < r->dirty_begin) r->dirty_begin = begin;
  if (is_clean || end > r->dirty_end) r->dirty_end = end;
}

static void send(rso_session *s, opencl_handle buffer, size_t offset, const void *from, size_t bytes) {
  if (*s->error || bytes == 0) return;
  failed(s, "cannot send to the device",
         s->cl.clEnqueueWriteBuffer(s->queue, buffer, 1, offset, bytes, from, 0, 0, 0));
  s->figures.sent += bytes;
}

static void receive(rso_session *s, opencl_handle buffer, size_t offset, void *to, size_t bytes) {
  if (*s->error || bytes == 0) return;
  failed(s, "cannot receive from the device",
         s->cl.clEnqueueReadBuffer(s->queue, buffer, 1, offset, bytes, to, 0, 0, 0));
  s->figures.received += bytes;
}

void rso_session_read(rso_session *s, void *first, size_t bytes) {
  region *r = region_at(s, first);
  if (r) receive(s, r->buffer, (size_t)((char *)first - r->base), first, bytes);
}

void rso_session_write(rso_session *s, void *to, const void *from, size_t bytes) {
  region *r = region_at(s, to);
  if (r) send(s, r->buffer, (size_t)((char *)to - r->base), from, bytes);
}

static void send_changes(rso_session *s) {
  for (size_t i = 0; i < s->regions.count; i++) {
    region *r = (region *)s->regions.items + i;
    if (r->dirty_begin == r->dirty_end) continue;
    send(s, r->buffer, r->dirty_begin, r->base + r->dirty_begin, r->dirty_end - r->dirty_begin);
    r->dirty_begin = r->dirty_end = 0;
  }
}

// MARK: Recording

void rso_session_begin(rso_session *s) {
  recording = s;
  s->pass++;
  s->used = 0;
  s->is_repeating = s->has_sums = false;
  s->words.count = s->entries.count = s->copies.count = s->data.count = 0;
}

// All words of the chunk before were met.
static void end_chunk(rso_session *s) {
  if (s->is_repeating && s->next != s->words.count) refuse(s, "chunks differ in their kernels");
}

void rso_session_repeat(rso_session *s, size_t distance) {
  end_chunk(s);
  s->is_repeating = true;
  s->distance = distance;
  s->next = 0;
}

// The place of a table of the host that is copied with the list.
static uint64_t copy_place(rso_session *s, const argument *a) {
  const copied *copies = s->copies.items;
  for (size_t i = 0; i < s->copies.count && a->kind == argument_input; i++)
    if (copies[i].address == a->value && copies[i].bytes == a->bytes && !copies[i].is_result)
      return copies[i].offset;
  const size_t padding = (alignment - s->data.count % alignment) % alignment;
  memset(add(&s->data, 1, padding), 0, padding);
  const copied c = {a->value, a->bytes, s->data.count, a->kind == argument_result};
  memcpy(add(&s->data, 1, a->bytes), (const void *)(uintptr_t)a->value, a->bytes);
  *(copied *)add(&s->copies, sizeof c, 1) = c;
  return c.offset;
}

// The place of an argument's memory. The text, with its tables, has the number after those of all regions.
static uint64_t place_of(rso_session *s, const argument *a, int *index) {
  *index = find(s, a->value);
  if (*index < 0) {
    if (a->kind == argument_result && !s->runs_at_once) refuse(s, "a result has no place there");
    return (uint64_t)(MOST_REGIONS + 1) << PLACE_REGION_SHIFT | copy_place(s, a);
  }
  region *r = (region *)s->regions.items + *index;
  if (r->pass != s->pass) {
    if (s->used == MOST_REGIONS) {
      refuse(s, "it reads too many parts of memory");
      return 0;
    }
    r->pass = s->pass;
    r->number = ++s->used;
  }
  const uint64_t offset = a->value - (uint64_t)(uintptr_t)r->base;
  if (offset + a->bytes > r->size) refuse(s, "a kernel goes beyond its memory");
  return (uint64_t)r->number << PLACE_REGION_SHIFT |
         (uint64_t)(r->kind == rso_memory_own) << PLACE_IS_OWN_SHIFT | offset;
}

static void take(rso_session *s, const argument *a) {
  word w = {a->value, 0};
  entry e = {a->kind, a->value, -1};
  if (a->kind == argument_sums) {
    s->has_sums = true;
    if (s->runs_at_once) {
      s->sums_here = (double *)(uintptr_t)a->value;
      s->quantities_here = a->bytes;
      w.value = 0;
    } else {
      w.value = (a->value - (uint64_t)(uintptr_t)s->sums) / slot_bytes;
    }
  } else if (a->kind != argument_number && a->value) {
    w.value = place_of(s, a, &e.region);
  }
  *(word *)add(&s->words, sizeof w, 1) = w;
  *(entry *)add(&s->entries, sizeof e, 1) = e;
}

// Compares an argument with that of the first chunk, and finds the step from chunk to chunk.
static void compare(rso_session *s, const argument *a) {
  word *w = (word *)s->words.items + s->next;
  const entry *e = (const entry *)s->entries.items + s->next;
  s->next++;
  if (e->kind != a->kind) return refuse(s, "chunks differ in their kernels");
  const int64_t difference = (int64_t)(a->value - e->value);
  if (a->kind == argument_number) {
    if (difference) refuse(s, "chunks differ in their numbers");
    return;
  }
  if (a->kind == argument_sums) {
    if (s->distance == 1) s->sums_step = difference;
    if (difference != s->sums_step * (int64_t)s->distance) refuse(s, "sums do not lie side by side");
    return;
  }
  if (s->distance == 1) w->step = difference;
  if (difference != w->step * (int64_t)s->distance || (a->value == 0) != (e->value == 0))
    return refuse(s, "chunks do not lie side by side");
  if (difference == 0) return;
  const region *r = (const region *)s->regions.items + e->region;
  if (e->region < 0 || r->kind == rso_memory_own) return refuse(s, "chunks differ in their tables");
  if (a->value - (uint64_t)(uintptr_t)r->base + a->bytes > r->size)
    refuse(s, "a kernel goes beyond its memory");
}

static void run_here(rso_session *s, size_t valid);

void session_record(kernel_id kernel, size_t valid, const argument *arguments, size_t count) {
  rso_session *s = recording;
  if (!s || *s->error) return;
  if (s->runs_at_once) rso_session_begin(s);
  const word head = {kernel, (int64_t)count};
  if (s->is_repeating) {
    const word *w = (const word *)s->words.items + s->next;
    if (s->next + 1 + count > s->words.count || w->value != head.value || w->step != head.step)
      return refuse(s, "chunks differ in their kernels");
    s->next++;
    for (size_t i = 0; i < count && !*s->error; i++) compare(s, arguments + i);
    return;
  }
  *(word *)add(&s->words, sizeof head, 1) = head;
  *(entry *)add(&s->entries, sizeof(entry), 1) = (entry){argument_number, 0, -1};
  for (size_t i = 0; i < count; i++) take(s, arguments + i);
  if (s->runs_at_once) run_here(s, valid);
}

// MARK: Running

// Copies the list and its tables to the device. Returns the offset of the list.
static size_t send_list(rso_session *s) {
  const size_t padding = (alignment - s->data.count % alignment) % alignment;
  memset(add(&s->data, 1, padding), 0, padding);
  const size_t list = s->data.count, bytes = s->words.count * sizeof(word);
  memcpy(add(&s->data, 1, bytes), s->words.items, bytes);
  if (s->text_bytes < s->data.count)
    grow(s, &s->text, &s->text_bytes, 2 * s->data.count, no_memory);
  send(s, s->text, 0, s->data.items, s->data.count);
  return list;
}

// The work-groups of a launch: as many as there is own memory for. Returns 0 after an error.
static size_t prepare_groups(rso_session *s, size_t chunks, size_t quantities) {
  size_t each = quantities * lane_bytes;
  region *own[MOST_REGIONS];
  size_t own_count = 0;
  for (size_t i = 0; i < s->regions.count; i++) {
    region *r = (region *)s->regions.items + i;
    if (r->pass != s->pass || r->kind != rso_memory_own) continue;
    own[own_count++] = r;
    each += r->bytes;
  }
  size_t groups = each ? s->most_own / each : chunks;
  groups = groups > chunks ? chunks : groups < 1 ? 1 : groups;
  for (size_t i = 0; i < own_count; i++) {
    if (own[i]->buffer && own[i]->allocated >= groups * own[i]->bytes) continue;
    if (!grow(s, &own[i]->buffer, &own[i]->allocated, groups * own[i]->bytes, no_memory)) return 0;
    const uint32_t zero = 0;
    if (failed(s, "cannot clear memory of the device",
               s->cl.clEnqueueFillBuffer(s->queue, own[i]->buffer, &zero, sizeof zero, 0,
                                         own[i]->allocated, 0, 0, 0)))
      return 0;
  }
  const size_t lanes = quantities ? groups * quantities * lane_bytes : alignment;
  const size_t folds = quantities ? chunks * quantities * sizeof(double) : alignment;
  if (!grow(s, &s->lanes, &s->lanes_bytes, lanes, no_memory)) return 0;
  if (!grow(s, &s->folds, &s->folds_bytes, folds, no_memory)) return 0;
  return groups;
}

static bool set(rso_session *s, uint32_t index, size_t size, const void *value) {
  return !failed(s, "cannot set an argument", s->cl.clSetKernelArg(s->kernel, index, size, value));
}

static void set_regions(rso_session *s, uint32_t first, uint64_t *own) {
  opencl_handle none = s->text;
  for (uint32_t i = s->used; i < MOST_REGIONS; i++) set(s, first + i, sizeof none, &none);
  *own = 0;
  for (size_t i = 0; i < s->regions.count; i++) {
    const region *r = (const region *)s->regions.items + i;
    if (r->pass != s->pass) continue;
    set(s, first + r->number - 1, sizeof r->buffer, &r->buffer);
    if (r->kind == rso_memory_own) *own = r->bytes;
  }
}

static void launch(rso_session *s, size_t place, size_t chunk, size_t groups) {
  const uint64_t numbers[] = {place, chunk};
  for (uint32_t i = 0; i < 2; i++) set(s, 6 + i, sizeof *numbers, numbers + i);
  if (*s->error) return;
  s->figures.launches++;
  const size_t own[] = {DEVICE_LANES, s->rows}, items[] = {groups * DEVICE_LANES, s->rows};
  const bool fails = s->figures.launches == s->failing_launch;
  failed(s, "cannot run the kernels",
         fails ? -5 : s->cl.clEnqueueNDRangeKernel(s->queue, s->kernel, 2, 0, items, own, 0, 0, 0));
}

void rso_session_run(rso_session *s, size_t first, size_t chunks, size_t samples, size_t quantities,
                     double *folds) {
  end_chunk(s);
  recording = s->runs_at_once ? s : 0;
  if (!s->has_sums) quantities = 0;
  if (quantities && chunks > 1 && !s->runs_at_once && s->sums_step != (int64_t)(quantities * slot_bytes))
    refuse(s, "sums do not lie side by side");
  if (*s->error || chunks == 0 || s->words.count == 0) return;
  send_changes(s);
  const uint64_t list = send_list(s), count = s->words.count;
  const size_t groups = *s->error ? 0 : prepare_groups(s, chunks, quantities);
  if (groups == 0) return;
  uint64_t own = 0;
  set_regions(s, 10, &own);
  set(s, 0, sizeof s->text, &s->text);
  set(s, 3, sizeof s->lanes, &s->lanes);
  set(s, 4, sizeof s->folds, &s->folds);
  const uint64_t total = samples, sums = quantities;
  const struct { uint32_t index; const uint64_t *value; } numbers[] = {
      {1, &list}, {2, &count}, {5, &sums}, {8, &total}, {9, &own}};
  for (size_t i = 0; i < 5; i++) set(s, numbers[i].index, sizeof(uint64_t), numbers[i].value);
  for (size_t place = 0; place < chunks && !*s->error; place += groups)
    launch(s, place, first + place, groups < chunks - place ? groups : chunks - place);
  receive(s, s->folds, 0, folds, chunks * quantities * sizeof(double));
}

// Runs the kernel that was recorded, and copies its results to the host.
static void run_here(rso_session *s, size_t valid) {
  const size_t quantities = s->has_sums ? s->quantities_here : 0;
  double *folds = malloc((quantities + 1) * sizeof *folds);
  float *lanes = malloc((quantities + 1) * lane_bytes);
  if (!folds || !lanes) abort();
  rso_session_run(s, 0, 1, valid, quantities, folds);
  receive(s, s->lanes, 0, lanes, quantities * lane_bytes);
  for (size_t q = 0; q < quantities && !*s->error; q++) {
    double own[RSO_FOLD] = {0}, *to = s->sums_here + q * RSO_FOLD;
    for (size_t i = 0; i < valid; i++) {
      own[i % RSO_FOLD] += lanes[q * DEVICE_LANES + i];
      to[i % RSO_FOLD] += lanes[q * DEVICE_LANES + i];
    }
    // The device adds them up by itself, to the same bits.
    const double fold = rso_fold(own);
    if (memcmp(&fold, folds + q, sizeof fold) != 0 && !(isnan(fold) && isnan(folds[q]))) *to = NAN;
  }
  for (size_t i = 0; i < s->copies.count; i++) {
    const copied *c = (const copied *)s->copies.items + i;
    if (c->is_result) receive(s, s->text, c->offset, (void *)(uintptr_t)c->address, c->bytes);
  }
  free(folds);
  free(lanes);
}
