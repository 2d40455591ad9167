// An objective for rso train --objective ./cross_entropy: the mean cross entropy of classes.
//
//     cc -O2 -o cross_entropy cross_entropy.c -lm
//
// Change `objective` to compute another number from the outputs. Lower is better: return a score or
// reward with its sign turned round. rso-objective(5) describes the messages. All numbers in them are
// little-endian, as on most machines.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *reason) {
  fprintf(stderr, "cross_entropy: %s\n", reason);
  exit(1);
}

// Reads exactly `size` bytes; ends the program when rso has closed its side.
static void get(void *bytes, size_t size) {
  size_t count = fread(bytes, 1, size, stdin);
  if (count == 0 && size > 0) exit(0);
  if (count < size) fail("a message ends in the middle");
}

static void put(const void *bytes, size_t size) {
  if (fwrite(bytes, 1, size, stdout) < size) fail("cannot write");
}

static void *room(size_t size) {
  void *bytes = malloc(size ? size : 1);
  if (!bytes) fail("no memory");
  return bytes;
}

// The objective of one candidate. logits: samples x outputs.
static double objective(const float *logits, const int32_t *classes, uint32_t samples,
                        uint32_t outputs) {
  double total = 0;
  for (uint32_t sample = 0; sample < samples; sample++) {
    const float *row = logits + (size_t)sample * outputs;
    double largest = row[0], sum = 0;
    for (uint32_t k = 1; k < outputs; k++) largest = row[k] > largest ? row[k] : largest;
    for (uint32_t k = 0; k < outputs; k++) sum += exp(row[k] - largest);
    total += largest + log(sum) - row[classes[sample]];
  }
  return total / samples;
}

int main(void) {
  struct {
    char magic[8];
    uint32_t version, size, task, outputs, target_type, text;
  } hello;
  get(&hello, sizeof hello);
  if (memcmp(hello.magic, "rso-obj\n", 8) || hello.version != 1)
    fail("not version 1 of the protocol");
  if (hello.task != 0) fail("expected samples with classes");
  char *rest = room(hello.size - sizeof hello);
  get(rest, hello.size - sizeof hello);
  free(rest);
  uint32_t version = 1, zero = 0;
  put("rso-obj\n", 8);
  put(&version, 4);
  put(&zero, 4);
  fflush(stdout);

  int32_t **targets = NULL;
  uint32_t known = 0;
  float *logits = NULL;
  for (;;) {
    struct {
      uint32_t kind, number, samples, candidates;
      uint64_t size;
    } request;
    get(&request, sizeof request);
    if (request.kind == 1) {
      if (request.number >= known) {
        targets = realloc(targets, (request.number + 1) * sizeof *targets);
        if (!targets) fail("no memory");
        while (known <= request.number) targets[known++] = NULL;
      }
      free(targets[request.number]);
      targets[request.number] = room(request.size);
      get(targets[request.number], request.size);
      continue;
    }
    size_t bytes = (size_t)request.samples * hello.outputs * sizeof *logits;
    logits = realloc(logits, bytes);
    if (!logits) fail("no memory");
    for (uint32_t candidate = 0; candidate < request.candidates; candidate++) {
      get(logits, bytes);
      double value = objective(logits, targets[request.number], request.samples, hello.outputs);
      put(&value, sizeof value);
    }
    fflush(stdout);
  }
}
