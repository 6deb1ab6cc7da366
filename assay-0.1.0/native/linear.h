// The C interface of a fully connected layer. Plain pointers; arrays are row-major and contiguous.
//
// N: batch, I: inputs, O: outputs. A call uses the thread that makes it and none beside.

#ifndef ASSAY_LINEAR_H
#define ASSAY_LINEAR_H

#include "kernel.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

// f(a) = a; a if positive, else slope a; tanh(a)
enum { ASSAY_IDENTITY = 0, ASSAY_LEAKY_RELU = 1, ASSAY_TANH = 2 };

typedef struct {
  int64_t N, I, O;
  int64_t precision, level, activation;
  double slope;  // of ASSAY_LEAKY_RELU

  const float *x, *W, *b;  // (N,I) (O,I) (O), the last null for none
  float *y;                // (N,O); backward reads it if there is an activation
  const float *dy;         // (N,O), of the way back
  float *dx, *dW, *db;     // (N,I) (O,I) (O), each null if not needed
  void *workspace;         // aligned to 64 bytes, own to each call
} AssayLinear;

// Bytes of the workspace for either call.
int64_t assay_linear_workspace_bytes(const AssayLinear *linear);

// y = f(x W' + b); and with da = dy f'(a): dx = da W, dW = da' x, db = sum of da.
void assay_linear_forward(const AssayLinear *linear);
void assay_linear_backward(const AssayLinear *linear);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
