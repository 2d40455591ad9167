// The inside of a session. session.c opens and closes it, session_memory.c has its memory, session_list.c records
// lists, and session_run.c runs them.

#ifndef RSO_SESSION_STATE_H
#define RSO_SESSION_STATE_H

#include "session.h"

enum { alignment = 64, lane_bytes = DEVICE_LANES * sizeof(float), slot_bytes = RSO_FOLD * sizeof(double) };

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
  // The region with the work-groups' own memory; -1: none.
  int own;
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

// The session that records on this thread; null: none.
extern _Thread_local rso_session *session_recording;

// Notes an error of OpenCL. True if there is one, now or before.
bool session_failed(rso_session *s, const char *action, opencl_status status);
// Notes that a pass cannot be run as it was recorded. That is a fault of rso: nothing is computed from then on.
void session_refuse(rso_session *s, const char *reason);
// Adds room for `count` items of `size` bytes. Returns the first of them.
void *session_add(array *a, size_t size, size_t count);

extern const char session_no_memory[];
// Replaces a buffer that is too small.
bool session_grow(rso_session *s, opencl_handle *buffer, size_t *bytes, size_t needed, const char *action);
void session_release_buffer(rso_session *s, opencl_handle *buffer, size_t bytes);
void session_release_region(rso_session *s, region *r);
// The region of an address; -1: none.
int session_find(const rso_session *s, uint64_t address);
void session_send(rso_session *s, opencl_handle buffer, size_t offset, const void *from, size_t bytes);
void session_receive(rso_session *s, opencl_handle buffer, size_t offset, void *to, size_t bytes);
// Sends all shared memory that was written here.
void session_send_changes(rso_session *s);

// Ends the recording of a chunk: all words of the chunk before must have been met.
void session_end_chunk(rso_session *s);
// Runs the kernel that was recorded, and copies its results to the host.
void session_run_here(rso_session *s, size_t valid);

#endif
