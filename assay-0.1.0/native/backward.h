// Backpropagation through time, block of samples by block. With y = tanh(c), or tanh(c o) as
// reported, and the gradient dh of h and dc of c from the step after:
//
//     standard:      do = dh y                   dc += dh (1 - y^2) o
//     as reported:   do = dh (1 - y^2) c         dc += dh (1 - y^2) o
//
//     di = dc g      df = dc c_before      dg = dc i      dc_before = dc f
//
// through the gates' sigmoid or tanh to da, and from it dh_before = W_h' da. The gradient of
// [W_h, W_x, b] is the sum of da [h_before, x, 1]' over steps and samples, which is taken CHUNK rows
// at a time while they are in the cache.

#ifndef ASSAY_BACKWARD_H
#define ASSAY_BACKWARD_H

#include "weight_gradient.h"

namespace {

template <class P>
struct BackwardWorkspace {
  typename P::Word* weights;
  float *row, *dh, *dc;

  BackwardWorkspace(const Layout<P>& layout, Workspace& from) {
    weights = from.take<typename P::Word>(layout.G * Layout<P>::GATE_WORDS * layout.input_columns);
    row = from.take<float>(4 * layout.input_columns);
    dh = from.take<float>(layout.rows * layout.input_columns);
    dc = from.take<float>(layout.rows * layout.G * W);
  }
};

// The gradient of [h, x] for the rows of one tile and 4 vectors of columns.
template <class P>
struct BackwardTile {
  const typename P::Word *da, *weights;
  int64_t groups;
  float* to;
  int64_t stride;

  template <int ROWS>
  ASSAY_INLINE void run() const {
    constexpr int64_t words = Layout<P>::GATE_WORDS;
    Floats sums[ROWS][4] = {};
    for (int64_t group = 0; group < groups; group++)
      add_product<P, ALONG_ROWS, ROWS>(sums, da + group * CHUNK * words, words,
                                       weights + group * words * 4 * W, words);
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
#pragma GCC unroll 4
      for (int part = 0; part < 4; part++) store(to + row * stride + part * W, sums[row][part]);
    }
  }
};

template <class P>
__attribute__((noinline)) void run_backward_tile(const BackwardTile<P>& tile, int rows) {
  with_rows(rows, tile);
}

// One sample's step of one group: da to the chunk, dc moved one step back.
template <class P>
ASSAY_INLINE void through_gates(const float* tape, Floats c_before, Floats dh, float* dc_at,
                                typename P::Word* da, int lanes, bool reported) {
  Floats i = load(tape), f = load(tape + W), g = load(tape + 2 * W), o = load(tape + 3 * W);
  Floats c = load(tape + 4 * W);
  Floats y = tanh(reported ? c * o : c);
  Floats inner = dh * (1.0f - y * y);
  Floats dc = load(dc_at) + inner * o;
  Floats d_o = (reported ? inner * c : dh * y) * o * (1.0f - o);
  Floats d_i = dc * g * i * (1.0f - i);
  Floats d_f = dc * c_before * f * (1.0f - f);
  Floats d_g = dc * i * (1.0f - g * g);
  store(dc_at, dc * f);
  if (lanes < W) {  // what is beyond H may be NaN, and the next products would spread it
    d_i = keep_lanes(d_i, lanes), d_f = keep_lanes(d_f, lanes);
    d_g = keep_lanes(d_g, lanes), d_o = keep_lanes(d_o, lanes);
  }
  store_gates(da, d_i, d_f, d_g, d_o);
}

template <class P>
void block_through_gates(const AssayLstm& lstm, const Layout<P>& layout,
                         const BackwardWorkspace<P>& work, const ChunkWorkspace<P>& chunk,
                         int64_t t, int64_t first, int64_t count, int64_t filled) {
  const int64_t N = lstm.N, H = lstm.H, G = layout.G;
  for (int64_t n = 0; n < count; n++) {
    const int64_t at = t * N + first + n;
    const float* tape = lstm.tape + at * G * TAPE_VECTORS * W;
    const float* before = lstm.tape + (at - N) * G * TAPE_VECTORS * W;
    for (int64_t group = 0; group < G; group++) {
      const int lanes = layout.lanes(group);
      Floats c_before = t > 0 ? load(before + (group * TAPE_VECTORS + 4) * W)
                              : load_lanes(lstm.c0 + (first + n) * H + group * W, lanes);
      Floats dh = load(work.dh + n * layout.input_columns + group * W);
      if (lstm.dh) dh += load_lanes(lstm.dh + at * H + group * W, lanes);
      through_gates<P>(tape + group * TAPE_VECTORS * W, c_before, dh,
                       work.dc + (n * G + group) * W,
                       chunk.da + (group * CHUNK + filled + n) * Layout<P>::GATE_WORDS, lanes,
                       lstm.form == ASSAY_AS_REPORTED);
    }
  }
}

ASSAY_INLINE void fetch(const float* from, int64_t start, int64_t end) {
  for (int64_t at = start; at < end; at += LINE) __builtin_prefetch(from + at, 0, 2);
}

// dh of the step before, and dx, from the last `count` rows of the chunk.
template <class P>
void block_through_weights(const AssayLstm& lstm, const Layout<P>& layout,
                           const BackwardWorkspace<P>& work, const ChunkWorkspace<P>& chunk,
                           int64_t t, int64_t first, int64_t count, int64_t filled) {
  const int64_t words = Layout<P>::GATE_WORDS;
  const Split tiles(count, R);
  // The step before reads its tape next: with every tile a share of it comes into the second-level
  // cache.
  const int64_t row = layout.G * TAPE_VECTORS * W, size = t > 0 ? count * row : 0;
  const float* tape = lstm.tape + (t > 0 ? (t - 1) * lstm.N + first : 0) * row;
  const int64_t all = tiles.count * (layout.input_columns / (4 * W));
  int64_t done = 0;
  for (int64_t column = 0; column < layout.input_columns; column += 4 * W)
    for (int64_t index = 0; index < tiles.count; index++, done++) {
      const int64_t n = tiles.start(index);
      fetch(tape, size * done / all, size * (done + 1) / all);
      const BackwardTile<P> tile = {chunk.da + (filled + n) * words,
                                    work.weights + column * layout.G * words, layout.G,
                                    work.dh + n * layout.input_columns + column,
                                    layout.input_columns};
      run_backward_tile(tile, (int)tiles.size(index));
    }
  if (!lstm.dx) return;
  for (int64_t n = 0; n < count; n++)
    memcpy(lstm.dx + (t * lstm.N + first + n) * lstm.D,
           work.dh + n * layout.input_columns + layout.G * W, sizeof(float) * lstm.D);
}

// rows (count, H) of the block from `from`, null for zero, to `to` with `stride` floats a row.
template <class P>
void start_from(const Layout<P>& layout, const float* from, float* to, int64_t stride,
                int64_t count) {
  memset(to, 0, sizeof(float) * count * stride);
  for (int64_t n = 0; from && n < count; n++)
    memcpy(to + n * stride, from + n * layout.H, sizeof(float) * layout.H);
}

template <class P>
void backward_block(const AssayLstm& lstm, const Layout<P>& layout,
                    const BackwardWorkspace<P>& work, Chunk<P>& chunk, int64_t first,
                    int64_t count) {
  const int64_t H = lstm.H, dh_stride = layout.input_columns, dc_stride = layout.G * W;
  const float* last_dh = lstm.last_dh ? lstm.last_dh + first * H : nullptr;
  const float* last_dc = lstm.last_dc ? lstm.last_dc + first * H : nullptr;
  start_from(layout, last_dh, work.dh, dh_stride, count);
  start_from(layout, last_dc, work.dc, dc_stride, count);
  for (int64_t t = lstm.T - 1; t >= 0; t--) {
    const int64_t filled = chunk.add(t, first, count);
    block_through_gates(lstm, layout, work, chunk.work, t, first, count, filled);
    if (t > 0 || lstm.dh0 || lstm.dx)
      block_through_weights(lstm, layout, work, chunk.work, t, first, count, filled);
  }
  for (int64_t n = 0; n < count; n++) {
    const int64_t size = sizeof(float) * H;
    if (lstm.dh0) memcpy(lstm.dh0 + (first + n) * H, work.dh + n * dh_stride, size);
    if (lstm.dc0) memcpy(lstm.dc0 + (first + n) * H, work.dc + n * dc_stride, size);
  }
}

template <class P>
void backward(const AssayLstm& lstm) {
  const Layout<P> layout(lstm);
  Workspace from(lstm.workspace);
  const BackwardWorkspace<P> work(layout, from);
  Chunk<P> chunk(lstm, layout, from);
  pack_back(lstm, layout, work.row, work.weights);
  const Split blocks(lstm.last - lstm.first, layout.rows);
  for (int64_t block = 0; block < blocks.count; block++)
    backward_block(lstm, layout, work, chunk, lstm.first + blocks.start(block),
                   blocks.size(block));
  chunk.finish();
}

}  // namespace

#endif
