// The launches that run a list.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session_state.h"

// Copies the list and its tables to the device. Returns the offset of the list.
static size_t send_list(rso_session *s) {
  const size_t padding = (alignment - s->data.count % alignment) % alignment;
  memset(session_add(&s->data, 1, padding), 0, padding);
  const size_t list = s->data.count, bytes = s->words.count * sizeof(word);
  memcpy(session_add(&s->data, 1, bytes), s->words.items, bytes);
  if (s->text_bytes < s->data.count)
    session_grow(s, &s->text, &s->text_bytes, 2 * s->data.count, session_no_memory);
  session_send(s, s->text, 0, s->data.items, s->data.count);
  return list;
}

// The work-groups of a launch: as many as there is own memory for. Returns 0 after an error.
static size_t prepare_groups(rso_session *s, size_t chunks, size_t quantities) {
  region *own = s->own < 0 ? 0 : (region *)s->regions.items + s->own;
  const size_t each = quantities * lane_bytes + (own ? own->bytes : 0);
  size_t groups = each ? s->most_own / each : chunks;
  groups = groups > chunks ? chunks : groups < 1 ? 1 : groups;
  if (own && !(own->buffer && own->allocated >= groups * own->bytes)) {
    if (!session_grow(s, &own->buffer, &own->allocated, groups * own->bytes, session_no_memory)) return 0;
    const uint32_t zero = 0;
    if (session_failed(s, "cannot clear memory of the device",
                       s->cl.clEnqueueFillBuffer(s->queue, own->buffer, &zero, sizeof zero, 0,
                                                 own->allocated, 0, 0, 0)))
      return 0;
  }
  const size_t lanes = quantities ? groups * quantities * lane_bytes : alignment;
  const size_t folds = quantities ? chunks * quantities * sizeof(double) : alignment;
  if (!session_grow(s, &s->lanes, &s->lanes_bytes, lanes, session_no_memory)) return 0;
  if (!session_grow(s, &s->folds, &s->folds_bytes, folds, session_no_memory)) return 0;
  return groups;
}

static bool set(rso_session *s, uint32_t index, size_t size, const void *value) {
  return !session_failed(s, "cannot set an argument", s->cl.clSetKernelArg(s->kernel, index, size, value));
}

static void set_regions(rso_session *s, uint32_t first) {
  opencl_handle none = s->text;
  for (uint32_t i = s->used; i < MOST_REGIONS; i++) set(s, first + i, sizeof none, &none);
  for (size_t i = 0; i < s->regions.count; i++) {
    const region *r = (const region *)s->regions.items + i;
    if (r->pass != s->pass) continue;
    set(s, first + r->number - 1, sizeof r->buffer, &r->buffer);
  }
}

static void launch(rso_session *s, size_t place, size_t chunk, size_t groups) {
  const uint64_t numbers[] = {place, chunk};
  for (uint32_t i = 0; i < 2; i++) set(s, 6 + i, sizeof *numbers, numbers + i);
  if (*s->error) return;
  s->figures.launches++;
  const size_t own[] = {DEVICE_LANES, s->rows}, items[] = {groups * DEVICE_LANES, s->rows};
  const bool fails = s->figures.launches == s->failing_launch;
  session_failed(s, "cannot run the kernels",
         fails ? -5 : s->cl.clEnqueueNDRangeKernel(s->queue, s->kernel, 2, 0, items, own, 0, 0, 0));
}

void rso_session_run(rso_session *s, size_t first, size_t chunks, size_t samples, size_t quantities,
                     double *folds) {
  session_end_chunk(s);
  session_recording = s->runs_at_once ? s : 0;
  if (!s->has_sums) quantities = 0;
  if (quantities && chunks > 1 && !s->runs_at_once && s->sums_step != (int64_t)(quantities * slot_bytes))
    session_refuse(s, "sums do not lie side by side");
  if (*s->error || chunks == 0 || s->words.count == 0) return;
  session_send_changes(s);
  const uint64_t list = send_list(s), count = s->words.count;
  const size_t groups = *s->error ? 0 : prepare_groups(s, chunks, quantities);
  if (groups == 0) return;
  const uint64_t own = s->own < 0 ? 0 : ((const region *)s->regions.items)[s->own].bytes;
  set_regions(s, 10);
  set(s, 0, sizeof s->text, &s->text);
  set(s, 3, sizeof s->lanes, &s->lanes);
  set(s, 4, sizeof s->folds, &s->folds);
  const uint64_t total = samples, sums = quantities;
  const struct { uint32_t index; const uint64_t *value; } numbers[] = {
      {1, &list}, {2, &count}, {5, &sums}, {8, &total}, {9, &own}};
  for (size_t i = 0; i < 5; i++) set(s, numbers[i].index, sizeof(uint64_t), numbers[i].value);
  for (size_t place = 0; place < chunks && !*s->error; place += groups)
    launch(s, place, first + place, groups < chunks - place ? groups : chunks - place);
  session_receive(s, s->folds, 0, folds, chunks * quantities * sizeof(double));
}

void session_run_here(rso_session *s, size_t valid) {
  const size_t quantities = s->has_sums ? s->quantities_here : 0;
  double *folds = malloc((quantities + 1) * sizeof *folds);
  float *lanes = malloc((quantities + 1) * lane_bytes);
  if (!folds || !lanes) abort();
  rso_session_run(s, 0, 1, valid, quantities, folds);
  session_receive(s, s->lanes, 0, lanes, quantities * lane_bytes);
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
    if (c->is_result) session_receive(s, s->text, c->offset, (void *)(uintptr_t)c->address, c->bytes);
  }
  free(folds);
  free(lanes);
}
