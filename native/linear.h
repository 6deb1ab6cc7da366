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

typedef struct {
  int64_t N, I, O;
  int64_t precision, level;

  const float *x, *W, *b;  // (N,I) (O,I) (O), the last null for none
  float *y;                // (N,O), of the forward pass
  const float *dy;         // (N,O), of the way back
  float *dx, *dW, *db;     // (N,I) (O,I) (O), each null if not needed
  void *workspace;         // aligned to 64 bytes, own to each call
} AssayLinear;

// Bytes of the workspace for either call.
int64_t assay_linear_workspace_bytes(const AssayLinear *linear);

void assay_linear_forward(const AssayLinear *linear);   // y = x W' + b
void assay_linear_backward(const AssayLinear *linear);  // dx = dy W, dW = dy' x, db = sum of dy

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
