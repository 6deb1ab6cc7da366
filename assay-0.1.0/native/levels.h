// What level.cpp defines for each SIMD level.

#ifndef ASSAY_LEVELS_H
#define ASSAY_LEVELS_H

#include "linear.h"
#include "lstm.h"

struct Level {
  int64_t (*tape_floats)(const AssayLstm&);
  int64_t (*workspace_bytes)(const AssayLstm&);
  void (*forward)(const AssayLstm&);
  void (*backward)(const AssayLstm&);
  int64_t (*linear_workspace_bytes)(const AssayLinear&);
  void (*linear_forward)(const AssayLinear&);
  void (*linear_backward)(const AssayLinear&);
  float (*multiply)(int64_t precision, int64_t rounds);
  int64_t operations;  // of one round of `multiply` in float32
};

extern const Level assay_level_0;
#if defined(__x86_64__)
extern const Level assay_level_1, assay_level_2, assay_level_3;
#endif

#endif
