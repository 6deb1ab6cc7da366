// Equations 1 to 6 over all steps, block of samples by block.
//
//     a = W_h h + W_x x + b                   c = g i + c f
//     i, f, o = sigmoid(a), g = tanh(a)       h = o tanh(c), or tanh(c o) as reported

#ifndef ASSAY_FORWARD_H
#define ASSAY_FORWARD_H

#include "operands.h"

namespace {

template <class P>
struct ForwardWorkspace {
  typename P::Word *weights, *rows, *one;
  float *biases, *c;

  ForwardWorkspace(const Layout<P>& layout, Workspace& from) {
    weights = from.take<typename P::Word>(layout.G * layout.row_words * 4 * W);
    rows = from.take<typename P::Word>(layout.rows * layout.row_words);
    one = from.take<typename P::Word>(layout.row_words);
    biases = from.take<float>(layout.G * 4 * W);
    c = from.take<float>(layout.rows * layout.G * W);
  }
};

// One step of one group of units, for the rows of one tile.
template <class P>
struct ForwardTile {
  const typename P::Word *rows, *weights;
  int64_t words;
  const float* biases;
  float *c, *h, *tape;  // at the tile's first row and the group; the tape may be null
  int64_t c_stride, h_stride, tape_stride;
  int lanes;
  bool reported;

  template <int ROWS>
  ASSAY_INLINE void run() const {
    Floats a[ROWS][4];
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
#pragma GCC unroll 4
      for (int gate = 0; gate < 4; gate++) a[row][gate] = load(biases + gate * W);
    }
    if (tape) fetch_tape<ROWS>();
    add_product<P, ALONG_ROWS, ROWS>(a, rows, words, weights, words);
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) activate(row, a[row]);
  }

  // The tape is larger than the second-level cache, and a store waits for its line: asked for now,
  // the lines are there when the product is done.
  template <int ROWS>
  ASSAY_INLINE void fetch_tape() const {
    for (int row = 0; row < ROWS; row++)
      for (int64_t at = 0; at < TAPE_VECTORS * W; at += LINE)
        __builtin_prefetch(tape + row * tape_stride + at, 1);
  }

  ASSAY_INLINE void activate(int row, Floats (&a)[4]) const {
    Floats i = sigmoid(a[0]), f = sigmoid(a[1]), g = tanh(a[2]), o = sigmoid(a[3]);
    Floats new_c = g * i + load(c + row * c_stride) * f;
    Floats new_h = reported ? tanh(new_c * o) : o * tanh(new_c);
    store(c + row * c_stride, new_c);
    store_lanes(h + row * h_stride, new_h, lanes);
    if (!tape) return;
    float* to = tape + row * tape_stride;
    store(to, i), store(to + W, f), store(to + 2 * W, g), store(to + 3 * W, o);
    store(to + 4 * W, new_c);
  }
};

template <class P>
__attribute__((noinline)) void run_forward_tile(const ForwardTile<P>& tile, int rows) {
  with_rows(rows, tile);
}

// All steps of the samples first <= n < first + count, which are at most `layout.rows`.
template <class P>
void forward_block(const AssayLstm& lstm, const Layout<P>& layout, const ForwardWorkspace<P>& work,
                   int64_t first, int64_t count) {
  const int64_t T = lstm.T, N = lstm.N, H = lstm.H, D = lstm.D, G = layout.G;
  const int64_t tape_stride = G * TAPE_VECTORS * W;
  const Split tiles(count, R);
  for (int64_t n = 0; n < count; n++)
    for (int64_t group = 0; group < G; group++)
      store(work.c + (n * G + group) * W,
            load_lanes(lstm.c0 + (first + n) * H + group * W, layout.lanes(group)));

  for (int64_t t = 0; t < T; t++) {
    const float* h = t == 0 ? lstm.h0 : lstm.h + (t - 1) * N * H;
    for (int64_t n = 0; n < count; n++)
      pack_row(layout, work.rows + n * layout.row_words, h + (first + n) * H,
               lstm.x + (t * N + first + n) * D);
    for (int64_t group = 0; group < G; group++)
      for (int64_t index = 0; index < tiles.count; index++) {
        const int64_t n = tiles.start(index), at = t * N + first + n;
        ForwardTile<P> tile;
        tile.rows = work.rows + n * layout.row_words;
        tile.weights = work.weights + group * layout.row_words * 4 * W;
        tile.words = layout.row_words;
        tile.biases = work.biases + group * 4 * W;
        tile.c = work.c + (n * G + group) * W;
        tile.h = lstm.h + at * H + group * W;
        tile.tape = lstm.tape ? lstm.tape + at * tape_stride + group * TAPE_VECTORS * W : nullptr;
        tile.c_stride = G * W, tile.h_stride = H, tile.tape_stride = tape_stride;
        tile.lanes = layout.lanes(group);
        tile.reported = lstm.form == ASSAY_AS_REPORTED;
        run_forward_tile(tile, (int)tiles.size(index));
      }
  }
  for (int64_t n = 0; n < count; n++)
    for (int64_t group = 0; group < G; group++)
      store_lanes(lstm.last_c + (first + n) * H + group * W,
                  load(work.c + (n * G + group) * W), layout.lanes(group));
}

template <class P>
void forward(const AssayLstm& lstm) {
  const Layout<P> layout(lstm);
  Workspace from(lstm.workspace);
  const ForwardWorkspace<P> work(layout, from);
  pack_weights(lstm, layout, work.one, work.weights, work.biases);
  const Split blocks(lstm.last - lstm.first, layout.rows);
  for (int64_t block = 0; block < blocks.count; block++)
    forward_block(lstm, layout, work, lstm.first + blocks.start(block), blocks.size(block));
}

}  // namespace

#endif
