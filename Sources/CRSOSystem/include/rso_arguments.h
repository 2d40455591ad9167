// The arguments of the process. A constructor, which glibc calls before main, stores them.
//
// Swift's CommandLine is not enough: on Linux it reads /proc/self/cmdline, and it is empty if /proc
// is not mounted.
#ifndef RSO_ARGUMENTS_H
#define RSO_ARGUMENTS_H

// Returns the number of arguments, including the program's name; 0 if the C library passes none.
int rso_argument_count(void);

// Returns the argument at `index`, counted from 0; NULL from the count on.
const char *rso_argument(int index);

#endif
