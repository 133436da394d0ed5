#include "CInference.h"
const char *stance_runtime_version(void) { return ""; }
