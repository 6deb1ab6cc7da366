// The gradient of [W_h, W_x, b]: the sum of da [h_before, x, 1]' over all steps and samples.
//
// Rows of both factors are collected until CHUNK of them are there, and added to sums in the
// workspace, as the transpose: (G, columns of [h, x, 1], 4 W).

#ifndef ASSAY_WEIGHT_GRADIENT_H
#define ASSAY_WEIGHT_GRADIENT_H

#include "operands.h"

namespace {

template <class P>
struct ChunkWorkspace {
  typename P::Word* da;  // (G, CHUNK, GATE_WORDS)
  float* u;              // (CHUNK, stride): rows [h, x, 1]
  float* sums;
  typename P::Word *paired_da, *paired_u;  // the same with two rows a word, in bfloat16

  ChunkWorkspace(const Layout<P>& layout, Workspace& from) {
    const int64_t pairs = P::PER_WORD == 1 ? 0 : CHUNK / 2;
    da = from.take<typename P::Word>(layout.G * CHUNK * Layout<P>::GATE_WORDS);
    u = from.take<float>(CHUNK * layout.stride);
    sums = from.take<float>(layout.G * layout.columns * 4 * W);
    paired_da = from.take<typename P::Word>(pairs * 4 * W);
    paired_u = from.take<typename P::Word>(pairs * layout.stride);
  }
};

// `ROWS` columns of [h, x, 1] by one group.
template <class P>
struct WeightTile {
  const typename P::Word *u, *da;
  int64_t stride, words;
  float* sums;

  template <int ROWS>
  ASSAY_INLINE void run() const {
    Floats sum[ROWS][4];
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
#pragma GCC unroll 4
      for (int part = 0; part < 4; part++) sum[row][part] = load(sums + (row * 4 + part) * W);
    }
    add_product<P, ALONG_COLUMNS, ROWS>(sum, u, stride, da, words);
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
#pragma GCC unroll 4
      for (int part = 0; part < 4; part++) store(sums + (row * 4 + part) * W, sum[row][part]);
    }
  }
};

template <class P>
__attribute__((noinline)) void run_weight_tile(const WeightTile<P>& tile, int rows) {
  with_rows(rows, tile);
}

// The factors as the product takes them: in float32 as they are.
ASSAY_INLINE const float* factor_u(const ChunkWorkspace<Float32>& work, int64_t, int64_t) {
  return work.u;
}

ASSAY_INLINE const float* factor_da(const ChunkWorkspace<Float32>& work, int64_t group, int64_t) {
  return work.da + group * CHUNK * 4 * W;
}

ASSAY_INLINE const uint32_t* factor_u(const ChunkWorkspace<Bfloat16>& work, int64_t stride,
                                      int64_t filled) {
  for (int64_t row = 0; row < filled; row += 2)
    for (int64_t column = 0; column < stride; column += W) {
      const float* low = work.u + row * stride + column;
      Floats high = row + 1 < filled ? load(low + stride) : Floats{};
      store(work.paired_u + row / 2 * stride + column, Bfloat16::pair(load(low), high));
    }
  return work.paired_u;
}

// Words (i, f) and (g, o) of two rows become words of two rows for each gate.
ASSAY_INLINE const uint32_t* factor_da(const ChunkWorkspace<Bfloat16>& work, int64_t group,
                                       int64_t filled) {
  for (int64_t row = 0; row < filled; row += 2)
    for (int64_t two = 0; two < 2; two++) {
      const uint32_t* from = work.da + (group * CHUNK + row) * 2 * W + two * W;
      Words low = load(from), high = row + 1 < filled ? load(from + 2 * W) : Words{};
      uint32_t* to = work.paired_da + row / 2 * 4 * W + two * 2 * W;
      store(to, (low & 0xffffu) | (high << 16));
      store(to + W, (low >> 16) | (high & 0xffff0000u));
    }
  return work.paired_da;
}

template <class P>
struct Chunk {
  const AssayLstm& lstm;
  const Layout<P>& layout;
  const ChunkWorkspace<P> work;
  int64_t filled = 0;

  Chunk(const AssayLstm& lstm, const Layout<P>& layout, Workspace& from)
      : lstm(lstm), layout(layout), work(layout, from) {
    memset(work.sums, 0, sizeof(float) * layout.G * layout.columns * 4 * W);
    memset(work.u, 0, sizeof(float) * CHUNK * layout.stride);
  }

  // Makes room for `count` rows of da, puts [h_before, x, 1] beside it, returns the first row.
  int64_t add(int64_t t, int64_t first, int64_t count) {
    if (filled + count > CHUNK) sum();
    const int64_t N = lstm.N, H = lstm.H, D = lstm.D, start = filled;
    const float* h = t == 0 ? lstm.h0 : lstm.h + (t - 1) * N * H;
    for (int64_t n = first; n < first + count; n++) {
      float* u = work.u + filled++ * layout.stride;
      memcpy(u, h + n * H, sizeof(float) * H);
      memcpy(u + layout.G * W, lstm.x + (t * N + n) * D, sizeof(float) * D);
      u[layout.G * W + D] = 1;
    }
    return start;
  }

  // Adds the rows of the chunk to the sums and empties it.
  void sum() {
    const int64_t words = up_to(filled, P::PER_WORD) / P::PER_WORD;
    const auto* u = factor_u(work, layout.stride, filled);
    const Split tiles(layout.columns, R);
    for (int64_t group = 0; group < layout.G; group++) {
      const auto* da = factor_da(work, group, filled);
      for (int64_t index = 0; index < tiles.count; index++) {
        const int64_t column = tiles.start(index);
        const WeightTile<P> tile = {u + column, da, layout.stride, words,
                                    work.sums + (group * layout.columns + column) * 4 * W};
        run_weight_tile(tile, (int)tiles.size(index));
      }
    }
    filled = 0;
  }

  // Sums what is left and writes dW_h, dW_x and db.
  void finish() {
    sum();
    const int64_t H = lstm.H, D = lstm.D;
    for (int64_t gate = 0; gate < 4; gate++)
      for (int64_t unit = 0; unit < H; unit++) {
        const int64_t to = gate * H + unit;
        const float* from =
            work.sums + (unit / W * layout.columns * 4 + gate) * W + unit % W;
        for (int64_t k = 0; k < H; k++) lstm.dW_h[to * H + k] = from[k * 4 * W];
        from += layout.G * W * 4 * W;
        for (int64_t d = 0; d < D; d++) lstm.dW_x[to * D + d] = from[d * 4 * W];
        lstm.db[to] = from[D * 4 * W];
      }
  }
};

}  // namespace

#endif
