// The cases of bf16, which are compared with plain loops.

#ifndef RSO_PAIR_CASES_H
#define RSO_PAIR_CASES_H

#include "cases/cases.h"

void pair_cases(const rso_kernels *table, const case_report *report);

#endif
