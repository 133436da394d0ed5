#pragma once
// What the Glibc module hides from Swift: the GNU names, since it is built without _GNU_SOURCE.
#include <stddef.h>

/// Path of the program or shared object that this function was linked into; 0 on success, -1 if unknown or too long.
int stance_binary_path(char *_Nonnull buffer, size_t size);
