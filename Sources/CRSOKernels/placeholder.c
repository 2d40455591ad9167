#include "rso_kernels.h"
