// The three products of a fully connected layer, each made of one tile:
//
//     a' = W x' + b'     rows of W by a panel of the batch, up to PANEL samples, transposed
//     dx = da W          rows of da by panels of W's columns
//     dW = da' x         columns of da by panels of x's columns, the sum over the batch
//
// So W and its gradient stay as they are, row-major, and only panels are packed: of the batch, or
// PANEL columns at a time.

#ifndef ASSAY_LINEAR_PRODUCTS_H
#define ASSAY_LINEAR_PRODUCTS_H

#include "activation.h"
#include "panel.h"

namespace {

// Words of a product between two looks ahead.
constexpr int64_t STRETCH = 32;

template <class P>
struct LinearWorkspace {
  typedef typename P::Word Word;
  Word *panel, *operand;
  float* transposed;  // a', (O, PANEL)
  float* da;          // (N, O)

  LinearWorkspace(const AssayLinear& linear, Workspace& from, bool back) {
    const int64_t N = linear.N, I = linear.I, O = linear.O;
    const int64_t terms = !back ? I : N > O ? N : O;
    panel = from.take<Word>(up_to(words_of<P>(terms), W) * PANEL);
    const int64_t rows = back ? N * words_of<P>(O) : R * words_of<P>(I);
    const int64_t columns = back ? words_of<P>(N) * up_to(O, W) : 0;
    operand = from.take<Word>(P::PER_WORD == 1 ? 0 : rows > columns ? rows : columns);
    transposed = from.take<float>(back ? 0 : O * PANEL);
    da = from.take<float>(back && linear.activation != ASSAY_IDENTITY ? N * O : 0);
  }
};

// Memory that is wanted next: `count` pieces of PANEL numbers, `stride` numbers apart.
struct Ahead {
  const float* from;
  int64_t stride, count;

  // Those that a share of the work, from `done` to `end` of `all`, should ask for.
  template <bool WRITTEN>
  ASSAY_INLINE void fetch(int64_t done, int64_t end, int64_t all) const {
    for (int64_t piece = count * done / all; piece < count * end / all; piece++)
      for (int64_t at = 0; at < PANEL; at += LINE)
        __builtin_prefetch(from + piece * stride + at, WRITTEN, WRITTEN ? 3 : 2);
  }
};

template <class P, Reading READING>
struct LinearTile {
  Operand<P> operand;  // from the tile's first row on
  const typename P::Word* panel;
  int64_t words;
  const float* start;  // of the sums, by row; null for zero
  float* to;
  int64_t stride, left;  // of `to`: between rows, and columns that are there
  Ahead ahead;           // where results will be written if the tile reads columns

  template <int ROWS>
  ASSAY_INLINE void run() const {
    Floats sums[ROWS][4];
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
#pragma GCC unroll 4
      for (int part = 0; part < 4; part++) sums[row][part] = fill(start ? start[row] : 0.0f);
    }
    for (int64_t done = 0; done < words; done += STRETCH) {
      const int64_t end = done + STRETCH < words ? done + STRETCH : words;
      ahead.fetch<READING == ALONG_COLUMNS>(done, end, words);
      add_product<P, READING, ROWS>(
          sums, operand.words + (READING == ALONG_ROWS ? done : done * operand.stride),
          operand.stride, panel + done * PANEL, end - done);
    }
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
#pragma GCC unroll 4
      for (int part = 0; part < 4; part++)
        store_left(to + row * stride + part * W, sums[row][part], left - part * W);
    }
  }
};

template <class P, Reading READING>
__attribute__((noinline)) void run_linear_tile(const LinearTile<P, READING>& tile, int rows) {
  with_rows(rows, tile);
}

template <class P>
void linear_forward(const AssayLinear& linear) {
  Workspace from(linear.workspace);
  const LinearWorkspace<P> work(linear, from, false);
  const int64_t N = linear.N, I = linear.I, O = linear.O;
  const Split tiles(O, R);
  for (int64_t first = 0; first < N; first += PANEL) {
    const int64_t samples = N - first < PANEL ? N - first : PANEL;
    pack_transposed<P>(linear.x + first * I, samples, I, work.panel);
    for (int64_t index = 0; index < tiles.count; index++) {
      const int64_t row = tiles.start(index), size = tiles.size(index);
      const LinearTile<P, ALONG_ROWS> tile = {pack_rows(linear.W + row * I, size, I, work.operand),
                                              work.panel,
                                              words_of<P>(I),
                                              linear.b ? linear.b + row : nullptr,
                                              work.transposed + row * PANEL,
                                              PANEL,
                                              PANEL,
                                              {linear.W + (row + size) * I, PANEL,
                                               (index + 1 < tiles.count ? tiles.size(index + 1) : 0) * I / PANEL}};
      run_linear_tile(tile, (int)size);
    }
    unpack_activated(linear, work.transposed, samples, linear.y + first * O);
  }
}

// Rows or columns of da by panels of the columns of `right` (terms, I), to (all, I).
template <class P, Reading READING>
void by_panels(const AssayLinear& linear, const LinearWorkspace<P>& work, Operand<P> da,
               const float* right, int64_t terms, float* to, int64_t all) {
  const int64_t I = linear.I;
  const Split tiles(all, R);
  for (int64_t column = 0; column < I; column += PANEL) {
    const bool last = column + PANEL >= I;
    pack_panel<P>(right + column, terms, I, I - column, work.panel);
    for (int64_t index = 0; index < tiles.count; index++) {
      const int64_t row = tiles.start(index);
      const int64_t first = terms * index / tiles.count;
      const int64_t next = row + tiles.size(index);
      Ahead ahead;
      if (READING == ALONG_ROWS)
        ahead = {right + column + PANEL + first * I, I,
                 last ? 0 : terms * (index + 1) / tiles.count - first};
      else
        ahead = {to + next * I + column, I, index + 1 < tiles.count ? tiles.size(index + 1) : 0};
      const int64_t at = READING == ALONG_ROWS ? row * da.stride : row;
      const LinearTile<P, READING> tile = {{da.words + at, da.stride}, work.panel,
                                           words_of<P>(terms),         nullptr,
                                           to + row * I + column,      I,
                                           I - column,
                                           ahead};
      run_linear_tile(tile, (int)tiles.size(index));
    }
  }
}

void sum_of_rows(const float* from, int64_t rows, int64_t columns, float* to) {
  for (int64_t column = 0; column < columns; column += W) {
    Floats sum = {};
    for (int64_t row = 0; row < rows; row++)
      sum += load_left(from + row * columns + column, columns - column);
    store_left(to + column, sum, columns - column);
  }
}

template <class P>
void linear_backward(const AssayLinear& linear) {
  Workspace from(linear.workspace);
  const LinearWorkspace<P> work(linear, from, true);
  const int64_t N = linear.N, O = linear.O;
  const float* da = through_activation(linear, work.da);
  if (linear.dx)
    by_panels<P, ALONG_ROWS>(linear, work, pack_rows(da, N, O, work.operand), linear.W, O,
                             linear.dx, N);
  if (linear.dW)
    by_panels<P, ALONG_COLUMNS>(linear, work, pack_columns(da, N, O, work.operand), linear.x, N,
                                linear.dW, O);
  if (linear.db) sum_of_rows(da, N, O, linear.db);
}

}  // namespace

#endif
