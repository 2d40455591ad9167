// Makes one file system call of a program fail: loaded into it with LD_PRELOAD.
//
// Counts the calls that concern RSO_FAULT_FOLDER and what is in it. The call with the number RSO_FAULT_AT
// (from 1), or with RSO_FAULT_EVER=1 that one and all later ones of the same function, fails with
// errno RSO_FAULT_ERROR; a number of 0 there makes a write or read do half of what it is asked.
// EINTR "for ever" hits every second call, for a call that is always interrupted never ends at all.
// With RSO_FAULT_LOG each call's function is written to that file.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *folder, *function;
static int at, code, ever, count, log_file = -1, odd;

__attribute__((constructor)) static void begin(void) {
  const char *word;
  folder = getenv("RSO_FAULT_FOLDER");
  at = (word = getenv("RSO_FAULT_AT")) ? atoi(word) : 0;
  code = (word = getenv("RSO_FAULT_ERROR")) ? atoi(word) : 0;
  ever = getenv("RSO_FAULT_EVER") != NULL;
  if ((word = getenv("RSO_FAULT_LOG")))
    log_file = REAL(open)(word, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  // What it starts is another program.
  unsetenv("LD_PRELOAD");
}

static int is_below(const char *path) {
  size_t length = strlen(folder);
  return !strncmp(path, folder, length) && (path[length] == '/' || path[length] == 0);
}

static int below(int descriptor, const char *path) {
  char place[64], found[4096];
  if (!folder) return 0;
  if (path && path[0] == '/') return is_below(path);
  snprintf(place, sizeof place, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(place, found, sizeof found - 1);
  if (length < 0) return 0;
  found[length] = 0;
  return is_below(found);
}

// Whether this call is to fail.
static int fails(const char *name, int descriptor, const char *path) {
  int kept = errno;
  int concerned = below(descriptor, path);
  errno = kept;
  if (!concerned) return 0;
  count++;
  if (log_file >= 0) dprintf(log_file, "%s\n", name);
  if (count == at) function = name;
  if (at == 0 || count < at || (count > at && (!ever || strcmp(name, function)))) return 0;
  if (!code && strcmp(name, "read") && strcmp(name, "write")) return 0;
  if (code == EINTR && ever && odd++ % 2) return 0;
  if (code) errno = code;
  return 1;
}

static mode_t mode_of(int flags, va_list rest) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = mode_of(flags, rest); \
    va_end(rest); \
    return fails("open", AT_FDCWD, path) ? -1 : REAL(name)(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = mode_of(flags, rest); \
    va_end(rest); \
    return fails("openat", directory, path) ? -1 : REAL(name)(directory, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int descriptor, const void *bytes, size_t size) {
  if (!fails("write", descriptor, NULL)) return REAL(write)(descriptor, bytes, size);
  return code ? -1 : REAL(write)(descriptor, bytes, size > 1 ? size / 2 : size);
}

ssize_t read(int descriptor, void *bytes, size_t size) {
  if (!fails("read", descriptor, NULL)) return REAL(read)(descriptor, bytes, size);
  return code ? -1 : REAL(read)(descriptor, bytes, size > 1 ? size / 2 : size);
}

int fsync(int descriptor) {
  return fails("fsync", descriptor, NULL) ? -1 : REAL(fsync)(descriptor);
}

// Linux frees the descriptor whatever it reports.
int close(int descriptor) {
  if (!fails("close", descriptor, NULL)) return REAL(close)(descriptor);
  int kept = errno;
  REAL(close)(descriptor);
  errno = kept;
  return -1;
}

int renameat(int from, const char *old, int to, const char *new) {
  return fails("renameat", to, new) ? -1 : REAL(renameat)(from, old, to, new);
}

int rename(const char *old, const char *new) {
  return fails("rename", AT_FDCWD, new) ? -1 : REAL(rename)(old, new);
}

int unlinkat(int directory, const char *path, int flags) {
  return fails("unlinkat", directory, path) ? -1 : REAL(unlinkat)(directory, path, flags);
}

int unlink(const char *path) {
  return fails("unlink", AT_FDCWD, path) ? -1 : REAL(unlink)(path);
}

int fstatvfs(int descriptor, struct statvfs *status) {
  return fails("fstatvfs", descriptor, NULL) ? -1 : REAL(fstatvfs)(descriptor, status);
}

// Tells by its result, not by errno.
int posix_fadvise(int descriptor, off_t start, off_t length, int advice) {
  return fails("posix_fadvise", descriptor, NULL)
      ? code : REAL(posix_fadvise)(descriptor, start, length, advice);
}
