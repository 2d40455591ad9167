// The arguments of the process, as the C library passes them to what runs before main.
//
// Swift's CommandLine reads /proc/self/cmdline on Linux, and is empty where /proc is not mounted.
#ifndef RSO_ARGUMENTS_H
#define RSO_ARGUMENTS_H

// The number of arguments, the program's name counted; 0 where the C library passes none.
int rso_argument_count(void);

// The argument at an index from 0 to the count, which gives NULL.
const char *rso_argument(int index);

#endif
