// MPI as rso uses it. `make mpi` builds librso-mpi.so from rso_mpi.c with the compiler of an MPI
// library; rso loads it under a launcher alone. mpi.h is not included here: Swift sees plain C types.
#ifndef RSO_MPI_H
#define RSO_MPI_H

#include <stddef.h>

// Changes whenever this file does. The program refuses a shim of another number.
#define RSO_MPI_INTERFACE 2

typedef struct {
  int interface;
  // Begins MPI. Returns 0, or a number for `text`.
  int (*begin)(void);
  // `set` is 0 for all ranks, or a number from `divide`.
  int (*rank)(int set);
  int (*size)(int set);
  // Makes a set of the ranks that give the same `group`. All ranks call it together.
  int (*divide)(int group, int *set);
  // Gathers the part of every rank of the set; the part of rank r has counts[r] bytes and begins at starts[r].
  // This rank's part is in its place already.
  int (*gather)(int set, void *bytes, const int *counts, const int *starts);
  // Gives the bytes of rank `root` to all ranks of the set.
  int (*broadcast)(int set, void *bytes, int count, int root);
  // Waits for all ranks, and ends MPI.
  int (*end)(void);
  // Ends all ranks at once.
  void (*abort)(int status);
  // Writes the words for a failed call's number.
  void (*text)(int code, char *out, size_t room);
  // Writes the name of the MPI library.
  void (*library)(char *out, size_t room);
} rso_mpi;

// The one symbol that is looked up: `rso_mpi_table`.
typedef const rso_mpi *(*rso_mpi_lookup)(void);

#endif
