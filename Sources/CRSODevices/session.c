#define _DEFAULT_SOURCE  // mmap(2)
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "session_state.h"

// Addresses for the sums of a pass. No memory lies there.
#define SUMS_BYTES ((size_t)1 << 36)
// The most rows of work-items in a group: enough of them to keep a GPU busy.
enum { most_rows = 16 };
// The default for the work-groups' own memory.
#define MOST_OWN ((uint64_t)1 << 30)

_Thread_local rso_session *session_recording;

bool session_failed(rso_session *s, const char *action, opencl_status status) {
  if (status == 0) return *s->error != 0;
  if (!*s->error)
    snprintf(s->error, sizeof s->error, "%s: %s (%d)", action, opencl_error(status), status);
  return true;
}

void session_refuse(rso_session *s, const char *reason) {
  if (!*s->error) snprintf(s->error, sizeof s->error, "a pass cannot be run on the device: %s", reason);
}

void *session_add(array *a, size_t size, size_t count) {
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
  if (session_failed(s, "cannot read the kernels", source ? 0 : -6)) return false;
  s->program = s->cl.clCreateProgramWithSource(s->context, 1, (const char **)&source, 0, &status);
  free(source);
  if (session_failed(s, "cannot read the kernels", status)) return false;
  char all[400];
  snprintf(all, sizeof all, "-cl-std=CL1.2 -DLANES=%d -DROWS=%zu %s %s", DEVICE_LANES, s->rows,
           has_correct_division ? "-cl-fp32-correctly-rounded-divide-sqrt" : "", options);
  if (session_failed(s, "cannot compile the kernels", s->cl.clBuildProgram(s->program, 1, &id, all, 0, 0))) {
    snprintf(why, room, "%s", s->error);
    append_log(s, id, why, room);
    return false;
  }
  s->kernel = s->cl.clCreateKernel(s->program, "run_list", &status);
  return !session_failed(s, "cannot find the kernels", status);
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
  if (session_failed(s, "cannot open the device", status)) goto refused;
  s->queue = cl->clCreateCommandQueue(s->context, id, 0, &status);
  if (session_failed(s, "cannot open a queue", status)) goto refused;
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

void rso_session_close(rso_session *s) {
  if (session_recording == s) session_recording = 0;
  if (s->queue) s->cl.clFinish(s->queue);
  for (size_t i = 0; i < s->regions.count; i++) session_release_region(s, (region *)s->regions.items + i);
  session_release_buffer(s, &s->text, s->text_bytes);
  session_release_buffer(s, &s->lanes, s->lanes_bytes);
  session_release_buffer(s, &s->folds, s->folds_bytes);
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
  session_recording = s;
}
