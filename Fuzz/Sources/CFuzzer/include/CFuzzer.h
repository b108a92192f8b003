#ifndef PARLEY_CFUZZER_H
#define PARLEY_CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's entry for programs that bring their own `main`
/// (compiler-rt, `lib/fuzzer/FuzzerDriver.cpp`).
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

#endif
