#include "include/rso_devices.h"

#include <stdlib.h>
#include <string.h>

// The text is part of the program, because a driver compiles it on the machine where the program runs.
typedef struct {
  // As `#include` names it.
  const char *name, *text;
} file;

#pragma clang diagnostic ignored "-Wc23-extensions"
#define TEXT(name) static const char name[]
TEXT(entries) = {
#embed "kernels.cl"
    , 0};
TEXT(declarations) = {
#embed "../CRSOKernels/include/rso_kernels.h"
    , 0};
TEXT(vectors) = {
#embed "../CRSOKernels/vectors.h"
    , 0};
TEXT(body) = {
#embed "../CRSOKernels/body.h"
    , 0};
TEXT(convolve) = {
#embed "../CRSOKernels/convolve.h"
    , 0};
TEXT(winograd) = {
#embed "../CRSOKernels/winograd.h"
    , 0};
TEXT(operations) = {
#embed "operations.h"
    , 0};
static const file files[] = {{"include/rso_kernels.h", declarations},
                             {"vectors.h", vectors},
                             {"operations.h", operations},
                             {"body.h", body},
                             {"convolve.h", convolve},
                             {"winograd.h", winograd}};

static const char *text_of(const char *name, size_t length) {
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (strlen(files[i].name) == length && memcmp(files[i].name, name, length) == 0)
      return files[i].text;
  return "";
}

// Writes a text, with the files that it includes in place of its `#include` lines. Returns the length. `out`
// may be null.
static size_t expand(const char *text, char *out) {
  static const char include[] = "#include \"";
  size_t length = 0;
  while (*text) {
    const char *end = strchr(text, '\n');
    const size_t line = end ? (size_t)(end - text) + 1 : strlen(text);
    if (strncmp(text, include, sizeof include - 1) == 0) {
      const char *name = text + sizeof include - 1;
      length += expand(text_of(name, strcspn(name, "\"\n")), out ? out + length : 0);
    } else {
      if (out) memcpy(out + length, text, line);
      length += line;
    }
    text += line;
  }
  return length;
}

char *rso_device_source(void) {
  const size_t length = expand(entries, 0);
  char *source = malloc(length + 1);
  if (source) source[expand(entries, source)] = 0;
  return source;
}
