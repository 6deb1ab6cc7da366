// The C interface of the LSTM kernel. Plain pointers; every array is row-major and contiguous.
//
// T: steps, N: batch, D: input features, H: hidden units. The gates of W_x, W_h and b are stacked
// in the order i, f, g, o. A call works on the samples first <= n < last alone, in the thread that
// makes it, so that calls on disjoint ranges may run at once; the gradients of the weights, dW_x,
// dW_h and db, are those of its own range and need an array for each call.

#ifndef ASSAY_LSTM_H
#define ASSAY_LSTM_H

#include "kernel.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum { ASSAY_STANDARD = 0, ASSAY_AS_REPORTED = 1 };  // h = o tanh(c), h = tanh(c o)

typedef struct {
  int64_t T, N, D, H, first, last;
  int64_t form, precision, level;

  const float *x, *h0, *c0, *W_x, *W_h, *b;  // (T,N,D) (N,H) (N,H) (4H,D) (4H,H) (4H)
  float *h, *last_c;                         // (T,N,H) (N,H); backward reads h
  float *tape;                               // what backward needs; null in a forward pass alone
  void *workspace;                           // aligned to 64 bytes, own to each call

  const float *dh, *last_dh, *last_dc;  // (T,N,H) (N,H) (N,H), each null for zero
  float *dx, *dh0, *dc0;                // (T,N,D) (N,H) (N,H), each null if not needed
  float *dW_x, *dW_h, *db;              // (4H,D) (4H,H) (4H)
} AssayLstm;

// Sizes for a call: floats of the tape for all N samples, and bytes of the workspace.
int64_t assay_tape_floats(const AssayLstm *lstm);
int64_t assay_workspace_bytes(const AssayLstm *lstm);

void assay_lstm_forward(const AssayLstm *lstm);
void assay_lstm_backward(const AssayLstm *lstm);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
