// The two precisions of a product's operands, and the tile that every product is made of.
//
// Operands are arrays of 32-bit words. In float32 a word is one number. In bfloat16 it is two
// numbers that are neighbours in the sum, low half first; sums are float32 in both.

#ifndef ASSAY_PRODUCT_H
#define ASSAY_PRODUCT_H

#include "simd.h"

namespace {

struct Float32 {
  typedef float Word;
  static constexpr int PER_WORD = 1;

  static ASSAY_INLINE Floats add_product(Floats sum, Floats a, Floats b) { return sum + a * b; }
};

struct Bfloat16 {
  typedef uint32_t Word;
  static constexpr int PER_WORD = 2;

#if ASSAY_LEVEL >= 3
  static ASSAY_INLINE Floats add_product(Floats sum, Words a, Words b) {
    return (Floats)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
  }

  // Words of two vectors: low and high in the same lane.
  static ASSAY_INLINE Words pair(Floats low, Floats high) {
    static const uint16_t order[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                       8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    __m512i both = (__m512i)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low);
    return (Words)_mm512_permutexvar_epi16(_mm512_loadu_si512(order), both);
  }
#else
  static ASSAY_INLINE Floats add_product(Floats sum, Words a, Words b) {
    sum += (Floats)(a << 16) * (Floats)(b << 16);
    return sum + (Floats)(a & 0xffff0000u) * (Floats)(b & 0xffff0000u);
  }

  static ASSAY_INLINE Words pair(Floats low, Floats high) {
    return (rounded(low) >> 16) | (rounded(high) & 0xffff0000u);
  }

  // To nearest, ties to even, in the upper half of each lane; a NaN is kept from becoming infinite.
  static ASSAY_INLINE Words rounded(Floats a) {
    Words bits = (Words)a;
    Words nearest = bits + 0x7fffu + ((bits >> 16) & 1u);
    return a == a ? nearest : (bits | 0x400000u);
  }
#endif

  static ASSAY_INLINE uint32_t pair(float low, float high) { return pair(fill(low), fill(high))[0]; }
};

enum Reading { ALONG_ROWS, ALONG_COLUMNS };

// sums (rows, 4 vectors) += a b over `steps` words of the sum, b (steps, 4 vectors) contiguous.
// ALONG_ROWS takes a as (rows, steps) with `stride` words a row, ALONG_COLUMNS as (steps, rows)
// with `stride` words a step.
template <class P, Reading READING, int ROWS>
ASSAY_INLINE void add_product(Floats (&sums)[ROWS][4], const typename P::Word* a, ptrdiff_t stride,
                              const typename P::Word* b, ptrdiff_t steps) {
  for (ptrdiff_t step = 0; step < steps; step++) {
    auto b0 = load(b), b1 = load(b + W), b2 = load(b + 2 * W), b3 = load(b + 3 * W);
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
      auto each = fill(a[READING == ALONG_ROWS ? row * stride : row]);
      sums[row][0] = P::add_product(sums[row][0], each, b0);
      sums[row][1] = P::add_product(sums[row][1], each, b1);
      sums[row][2] = P::add_product(sums[row][2], each, b2);
      sums[row][3] = P::add_product(sums[row][3], each, b3);
    }
    a += READING == ALONG_ROWS ? 1 : stride;
    b += 4 * W;
  }
}

// Calls visit.operator()<ROWS>() for the number of rows, 1 to R, that is known at run time alone.
template <int ROWS = R, class Visit>
ASSAY_INLINE void with_rows(int rows, const Visit& visit) {
  if (rows == ROWS) {
    visit.template run<ROWS>();
  } else if constexpr (ROWS > 1) {
    with_rows<ROWS - 1>(rows, visit);
  }
}

}  // namespace

#endif
