// The memory of a session: regions, which have addresses here and mostly lie on the device.

#define _DEFAULT_SOURCE  // mmap(2)
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "session_state.h"

void session_release_buffer(rso_session *s, opencl_handle *buffer, size_t bytes) {
  if (!*buffer) return;
  s->cl.clReleaseMemObject(*buffer);
  *buffer = 0;
  s->figures.allocated -= bytes;
}

void session_release_region(rso_session *s, region *r) {
  session_release_buffer(s, &r->buffer, r->allocated);
  munmap(r->base, r->bytes);
}

bool session_grow(rso_session *s, opencl_handle *buffer, size_t *bytes, size_t needed, const char *action) {
  if (*buffer && *bytes >= needed) return true;
  session_release_buffer(s, buffer, *bytes);
  *bytes = 0;
  opencl_status status;
  *buffer = s->cl.clCreateBuffer(s->context, opencl_read_write, needed, 0, &status);
  if (session_failed(s, action, status)) {
    *buffer = 0;
    return false;
  }
  *bytes = needed;
  s->figures.allocated += needed;
  if (s->figures.allocated > s->figures.peak) s->figures.peak = s->figures.allocated;
  return true;
}

const char session_no_memory[] = "cannot allocate memory of the device";

int session_find(const rso_session *s, uint64_t address) {
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
    session_grow(s, &r.buffer, &r.allocated, rounded, session_no_memory);
  if (kind == rso_memory_shared) r.dirty_end = rounded;
  session_add(&s->regions, sizeof r, 1);
  region *regions = s->regions.items;
  size_t place = s->regions.count - 1;
  for (; place > 0 && regions[place - 1].base > r.base; place--) regions[place] = regions[place - 1];
  regions[place] = r;
  return base;
}

void rso_session_free(rso_session *s, void *memory) {
  const int index = session_find(s, (uint64_t)(uintptr_t)memory);
  if (index < 0) return;
  region *regions = s->regions.items;
  session_release_region(s, regions + index);
  s->regions.count--;
  memmove(regions + index, regions + index + 1, (s->regions.count - (size_t)index) * sizeof *regions);
}

static region *region_at(rso_session *s, const void *address) {
  const int index = session_find(s, (uint64_t)(uintptr_t)address);
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

void session_send(rso_session *s, opencl_handle buffer, size_t offset, const void *from, size_t bytes) {
  if (*s->error || bytes == 0) return;
  session_failed(s, "cannot send to the device",
         s->cl.clEnqueueWriteBuffer(s->queue, buffer, 1, offset, bytes, from, 0, 0, 0));
  s->figures.sent += bytes;
}

void session_receive(rso_session *s, opencl_handle buffer, size_t offset, void *to, size_t bytes) {
  if (*s->error || bytes == 0) return;
  session_failed(s, "cannot receive from the device",
         s->cl.clEnqueueReadBuffer(s->queue, buffer, 1, offset, bytes, to, 0, 0, 0));
  s->figures.received += bytes;
}

void rso_session_read(rso_session *s, void *first, size_t bytes) {
  region *r = region_at(s, first);
  if (r) session_receive(s, r->buffer, (size_t)((char *)first - r->base), first, bytes);
}

void rso_session_write(rso_session *s, void *to, const void *from, size_t bytes) {
  region *r = region_at(s, to);
  if (r) session_send(s, r->buffer, (size_t)((char *)to - r->base), from, bytes);
}

void session_send_changes(rso_session *s) {
  for (size_t i = 0; i < s->regions.count; i++) {
    region *r = (region *)s->regions.items + i;
    if (r->dirty_begin == r->dirty_end) continue;
    session_send(s, r->buffer, r->dirty_begin, r->base + r->dirty_begin, r->dirty_end - r->dirty_begin);
    r->dirty_begin = r->dirty_end = 0;
  }
}
