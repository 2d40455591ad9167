// The list of a pass: kernels and arguments of its first chunk, and how each grows from one chunk to the next.

#include <string.h>

#include "session_state.h"

void rso_session_begin(rso_session *s) {
  session_recording = s;
  s->pass++;
  s->used = 0;
  s->own = -1;
  s->is_repeating = s->has_sums = false;
  s->words.count = s->entries.count = s->copies.count = s->data.count = 0;
}

void session_end_chunk(rso_session *s) {
  if (s->is_repeating && s->next != s->words.count) session_refuse(s, "chunks differ in their kernels");
}

void rso_session_repeat(rso_session *s, size_t distance) {
  session_end_chunk(s);
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
  memset(session_add(&s->data, 1, padding), 0, padding);
  const copied c = {a->value, a->bytes, s->data.count, a->kind == argument_result};
  memcpy(session_add(&s->data, 1, a->bytes), (const void *)(uintptr_t)a->value, a->bytes);
  *(copied *)session_add(&s->copies, sizeof c, 1) = c;
  return c.offset;
}

// The place of an argument's memory. The text, with its tables, has the number after those of all regions.
static uint64_t place_of(rso_session *s, const argument *a, int *index) {
  *index = session_find(s, a->value);
  if (*index < 0) {
    if (a->kind == argument_result && !s->runs_at_once) session_refuse(s, "a result has no place there");
    return (uint64_t)(MOST_REGIONS + 1) << PLACE_REGION_SHIFT | copy_place(s, a);
  }
  region *r = (region *)s->regions.items + *index;
  if (r->pass != s->pass) {
    if (s->used == MOST_REGIONS) {
      session_refuse(s, "it reads too many parts of memory");
      return 0;
    }
    r->pass = s->pass;
    r->number = ++s->used;
    // A launch has one step from group to group.
    if (r->kind == rso_memory_own) {
      if (s->own >= 0) session_refuse(s, "work-groups have two memories of their own");
      s->own = *index;
    }
  }
  const uint64_t offset = a->value - (uint64_t)(uintptr_t)r->base;
  if (offset + a->bytes > r->size) session_refuse(s, "a kernel goes beyond its memory");
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
  *(word *)session_add(&s->words, sizeof w, 1) = w;
  *(entry *)session_add(&s->entries, sizeof e, 1) = e;
}

// Compares an argument with that of the first chunk, and finds the step from chunk to chunk.
static void compare(rso_session *s, const argument *a) {
  word *w = (word *)s->words.items + s->next;
  const entry *e = (const entry *)s->entries.items + s->next;
  s->next++;
  if (e->kind != a->kind) return session_refuse(s, "chunks differ in their kernels");
  const int64_t difference = (int64_t)(a->value - e->value);
  if (a->kind == argument_number) {
    if (difference) session_refuse(s, "chunks differ in their numbers");
    return;
  }
  if (a->kind == argument_sums) {
    if (s->distance == 1) s->sums_step = difference;
    if (difference != s->sums_step * (int64_t)s->distance) session_refuse(s, "sums do not lie side by side");
    return;
  }
  if (s->distance == 1) w->step = difference;
  if (difference != w->step * (int64_t)s->distance || (a->value == 0) != (e->value == 0))
    return session_refuse(s, "chunks do not lie side by side");
  if (difference == 0) return;
  const region *r = (const region *)s->regions.items + e->region;
  if (e->region < 0 || r->kind == rso_memory_own) return session_refuse(s, "chunks differ in their tables");
  if (a->value - (uint64_t)(uintptr_t)r->base + a->bytes > r->size)
    session_refuse(s, "a kernel goes beyond its memory");
}

void session_record(kernel_id kernel, size_t valid, const argument *arguments, size_t count) {
  rso_session *s = session_recording;
  if (!s || *s->error) return;
  if (s->runs_at_once) rso_session_begin(s);
  const word head = {kernel, (int64_t)count};
  if (s->is_repeating) {
    const word *w = (const word *)s->words.items + s->next;
    if (s->next + 1 + count > s->words.count || w->value != head.value || w->step != head.step)
      return session_refuse(s, "chunks differ in their kernels");
    s->next++;
    for (size_t i = 0; i < count && !*s->error; i++) compare(s, arguments + i);
    return;
  }
  *(word *)session_add(&s->words, sizeof head, 1) = head;
  *(entry *)session_add(&s->entries, sizeof(entry), 1) = (entry){argument_number, 0, -1};
  for (size_t i = 0; i < count; i++) take(s, arguments + i);
  if (s->runs_at_once) session_run_here(s, valid);
}
