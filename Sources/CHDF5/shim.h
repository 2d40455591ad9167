// Makes libhdf5 visible to Swift. Its constants are macros that call H5open(), which Swift cannot
// import, so each one used is given a function here.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H
#include <hdf5.h>

#endif
