#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own entry, for a program that keeps its own main: https://llvm.org/docs/LibFuzzer.html
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *bytes, size_t count));
