#include "list_cases.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cases/cases.h"
#include "rso_devices.h"
#include "rso_kernels.h"

enum { lanes = 32, chunks = 5, vectors = 4, quantities = 4, size = vectors * lanes, samples = chunks * lanes - 3 };

static int faults;

static void check(bool is_right, const char *what) {
  if (is_right) return;
  faults++;
  fprintf(stderr, "lists: %s\n", what);
}

// What differs from chunk to chunk, and must not.
typedef enum { nothing, a_number, a_kernel, a_count, a_table, a_place, a_result, a_size, a_second_own } fault_kind;

typedef struct {
  const rso_kernels *table;
  rso_session *session;
  float *in, *own, *second, *out;
} pass;

static void record(const pass *p, size_t chunk, fault_kind fault) {
  static float tables[2][lanes * vectors] __attribute__((aligned(64)));
  const rso_kernels *t = p->table;
  const rso_activation relu = {rso_relu, 0};
  const bool differs = chunk > 0;
  const size_t place = fault == a_place && chunk == chunks - 1 ? chunk - 1 : chunk;
  const size_t count = fault == a_size ? vectors + 1 : vectors;
  t->copy(p->in + chunk * size, count, p->own);
  t->affine(p->own, 1, vectors, fault == a_number && differs ? 3 : 2, -0.5f, relu, p->out + place * size, size);
  if (fault == a_kernel && differs)
    t->fill(0, vectors, p->out + place * size);
  else if (fault != a_count || !differs)
    t->add_affine(tables[fault == a_table && differs], vectors, 1, 0, p->out + place * size);
  if (fault == a_result) t->copy(p->own, vectors, tables[0]);
  if (fault == a_second_own) t->copy(p->own, vectors, p->second);
  const size_t valid = samples - chunk * lanes < lanes ? samples - chunk * lanes : lanes;
  t->moments(p->own, 2, 2, valid, 0, rso_session_sums(p->session) + chunk * quantities * RSO_FOLD);
}

// The sums of two planes of two pixels, as every table takes them.
static void expect(const float *in, size_t valid, double *folds) {
  double slots[quantities][RSO_FOLD] = {{0}};
  for (size_t s = 0; s < valid; s++)
    for (size_t plane = 0; plane < 2; plane++) {
      const float a = in[2 * plane * lanes + s], b = in[(2 * plane + 1) * lanes + s];
      const float aa = a * a, bb = b * b;
      slots[2 * plane][s % RSO_FOLD] += (a + b) + 0.0f;
      slots[2 * plane + 1][s % RSO_FOLD] += (aa + bb) + 0.0f;
    }
  for (size_t q = 0; q < quantities; q++) folds[q] = rso_fold(slots[q]);
}

static void run(size_t device, const char *options, uint64_t most_own, size_t launches, fault_kind fault,
                const char *reason) {
  char why[1024];
  rso_session *session = rso_session_open(device, options, most_own, why, sizeof why);
  if (!session) {
    fprintf(stderr, "lists: %s\n", why);
    faults++;
    return;
  }
  const size_t bytes = size * sizeof(float);
  const pass p = {.table = rso_session_table(), .session = session,
                  .in = rso_session_allocate(session, chunks * bytes, rso_memory_shared),
                  .own = rso_session_allocate(session, bytes, rso_memory_own),
                  .second = rso_session_allocate(session, bytes, rso_memory_own),
                  .out = rso_session_allocate(session, chunks * bytes, rso_memory_shared)};
  for (size_t i = 0; i < chunks * size; i++) p.in[i] = value(1, 0, i);
  rso_session_changed(session, p.in, chunks * bytes);
  double folds[chunks][quantities] = {{0}}, expected[quantities];
  rso_session_begin(session);
  record(&p, 0, fault);
  rso_session_repeat(session, 1);
  record(&p, 1, fault);
  rso_session_repeat(session, chunks - 1);
  record(&p, chunks - 1, fault);
  rso_session_run(session, 0, chunks, samples, quantities, folds[0]);
  rso_session_read(session, p.out, chunks * bytes);
  const char *error = rso_session_error(session);
  if (*reason) {
    check(strstr(error, reason), reason);
    check(rso_session_counted(session).launches == 0, "a pass with a fault was run");
  } else {
    check(*error == 0, error);
    check(rso_session_counted(session).launches == launches, "another number of launches");
    bool is_same = true;
    for (size_t i = 0; i < chunks * size; i++) is_same &= p.out[i] == fmaxf(fmaf(2, p.in[i], -0.5f), 0);
    check(is_same, "other values");
    for (size_t c = 0; c < chunks; c++) {
      expect(p.in + c * size, samples - c * lanes < lanes ? samples - c * lanes : lanes, expected);
      check(memcmp(expected, folds[c], sizeof expected) == 0, "other sums");
    }
    rso_session_free(session, p.out);
    check(rso_session_counted(session).allocated < rso_session_counted(session).peak, "memory is not freed");
  }
  rso_session_close(session);
}

int list_cases(size_t device, const char *options) {
  run(device, options, 0, 1, nothing, "");
  // Memory for one group, and for two.
  run(device, options, 1, chunks, nothing, "");
  run(device, options, 2 * (4096 + quantities * lanes * sizeof(float)), 3, nothing, "");
  run(device, options, 0, 0, a_number, "chunks differ in their numbers");
  run(device, options, 0, 0, a_kernel, "chunks differ in their kernels");
  run(device, options, 0, 0, a_count, "chunks differ in their kernels");
  run(device, options, 0, 0, a_table, "chunks differ in their tables");
  run(device, options, 0, 0, a_place, "chunks do not lie side by side");
  run(device, options, 0, 0, a_result, "a result has no place there");
  run(device, options, 0, 0, a_size, "a kernel goes beyond its memory");
  run(device, options, 0, 0, a_second_own, "work-groups have two memories of their own");
  return faults;
}
