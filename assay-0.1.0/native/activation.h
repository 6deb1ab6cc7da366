// The activation of a fully connected layer, from a to y = f(a), and back from y.

#ifndef ASSAY_ACTIVATION_H
#define ASSAY_ACTIVATION_H

#include "linear.h"
#include "panel.h"

namespace {

// Rows of a', (O, PANEL), become `samples` rows of y.
void unpack_activated(const AssayLinear& linear, const float* from, int64_t samples, float* to) {
  const float slope = (float)linear.slope;
  if (linear.activation == ASSAY_LEAKY_RELU)
    unpack_transposed(from, samples, linear.O, to,
                      [slope](Floats a) { return a > 0.0f ? a : slope * a; });
  else if (linear.activation == ASSAY_TANH)
    unpack_transposed(from, samples, linear.O, to, [](Floats a) { return tanh(a); });
  else
    unpack_transposed(from, samples, linear.O, to, [](Floats a) { return a; });
}

template <class Change>
ASSAY_INLINE void change_each(const float* y, const float* dy, int64_t size, float* to,
                              const Change& change) {
  for (int64_t at = 0; at < size; at += W)
    store_left(to + at, change(load_left(y + at, size - at), load_left(dy + at, size - at)),
               size - at);
}

// da = dy f'(a) into `room`, or dy itself. The sign of y is that of a, and f' = 1 - y^2 for tanh.
const float* through_activation(const AssayLinear& linear, float* room) {
  const float slope = (float)linear.slope;
  const int64_t size = linear.N * linear.O;
  if (linear.activation == ASSAY_IDENTITY) return linear.dy;
  if (linear.activation == ASSAY_LEAKY_RELU)
    change_each(linear.y, linear.dy, size, room,
                [slope](Floats y, Floats dy) { return y > 0.0f ? dy : slope * dy; });
  else
    change_each(linear.y, linear.dy, size, room,
                [](Floats y, Floats dy) { return dy * (1.0f - y * y); });
  return room;
}

}  // namespace

#endif
