// How states, inputs, weights and gradients become the operands of products.
//
// Units are padded to G groups of W, a vector each. Of each group the gates i, f, g, o stand side by
// side, 4 vectors, so that a tile of a product holds all gates of its units.

#ifndef ASSAY_OPERANDS_H
#define ASSAY_OPERANDS_H

#include "lstm.h"
#include "parts.h"
#include "product.h"

namespace {

constexpr int64_t TAPE_VECTORS = 5;  // of a group, sample and step: i, f, g, o and c

// The most samples of a block, and rows of the weight gradient that are summed at a time.
constexpr int64_t MOST_ROWS = 4 * R;
constexpr int64_t CHUNK = 96;

template <class P>
struct Layout {
  typedef typename P::Word Word;
  static constexpr int64_t GATE_WORDS = 4 * W / P::PER_WORD;  // of one sample and group

  int64_t H, D, G;
  int64_t state_words;    // of h in a row [h, x]
  int64_t row_words;      // of the whole row
  int64_t columns;        // of a row [h, x, 1]
  int64_t stride;         // of such rows
  int64_t input_columns;  // of W by which the gradient goes back, in whole tiles
  int64_t rows;           // of a block

  explicit Layout(const AssayLstm& lstm) : H(lstm.H), D(lstm.D), G(up_to(lstm.H, W) / W) {
    state_words = up_to(G, P::PER_WORD) * W / P::PER_WORD;
    row_words = state_words + up_to(D, P::PER_WORD) / P::PER_WORD;
    columns = G * W + D + 1;
    stride = up_to(columns, W);
    input_columns = up_to(G * W + (lstm.dx ? D : 0), 4 * W);
    // Weights that the second-level cache holds can be streamed for each tile; larger ones serve
    // several tiles each time they are brought in.
    rows = 4 * H * (H + D) * (int64_t)sizeof(Word) / P::PER_WORD <= 512 * 1024 ? R : MOST_ROWS;
  }

  int lanes(int64_t group) const { return (int)(H - group * W < W ? H - group * W : W); }
};

// [h, x] as words, the padding zero.
ASSAY_INLINE void pack_row(const Layout<Float32>& layout, float* to, const float* h,
                           const float* x) {
  for (int64_t group = 0; group < layout.G; group++)
    store(to + group * W, load_lanes(h + group * W, layout.lanes(group)));
  for (int64_t d = 0; d < layout.D; d++) to[layout.state_words + d] = x[d];
}

ASSAY_INLINE void pack_row(const Layout<Bfloat16>& layout, uint32_t* to, const float* h,
                           const float* x) {
  for (int64_t group = 0; group < layout.G; group += 2) {
    Floats low = load_lanes(h + group * W, layout.lanes(group)), high = {};
    if (group + 1 < layout.G) high = load_lanes(h + (group + 1) * W, layout.lanes(group + 1));
    store(to + group / 2 * W, Bfloat16::pair(low, high));
  }
  to += layout.state_words;
  for (int64_t d = 0; d < layout.D; d += 2)
    to[d / 2] = Bfloat16::pair(x[d], d + 1 < layout.D ? x[d + 1] : 0.0f);
}

// Weights of the step: (G, row_words, 4 W); and biases: (G, 4 W).
template <class P>
void pack_weights(const AssayLstm& lstm, const Layout<P>& layout, typename P::Word* row,
                  typename P::Word* weights, float* biases) {
  const int64_t words = layout.row_words;
  memset(weights, 0, sizeof(*weights) * layout.G * words * 4 * W);
  memset(biases, 0, sizeof(*biases) * layout.G * 4 * W);
  for (int64_t gate = 0; gate < 4; gate++) {
    for (int64_t unit = 0; unit < layout.H; unit++) {
      const int64_t from = gate * layout.H + unit, lane = gate * W + unit % W;
      pack_row(layout, row, lstm.W_h + from * layout.H, lstm.W_x + from * layout.D);
      typename P::Word* to = weights + unit / W * words * 4 * W + lane;
      for (int64_t word = 0; word < words; word++) to[word * 4 * W] = row[word];
      biases[unit / W * 4 * W + lane] = lstm.b[from];
    }
  }
}

// The gates' gradients of one sample and group, as words that `pack_back` has the weights for.
ASSAY_INLINE void store_gates(float* to, Floats i, Floats f, Floats g, Floats o) {
  store(to, i), store(to + W, f), store(to + 2 * W, g), store(to + 3 * W, o);
}

ASSAY_INLINE void store_gates(uint32_t* to, Floats i, Floats f, Floats g, Floats o) {
  store(to, Bfloat16::pair(i, f)), store(to + W, Bfloat16::pair(g, o));
}

// [W_h, W_x] by the gates of a unit: `row` receives (4, input_columns), the padding zero.
template <class P>
void gather_back(const AssayLstm& lstm, const Layout<P>& layout, int64_t unit, float* row) {
  memset(row, 0, sizeof(float) * 4 * layout.input_columns);
  for (int64_t gate = 0; gate < 4 && unit < layout.H; gate++, row += layout.input_columns) {
    const int64_t from = gate * layout.H + unit;
    memcpy(row, lstm.W_h + from * layout.H, sizeof(float) * layout.H);
    if (lstm.dx)
      memcpy(row + layout.G * W, lstm.W_x + from * layout.D, sizeof(float) * layout.D);
  }
}

// Weights of the way back: (input_columns / 4 W, G GATE_WORDS, 4 W).
void pack_back(const AssayLstm& lstm, const Layout<Float32>& layout, float* row, float* weights) {
  const int64_t columns = layout.input_columns, words = layout.G * 4 * W;
  for (int64_t unit = 0; unit < layout.G * W; unit++) {
    gather_back(lstm, layout, unit, row);
    for (int64_t gate = 0; gate < 4; gate++) {
      const int64_t word = (unit / W * 4 + gate) * W + unit % W;
      for (int64_t tile = 0; tile < columns / (4 * W); tile++)
        memcpy(weights + (tile * words + word) * 4 * W, row + gate * columns + tile * 4 * W,
               sizeof(float) * 4 * W);
    }
  }
}

void pack_back(const AssayLstm& lstm, const Layout<Bfloat16>& layout, float* row,
               uint32_t* weights) {
  const int64_t columns = layout.input_columns, words = layout.G * 2 * W;
  for (int64_t unit = 0; unit < layout.G * W; unit++) {
    gather_back(lstm, layout, unit, row);
    for (int64_t two = 0; two < 2; two++) {
      const float *low = row + 2 * two * columns, *high = low + columns;
      uint32_t* to = weights + ((unit / W * 2 + two) * W + unit % W) * 4 * W;
      for (int64_t column = 0; column < columns; column += W)
        store(to + column / (4 * W) * words * 4 * W + column % (4 * W),
              Bfloat16::pair(load(low + column), load(high + column)));
    }
  }
}

}  // namespace

#endif
