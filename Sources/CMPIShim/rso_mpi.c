// Built by `make mpi` with mpicc, apart from the program; see rso_mpi.h.

#define _GNU_SOURCE
#include "rso_mpi.h"

#include <mpi.h>
#include <sched.h>
#include <string.h>
#include <time.h>

// All ranks, and the group of this one once they are divided.
enum { MOST_SETS = 8 };
static MPI_Comm sets[MOST_SETS];
static int set_count = 0;

static int begin(void) {
  int provided = 0;
  int code = MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &provided);
  if (code == MPI_SUCCESS) code = MPI_Comm_dup(MPI_COMM_WORLD, &sets[0]);
  if (code == MPI_SUCCESS) set_count = 1;
  if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(sets[0], MPI_ERRORS_RETURN);
  return code;
}

static int divide(int group, int *set) {
  if (set_count == MOST_SETS) return MPI_ERR_OTHER;
  int code = MPI_Comm_split(sets[0], group, 0, &sets[set_count]);
  if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(sets[set_count], MPI_ERRORS_RETURN);
  if (code == MPI_SUCCESS) *set = set_count++;
  return code;
}

static int rank(int set) {
  int number = -1;
  MPI_Comm_rank(sets[set], &number);
  return number;
}

static int size(int set) {
  int count = -1;
  MPI_Comm_size(sets[set], &count);
  return count;
}

// MPI's own wait spins. Where several ranks share a core, each would spin away the time that the others
// need, and a message takes 8 ms instead of 20 us. This one looks, then offers its core to others, then
// sleeps.
static int await(MPI_Request *request) {
  for (int looks = 0;; looks++) {
    int done = 0;
    int code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS || done) return code;
    if (looks >= 20000) {
      const struct timespec pause = {0, 50000};
      nanosleep(&pause, 0);
    } else if (looks >= 50) {
      sched_yield();
    }
  }
}

static int gather(int set, void *bytes, const int *counts, const int *starts) {
  MPI_Request request;
  int code = MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, bytes, counts, starts, MPI_BYTE,
                             sets[set], &request);
  return code == MPI_SUCCESS ? await(&request) : code;
}

static int broadcast(int set, void *bytes, int count, int root) {
  MPI_Request request;
  int code = MPI_Ibcast(bytes, count, MPI_BYTE, root, sets[set], &request);
  return code == MPI_SUCCESS ? await(&request) : code;
}

static int end(void) {
  MPI_Request request;
  int code = MPI_Ibarrier(sets[0], &request);
  if (code == MPI_SUCCESS) code = await(&request);
  while (code == MPI_SUCCESS && set_count > 0) code = MPI_Comm_free(&sets[--set_count]);
  return code == MPI_SUCCESS ? MPI_Finalize() : code;
}

static void abort_all(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

static void copy(const char *text, char *out, size_t room) {
  strncpy(out, text, room - 1);
  out[room - 1] = 0;
}

static void text(int code, char *out, size_t room) {
  char words[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, words, &length);
  copy(words, out, room);
}

static void library(char *out, size_t room) {
  char words[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  MPI_Get_library_version(words, &length);
  words[strcspn(words, "\n")] = 0;
  for (char *tab = words; (tab = strchr(tab, '\t'));) *tab = ' ';
  copy(words, out, room);
}

const rso_mpi *rso_mpi_table(void) {
  static const rso_mpi table = {
      RSO_MPI_INTERFACE, begin, rank, size, divide, gather, broadcast, end, abort_all, text, library};
  return &table;
}
