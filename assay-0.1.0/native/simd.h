// Vectors of one SIMD level, and functions on them.
//
// This and the other headers are compiled once for every level, with the level's own flags. All of
// it sits in an unnamed namespace and uses no library templates: a function that two levels shared
// would be linked once, perhaps with instructions that the processor does not have.

#ifndef ASSAY_SIMD_H
#define ASSAY_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if ASSAY_LEVEL > 0
#include <immintrin.h>
#endif

#define ASSAY_INLINE inline __attribute__((always_inline))

namespace {

#if ASSAY_LEVEL >= 2
constexpr int W = 16;  // lanes of a vector
constexpr int R = 6;   // rows of a tile: 6 rows of 4 vectors, 4 operands, and 4 registers to spare
#elif ASSAY_LEVEL == 1
constexpr int W = 8;
constexpr int R = 3;
#elif defined(__aarch64__)
constexpr int W = 4;
constexpr int R = 6;
#else
constexpr int W = 4;
constexpr int R = 3;
#endif

typedef float Floats __attribute__((vector_size(4 * W)));
typedef int32_t Ints __attribute__((vector_size(4 * W)));
typedef uint32_t Words __attribute__((vector_size(4 * W)));
typedef float LooseFloats __attribute__((vector_size(4 * W), aligned(4), may_alias));
typedef uint32_t LooseWords __attribute__((vector_size(4 * W), aligned(4), may_alias));

ASSAY_INLINE Floats load(const float* from) { return *(const LooseFloats*)from; }
ASSAY_INLINE void store(float* to, Floats value) { *(LooseFloats*)to = value; }
ASSAY_INLINE Words load(const uint32_t* from) { return *(const LooseWords*)from; }
ASSAY_INLINE void store(uint32_t* to, Words value) { *(LooseWords*)to = value; }

ASSAY_INLINE Floats fill(float value) { return value - Floats{}; }
ASSAY_INLINE Words fill(uint32_t value) { return value - Words{}; }

// The first `lanes` lanes, the others zero.
ASSAY_INLINE Floats load_part(const float* from, int lanes) {
  float part[W] = {};
  memcpy(part, from, sizeof(float) * lanes);
  return load(part);
}

ASSAY_INLINE void store_part(float* to, Floats value, int lanes) {
  float part[W];
  store(part, value);
  memcpy(to, part, sizeof(float) * lanes);
}

ASSAY_INLINE Floats load_lanes(const float* from, int lanes) {
  return lanes == W ? load(from) : load_part(from, lanes);
}

ASSAY_INLINE void store_lanes(float* to, Floats value, int lanes) {
  lanes == W ? store(to, value) : store_part(to, value, lanes);
}

// Zero in the lanes from `lanes` on, whatever stood there, NaN too.
ASSAY_INLINE Floats keep_lanes(Floats value, int lanes) {
  Ints index;
  for (int lane = 0; lane < W; lane++) index[lane] = lane;
  return (Floats)((Ints)value & (index < lanes));
}

// 1 / a for a in [1, inf], within 1e-7.
ASSAY_INLINE Floats reciprocal(Floats a) {
#if ASSAY_LEVEL >= 2
  Floats guess = (Floats)_mm512_rcp14_ps((__m512)a);
  return guess + guess * (1.0f - a * guess);  // one Newton step doubles its 14 bits
#else
  return 1.0f / a;
#endif
}

// 2^y, within 2e-7 relative, for y limited to [-126, 127]; a NaN stays one.
ASSAY_INLINE Floats power_of_two(Floats y) {
#if ASSAY_LEVEL >= 2
  // Of two operands one of which is a NaN, these give the second.
  y = (Floats)_mm512_max_ps((__m512)fill(-126.0f), (__m512)y);
  y = (Floats)_mm512_min_ps((__m512)fill(127.0f), (__m512)y);
#else
  // Comparisons with a NaN are false, so it passes both limits.
  y = y < -126.0f ? fill(-126.0f) : y;
  y = y > 127.0f ? fill(127.0f) : y;
#endif
  // Adding 1.5 * 2^23 rounds to an integer and leaves it, with the exponent's bias, in the low bits.
  const float shift = 12582912.0f + 127.0f;
  Floats shifted = y + shift;
  Floats scale = (Floats)((Words)shifted << 23);
  Floats r = y - (shifted - shift);
  // Minimax of relative error on [-1/2, 1/2], exact at 0, so that tanh(0) = 0.
  Floats p = fill(0.00132647273f);
  p = p * r + 0.00967151279f;
  p = p * r + 0.0555073374f;
  p = p * r + 0.240222421f;
  p = p * r + 0.693146978f;
  p = p * r + 1.0f;
  return p * scale;
}

constexpr float LOG2_E = 1.44269504f;

// 1 / (1 + e^-a) within 2e-7.
ASSAY_INLINE Floats sigmoid(Floats a) { return reciprocal(1.0f + power_of_two(a * -LOG2_E)); }

// 1 - 2 / (1 + e^2a) within 3e-7.
ASSAY_INLINE Floats tanh(Floats a) {
  return 1.0f - 2.0f * reciprocal(1.0f + power_of_two(a * (2 * LOG2_E)));
}

}  // namespace

#endif
