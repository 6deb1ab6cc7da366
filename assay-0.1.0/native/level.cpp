// The kernel at one SIMD level, ASSAY_LEVEL; compiled once for each, with its flags.

#include "backward.h"
#include "forward.h"
#include "levels.h"
#include "linear_products.h"

namespace {

int64_t tape_floats(const AssayLstm& lstm) {
  return lstm.T * lstm.N * up_to(lstm.H, W) * TAPE_VECTORS;
}

template <class P>
int64_t workspace_bytes(const AssayLstm& lstm) {
  AssayLstm largest = lstm;
  static float any;
  largest.dx = &any;  // backward with it needs the most
  const Layout<P> layout(largest);
  Workspace forward(nullptr), backward(nullptr);
  ForwardWorkspace<P>(layout, forward);
  BackwardWorkspace<P>(layout, backward);
  ChunkWorkspace<P>(layout, backward);
  return forward.used > backward.used ? forward.used : backward.used;
}

int64_t workspace_bytes_of(const AssayLstm& lstm) {
  return lstm.precision == ASSAY_BFLOAT16 ? workspace_bytes<Bfloat16>(lstm)
                                          : workspace_bytes<Float32>(lstm);
}

void forward_of(const AssayLstm& lstm) {
  lstm.precision == ASSAY_BFLOAT16 ? forward<Bfloat16>(lstm) : forward<Float32>(lstm);
}

void backward_of(const AssayLstm& lstm) {
  lstm.precision == ASSAY_BFLOAT16 ? backward<Bfloat16>(lstm) : backward<Float32>(lstm);
}

template <class P>
int64_t linear_bytes(const AssayLinear& linear) {
  Workspace forward(nullptr), backward(nullptr);
  LinearWorkspace<P>(linear, forward, false);
  LinearWorkspace<P>(linear, backward, true);
  return forward.used > backward.used ? forward.used : backward.used;
}

int64_t linear_bytes_of(const AssayLinear& linear) {
  return linear.precision == ASSAY_BFLOAT16 ? linear_bytes<Bfloat16>(linear)
                                            : linear_bytes<Float32>(linear);
}

void linear_forward_of(const AssayLinear& linear) {
  linear.precision == ASSAY_BFLOAT16 ? linear_forward<Bfloat16>(linear)
                                     : linear_forward<Float32>(linear);
}

void linear_backward_of(const AssayLinear& linear) {
  linear.precision == ASSAY_BFLOAT16 ? linear_backward<Bfloat16>(linear)
                                     : linear_backward<Float32>(linear);
}

// R x 4 running sums, as in the kernel, and nothing from memory.
template <class P>
float multiply(int64_t rounds) {
  // Read anew each time, so that the compiler cannot know that the sums are all alike.
  volatile typename P::Word zero = 0;
  volatile float none = 0;
  const auto a = fill((typename P::Word)zero), b = fill((typename P::Word)zero);
  Floats sums[R][4];
#pragma GCC unroll 8
  for (int row = 0; row < R; row++)
#pragma GCC unroll 4
    for (int part = 0; part < 4; part++) sums[row][part] = fill((float)none);
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 8
    for (int row = 0; row < R; row++)
#pragma GCC unroll 4
      for (int part = 0; part < 4; part++)
        sums[row][part] = P::add_product(sums[row][part], a, b);
  }
  Floats total = {};
#pragma GCC unroll 8
  for (int row = 0; row < R; row++)
#pragma GCC unroll 4
    for (int part = 0; part < 4; part++) total += sums[row][part];
  return total[0];
}

float multiply_of(int64_t precision, int64_t rounds) {
  return precision == ASSAY_BFLOAT16 ? multiply<Bfloat16>(rounds) : multiply<Float32>(rounds);
}

}  // namespace

#define ASSAY_JOIN(a, b) a##b
#define ASSAY_NAME(a, b) ASSAY_JOIN(a, b)

extern const Level ASSAY_NAME(assay_level_, ASSAY_LEVEL) = {
    tape_floats,       workspace_bytes_of, forward_of,   backward_of,    linear_bytes_of,
    linear_forward_of, linear_backward_of, multiply_of,  R * 4 * W * 2,
};
