// How the matrices of a fully connected layer become the operands of products.
//
// A product's sum goes over words (product.h). In bfloat16 its terms k and k + W are a word's low and
// high half, in blocks of 2 W terms, so that a row is packed by whole vectors; in float32 a term is a
// word. The left operand is rows, or columns, of words; the right one a panel: 4 vectors a word.

#ifndef ASSAY_PANEL_H
#define ASSAY_PANEL_H

#include "parts.h"
#include "product.h"

namespace {

constexpr int64_t PANEL = 4 * W;  // numbers of a word of a panel

template <class P>
constexpr int64_t words_of(int64_t terms) {
  return P::PER_WORD == 1 ? terms : up_to(terms, 2 * W) / 2;
}

// The next W numbers of which `left` are there; zero beyond.
ASSAY_INLINE Floats load_left(const float* from, int64_t left) {
  return left >= W ? load(from) : left > 0 ? load_part(from, (int)left) : Floats{};
}

ASSAY_INLINE void store_left(float* to, Floats value, int64_t left) {
  if (left >= W)
    store(to, value);
  else if (left > 0)
    store_part(to, value, (int)left);
}

// A vector of words from a row's next numbers, of which `left` are there.
template <class P>
ASSAY_INLINE Words row_words(const float* from, int64_t left) {
  if constexpr (P::PER_WORD == 1) {
    return (Words)load_left(from, left);
  } else {
    return Bfloat16::pair(load_left(from, left), left > W ? load_left(from + W, left - W) : Floats{});
  }
}

// The left operand of a product; a row's words are neighbours, or a column's `stride` apart.
template <class P>
struct Operand {
  const typename P::Word* words;
  int64_t stride;
};

// Rows (rows, terms) with the sum along them; float32 stays where it is.
ASSAY_INLINE Operand<Float32> pack_rows(const float* from, int64_t, int64_t terms, float*) {
  return {from, terms};
}

ASSAY_INLINE Operand<Bfloat16> pack_rows(const float* from, int64_t rows, int64_t terms,
                                         uint32_t* to) {
  const int64_t words = words_of<Bfloat16>(terms);
  for (int64_t row = 0; row < rows; row++)
    for (int64_t word = 0; word < words; word += W)
      store(to + row * words + word,
            row_words<Bfloat16>(from + row * terms + 2 * word, terms - 2 * word));
  return {to, words};
}

// A word's terms of W columns in rows that are `stride` apart; `at` is the first of them.
ASSAY_INLINE Words column_words(const float* at, int64_t word, int64_t terms, int64_t stride,
                                int64_t left) {
  const int64_t low = word / W * 2 * W + word % W, high = low + W;
  return Bfloat16::pair(low < terms ? load_left(at + low * stride, left) : Floats{},
                        high < terms ? load_left(at + high * stride, left) : Floats{});
}

// Columns of (terms, columns) with the sum along them; float32 stays where it is.
ASSAY_INLINE Operand<Float32> pack_columns(const float* from, int64_t, int64_t columns, float*) {
  return {from, columns};
}

ASSAY_INLINE Operand<Bfloat16> pack_columns(const float* from, int64_t terms, int64_t columns,
                                            uint32_t* to) {
  const int64_t words = words_of<Bfloat16>(terms), stride = up_to(columns, W);
  for (int64_t word = 0; word < words; word++)
    for (int64_t column = 0; column < columns; column += W)
      store(to + word * stride + column,
            column_words(from + column, word, terms, columns, columns - column));
  return {to, stride};
}

// A panel of PANEL columns of (terms, stride), of which `left` are there, with the sum along them.
template <class P>
void pack_panel(const float* from, int64_t terms, int64_t stride, int64_t left,
                typename P::Word* to) {
  for (int64_t word = 0; word < words_of<P>(terms); word++, to += PANEL) {
#pragma GCC unroll 4
    for (int part = 0; part < 4; part++) {
      const int64_t column = part * W;
      if constexpr (P::PER_WORD == 1) {
        store(to + column, column < left ? load_left(from + word * stride + column, left - column)
                                         : Floats{});
      } else {
        store(to + column, column < left ? column_words(from + column, word, terms, stride,
                                                        left - column)
                                         : Words{});
      }
    }
  }
}

// a[0] b[0] a[1] b[1] ... of the lower halves, and of the upper ones.
ASSAY_INLINE void interleave(Words a, Words b, Words& lower, Words& upper) {
#if ASSAY_LEVEL >= 2
  static const uint32_t low[16] = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
  const __m512i order = _mm512_loadu_si512(low), next = _mm512_set1_epi32(8);
  lower = (Words)_mm512_permutex2var_epi32((__m512i)a, order, (__m512i)b);
  upper = (Words)_mm512_permutex2var_epi32((__m512i)a, _mm512_add_epi32(order, next), (__m512i)b);
#elif ASSAY_LEVEL == 1
  const __m256i even = _mm256_unpacklo_epi32((__m256i)a, (__m256i)b);
  const __m256i odd = _mm256_unpackhi_epi32((__m256i)a, (__m256i)b);
  lower = (Words)_mm256_permute2x128_si256(even, odd, 0x20);
  upper = (Words)_mm256_permute2x128_si256(even, odd, 0x31);
#else
  lower = Words{a[0], b[0], a[1], b[1]};
  upper = Words{a[2], b[2], a[3], b[3]};
#endif
}

// W vectors of W words, transposed: after log2(W) times that the halves are interleaved.
ASSAY_INLINE void transpose(Words (&rows)[W]) {
#pragma GCC unroll 4
  for (int round = 1; round < W; round *= 2) {
    Words next[W];
#pragma GCC unroll 8
    for (int row = 0; row < W / 2; row++)
      interleave(rows[row], rows[row + W / 2], next[2 * row], next[2 * row + 1]);
#pragma GCC unroll 16
    for (int row = 0; row < W; row++) rows[row] = next[row];
  }
}

// A panel whose columns are `rows`, at most PANEL, rows of (rows, terms), the sum along them.
template <class P>
void pack_transposed(const float* from, int64_t rows, int64_t terms, typename P::Word* to) {
  const int64_t words = words_of<P>(terms);
  for (int64_t word = 0; word < words; word += W)
    for (int64_t first = 0; first < PANEL; first += W) {
      const int64_t term = word * P::PER_WORD, size = words - word < W ? words - word : W;
      Words block[W];
#pragma GCC unroll 16
      for (int64_t row = 0; row < W; row++)
        block[row] = first + row < rows
                         ? row_words<P>(from + (first + row) * terms + term, terms - term)
                         : Words{};
      transpose(block);
      for (int64_t row = 0; row < size; row++)
        store((uint32_t*)to + (word + row) * PANEL + first, block[row]);
    }
}

// The other way: (columns, PANEL) numbers become `rows` rows of (rows, columns), changed on the way.
template <class Change>
ASSAY_INLINE void unpack_transposed(const float* from, int64_t rows, int64_t columns, float* to,
                                    const Change& change) {
  for (int64_t first = 0; first < rows; first += W)
    for (int64_t column = 0; column < columns; column += W) {
      const int64_t left = columns - column, size = rows - first < W ? rows - first : W;
      Words block[W];
#pragma GCC unroll 16
      for (int64_t row = 0; row < W; row++)
        block[row] = row < left ? (Words)load(from + (column + row) * PANEL + first) : Words{};
      transpose(block);
      for (int64_t row = 0; row < size; row++)
        store_left(to + (first + row) * columns + column, change((Floats)block[row]), left);
    }
}

}  // namespace

#endif
