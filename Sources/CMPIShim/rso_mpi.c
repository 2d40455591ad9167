// Built by `make mpi` with mpicc, apart from the program; see rso_mpi.h.

#define _GNU_SOURCE
#include "rso_mpi.h"

#include <mpi.h>
#include <sched.h>
#include <string.h>
#include <time.h>

static MPI_Comm ranks = MPI_COMM_NULL;

static int begin(void) {
  int provided = 0;
  int code = MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &provided);
  if (code == MPI_SUCCESS) code = MPI_Comm_dup(MPI_COMM_WORLD, &ranks);
  if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(ranks, MPI_ERRORS_RETURN);
  return code;
}

static int rank(void) {
  int number = -1;
  MPI_Comm_rank(ranks, &number);
  return number;
}

static int size(void) {
  int count = -1;
  MPI_Comm_size(ranks, &count);
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

static int gather(void *bytes, const int *counts, const int *starts) {
  MPI_Request request;
  int code = MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, bytes, counts, starts, MPI_BYTE,
                             ranks, &request);
  return code == MPI_SUCCESS ? await(&request) : code;
}

static int broadcast(void *bytes, int count, int root) {
  MPI_Request request;
  int code = MPI_Ibcast(bytes, count, MPI_BYTE, root, ranks, &request);
  return code == MPI_SUCCESS ? await(&request) : code;
}

static int end(void) {
  MPI_Request request;
  int code = MPI_Ibarrier(ranks, &request);
  if (code == MPI_SUCCESS) code = await(&request);
  if (code == MPI_SUCCESS) code = MPI_Comm_free(&ranks);
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
      RSO_MPI_INTERFACE, begin, rank, size, gather, broadcast, end, abort_all, text, library};
  return &table;
}
