// Any processor.
#define TABLE rso_analysis_generic
#define TABLE_NAME "generic"
#include "body.h"
