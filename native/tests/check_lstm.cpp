// Random shapes through the kernel at every SIMD level of this processor, beside plain loops in
// double. Compiled together with the kernel under sanitizers: every array is exactly as long as it
// should be, so that a read or write beyond its end is seen.
//
//     check_lstm SHAPES SEED      ends with 1 and a line about the first difference that is too large

#include <stdio.h>

#include "../lstm.h"
#include "arrays.h"

namespace {

struct Problem {
  AssayLstm lstm = {};
  Floats x, h0, c0, W_x, W_h, b, dh, last_dh, last_dc;  // inputs
  Floats h, last_c, dx, dh0, dc0, dW_x, dW_h, db;       // what the kernel finds

  Problem() {
    const int64_t T = lstm.T = whole(1, 12), N = lstm.N = whole(1, 40);
    const int64_t D = lstm.D = whole(1, 11), H = lstm.H = whole(1, 70);
    const float scale = 1.0f / sqrtf((float)H);
    lstm.form = whole(0, 1);
    x = drawn(T * N * D, 1), h0 = drawn(N * H, 1), c0 = drawn(N * H, 1);
    W_x = drawn(4 * H * D, scale), W_h = drawn(4 * H * H, scale), b = drawn(4 * H, scale);
    dh = drawn(T * N * H, 1), last_dh = drawn(N * H, 1), last_dc = drawn(N * H, 1);
    h.resize(T * N * H), last_c.resize(N * H), dx.resize(T * N * D), dh0.resize(N * H);
    dc0.resize(N * H), dW_x.resize(4 * H * D), dW_h.resize(4 * H * H), db.resize(4 * H);
    lstm.x = x.data(), lstm.h0 = h0.data(), lstm.c0 = c0.data();
    lstm.W_x = W_x.data(), lstm.W_h = W_h.data(), lstm.b = b.data();
    lstm.h = h.data(), lstm.last_c = last_c.data();
    lstm.dh = whole(0, 1) ? dh.data() : nullptr;
    lstm.last_dh = whole(0, 3) ? last_dh.data() : nullptr;
    lstm.last_dc = whole(0, 1) ? last_dc.data() : nullptr;
    lstm.dx = whole(0, 1) ? dx.data() : nullptr;
    lstm.dh0 = whole(0, 1) ? dh0.data() : nullptr;
    lstm.dc0 = whole(0, 1) ? dc0.data() : nullptr;
    lstm.dW_x = dW_x.data(), lstm.dW_h = dW_h.data(), lstm.db = db.data();
  }

  // Forward and back by the kernel, with a tape and a workspace of just the sizes it asks for.
  void solve(int64_t level, int64_t precision) {
    lstm.level = level, lstm.precision = precision, lstm.first = 0, lstm.last = lstm.N;
    Floats tape(assay_tape_floats(&lstm));
    const Memory workspace(assay_workspace_bytes(&lstm));
    lstm.tape = nullptr, lstm.workspace = workspace.get();
    assay_lstm_forward(&lstm);
    const Floats without_tape = h;
    lstm.tape = tape.data();
    assay_lstm_forward(&lstm);
    if (h != without_tape) puts("a forward pass differs with and without a tape"), exit(1);
    assay_lstm_backward(&lstm);
  }
};

double sigmoid(double a) { return 1 / (1 + exp(-a)); }

// The same in double: equations 1 to 6 and the chain rule, one sample at a time.
struct Reference {
  Doubles h, last_c, dx, dh0, dc0, dW_x, dW_h, db;

  explicit Reference(const Problem& p)
      : h(p.h.size()), last_c(p.last_c.size()), dx(p.dx.size()), dh0(p.dh0.size()),
        dc0(p.dc0.size()), dW_x(p.dW_x.size()), dW_h(p.dW_h.size()), db(p.db.size()) {
    for (int64_t n = 0; n < p.lstm.N; n++) sample(p, n);
  }

  void sample(const Problem& p, int64_t n) {
    const int64_t T = p.lstm.T, N = p.lstm.N, D = p.lstm.D, H = p.lstm.H;
    const bool reported = p.lstm.form == ASSAY_AS_REPORTED;
    Doubles state(p.h0.begin() + n * H, p.h0.begin() + (n + 1) * H);
    std::vector<Doubles> hs = {state}, cs = {{p.c0.begin() + n * H, p.c0.begin() + (n + 1) * H}};
    std::vector<Doubles> gates;
    for (int64_t t = 0; t < T; t++) {
      const float* x = p.x.data() + (t * N + n) * D;
      Doubles a(p.b.begin(), p.b.end()), next(H), c(H);
      for (int64_t row = 0; row < 4 * H; row++) {
        for (int64_t d = 0; d < D; d++) a[row] += (double)p.W_x[row * D + d] * x[d];
        for (int64_t k = 0; k < H; k++) a[row] += (double)p.W_h[row * H + k] * hs[t][k];
        a[row] = row / H == 2 ? tanh(a[row]) : sigmoid(a[row]);
      }
      for (int64_t j = 0; j < H; j++) {
        c[j] = a[2 * H + j] * a[j] + cs[t][j] * a[H + j];
        next[j] = reported ? tanh(c[j] * a[3 * H + j]) : a[3 * H + j] * tanh(c[j]);
        h[(t * N + n) * H + j] = next[j];
      }
      gates.push_back(a), hs.push_back(next), cs.push_back(c);
    }

    Doubles dh_next(H), dc(H);
    for (int64_t j = 0; j < H; j++) {
      last_c[n * H + j] = cs[T][j];
      dh_next[j] = p.lstm.last_dh ? p.last_dh[n * H + j] : 0;
      dc[j] = p.lstm.last_dc ? p.last_dc[n * H + j] : 0;
    }
    for (int64_t t = T - 1; t >= 0; t--) {
      const Doubles& s = gates[t];
      Doubles da(4 * H), before(H);
      for (int64_t j = 0; j < H; j++) {
        const double i = s[j], f = s[H + j], g = s[2 * H + j], o = s[3 * H + j], c = cs[t + 1][j];
        const double dh = dh_next[j] + (p.lstm.dh ? p.dh[(t * N + n) * H + j] : 0);
        const double y = tanh(reported ? c * o : c), inner = dh * (1 - y * y);
        dc[j] += inner * o;
        da[j] = dc[j] * g * i * (1 - i);
        da[H + j] = dc[j] * cs[t][j] * f * (1 - f);
        da[2 * H + j] = dc[j] * i * (1 - g * g);
        da[3 * H + j] = (reported ? inner * c : dh * y) * o * (1 - o);
        dc[j] *= f;
      }
      for (int64_t row = 0; row < 4 * H; row++) {
        db[row] += da[row];
        for (int64_t d = 0; d < D; d++) {
          dW_x[row * D + d] += da[row] * p.x[(t * N + n) * D + d];
          dx[(t * N + n) * D + d] += da[row] * p.W_x[row * D + d];
        }
        for (int64_t k = 0; k < H; k++) {
          dW_h[row * H + k] += da[row] * hs[t][k];
          before[k] += da[row] * p.W_h[row * H + k];
        }
      }
      dh_next = before;
    }
    for (int64_t j = 0; j < H; j++) dh0[n * H + j] = dh_next[j], dc0[n * H + j] = dc[j];
  }
};

void compare(const Problem& p, const Reference& r) {
  const struct {
    const char* name;
    const Floats& found;
    const Doubles& wanted;
    bool asked;
  } all[] = {{"h", p.h, r.h, true},          {"last_c", p.last_c, r.last_c, true},
             {"dW_x", p.dW_x, r.dW_x, true}, {"dW_h", p.dW_h, r.dW_h, true},
             {"db", p.db, r.db, true},       {"dx", p.dx, r.dx, p.lstm.dx != nullptr},
             {"dh0", p.dh0, r.dh0, p.lstm.dh0 != nullptr},
             {"dc0", p.dc0, r.dc0, p.lstm.dc0 != nullptr}};
  const double limit = p.lstm.precision == ASSAY_BFLOAT16 ? 5e-2 : 1e-5;
  for (const auto& each : all) {
    const double apart = each.asked ? difference(each.found, each.wanted) : 0;
    if (apart <= limit) continue;
    printf("%s differs by %g at level %d, precision %d, T %d, N %d, D %d, H %d, form %d\n",
           each.name, apart, (int)p.lstm.level, (int)p.lstm.precision, (int)p.lstm.T,
           (int)p.lstm.N, (int)p.lstm.D, (int)p.lstm.H, (int)p.lstm.form);
    exit(1);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return puts("check_lstm SHAPES SEED"), 2;
  source.seed((unsigned)atoi(arguments[2]));
  int solved = 0;
  for (int shape = 0; shape < atoi(arguments[1]); shape++) {
    Problem problem;
    const Reference reference(problem);
    for (int64_t level = ASSAY_PORTABLE; level <= ASSAY_AVX512_BF16; level++)
      for (int64_t precision = 0; precision < 2 && assay_has_level(level); precision++) {
        problem.solve(level, precision);
        compare(problem, reference);
        solved++;
      }
  }
  printf("%d solved\n", solved);
  return 0;
}
