// The C interface: chooses the level, and flushes denormals for the length of a call.

#include <time.h>

#include "levels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

// Denormal numbers can slow a recurrent network many times over. The setting is the thread's, and
// threads differ in it, so the kernel has its own: numbers do not depend on who calls.
class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : before(_mm_getcsr()) { _mm_setcsr(before | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(before); }

 private:
  unsigned before;
#elif defined(__aarch64__)
  FlushDenormals() {
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" ::"r"(before | (1ull << 24)));
  }
  ~FlushDenormals() { __asm__ volatile("msr fpcr, %0" ::"r"(before)); }

 private:
  uint64_t before;
#endif
};

const Level& level_of(int64_t level) {
#if defined(__x86_64__)
  const Level* all[] = {&assay_level_0, &assay_level_1, &assay_level_2, &assay_level_3};
  return *all[level];
#else
  return (void)level, assay_level_0;
#endif
}

}  // namespace

int64_t assay_has_level(int64_t level) {
  if (level == ASSAY_PORTABLE) return 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  if (level == ASSAY_AVX2) return avx2;
  if (level == ASSAY_AVX512) return avx512;
  if (level == ASSAY_AVX512_BF16) return avx512 && __builtin_cpu_supports("avx512bf16");
#endif
  return 0;
}

int64_t assay_best_level(void) {
  int64_t level = ASSAY_AVX512_BF16;
  while (!assay_has_level(level)) level--;
  return level;
}

int64_t assay_tape_floats(const AssayLstm* lstm) {
  return level_of(lstm->level).tape_floats(*lstm);
}

int64_t assay_workspace_bytes(const AssayLstm* lstm) {
  return level_of(lstm->level).workspace_bytes(*lstm);
}

void assay_lstm_forward(const AssayLstm* lstm) {
  const FlushDenormals flush;
  level_of(lstm->level).forward(*lstm);
}

void assay_lstm_backward(const AssayLstm* lstm) {
  const FlushDenormals flush;
  level_of(lstm->level).backward(*lstm);
}

int64_t assay_linear_workspace_bytes(const AssayLinear* linear) {
  return level_of(linear->level).linear_workspace_bytes(*linear);
}

void assay_linear_forward(const AssayLinear* linear) {
  const FlushDenormals flush;
  level_of(linear->level).linear_forward(*linear);
}

void assay_linear_backward(const AssayLinear* linear) {
  const FlushDenormals flush;
  level_of(linear->level).linear_backward(*linear);
}

double assay_fma_peak(int64_t level, int64_t precision) {
  const int trials = 20, rounds = 20000;
  const Level& chosen = level_of(level);
  double best = 0;
  for (int trial = 0; trial < trials; trial++) {
    timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    volatile float result = chosen.multiply(precision, rounds);
    (void)result;
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double nanoseconds =
        (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
    const double operations = (double)chosen.operations * (precision == ASSAY_BFLOAT16 ? 2 : 1);
    best = operations * rounds / nanoseconds > best ? operations * rounds / nanoseconds : best;
  }
  return best;
}
