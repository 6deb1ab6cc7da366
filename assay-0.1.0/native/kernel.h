// What both parts of the native kernel share in their C interfaces: precisions and SIMD levels.

#ifndef ASSAY_KERNEL_H
#define ASSAY_KERNEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum { ASSAY_FLOAT32 = 0, ASSAY_BFLOAT16 = 1 };  // the operands of products
enum { ASSAY_PORTABLE = 0, ASSAY_AVX2 = 1, ASSAY_AVX512 = 2, ASSAY_AVX512_BF16 = 3 };

// The best level that this processor has, and whether it has a given one.
int64_t assay_best_level(void);
int64_t assay_has_level(int64_t level);

// Operations a nanosecond, 2 each multiply-add, of products that need no memory: the limit of one
// core at a level, the best of some short trials.
double assay_fma_peak(int64_t level, int64_t precision);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
