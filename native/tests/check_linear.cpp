// Random shapes of a fully connected layer through the kernel at every SIMD level of this processor,
// beside plain loops in double; under sanitizers, with arrays of exactly their sizes.
//
//     check_linear SHAPES SEED      ends with 1 and a line about the first difference too large

#include <stdio.h>

#include "../linear.h"
#include "arrays.h"

namespace {

struct Problem {
  AssayLinear linear = {};
  Floats x, W, b, dy;        // inputs
  Floats y, dx, dW, db;      // what the kernel finds

  Problem() {
    const int64_t N = linear.N = whole(1, 100), I = linear.I = whole(1, 100);
    const int64_t O = linear.O = whole(1, 100);
    linear.activation = whole(0, 2), linear.slope = 0.2;
    x = drawn(N * I, 1), W = drawn(O * I, 1 / sqrtf((float)I)), b = drawn(O, 1);
    dy = drawn(N * O, 1), y.resize(N * O), dx.resize(N * I), dW.resize(O * I), db.resize(O);
    linear.x = x.data(), linear.W = W.data(), linear.y = y.data(), linear.dy = dy.data();
    linear.b = whole(0, 1) ? b.data() : nullptr;
    linear.dx = whole(0, 1) ? dx.data() : nullptr;
    linear.dW = whole(0, 1) ? dW.data() : nullptr;
    linear.db = whole(0, 1) ? db.data() : nullptr;
  }

  void solve(int64_t level, int64_t precision) {
    linear.level = level, linear.precision = precision;
    const Memory workspace(assay_linear_workspace_bytes(&linear));
    linear.workspace = workspace.get();
    assay_linear_forward(&linear);
    assay_linear_backward(&linear);
  }
};

// Backward goes from the y that was found: at a kink, a rounding decides the slope.
struct Reference {
  Doubles y, dx, dW, db;

  explicit Reference(const Problem& p)
      : y(p.y.size()), dx(p.dx.size()), dW(p.dW.size()), db(p.db.size()) {
    const int64_t N = p.linear.N, I = p.linear.I, O = p.linear.O;
    for (int64_t n = 0; n < N; n++)
      for (int64_t o = 0; o < O; o++) {
        const double found = p.y[n * O + o], da = p.dy[n * O + o] * slope(p, found);
        double a = p.linear.b ? p.b[o] : 0;
        db[o] += da;
        for (int64_t i = 0; i < I; i++) {
          a += (double)p.x[n * I + i] * p.W[o * I + i];
          dx[n * I + i] += da * p.W[o * I + i];
          dW[o * I + i] += da * p.x[n * I + i];
        }
        const bool tanh_of = p.linear.activation == ASSAY_TANH;
        y[n * O + o] = tanh_of ? tanh(a) : a > 0 ? a : a * (slope(p, a));
      }
  }

  static double slope(const Problem& p, double y) {
    if (p.linear.activation == ASSAY_TANH) return 1 - y * y;
    return p.linear.activation == ASSAY_LEAKY_RELU && y <= 0 ? p.linear.slope : 1;
  }
};

void compare(const Problem& p, const Reference& r) {
  const struct {
    const char* name;
    const Floats& found;
    const Doubles& wanted;
    bool asked;
  } all[] = {{"y", p.y, r.y, true},
             {"dx", p.dx, r.dx, p.linear.dx != nullptr},
             {"dW", p.dW, r.dW, p.linear.dW != nullptr},
             {"db", p.db, r.db, p.linear.db != nullptr}};
  for (const auto& each : all) {
    // A bfloat16 rounds within 2^-9, and so a product of two within 2^-8 of their sizes; db none.
    const bool exact = p.linear.precision == ASSAY_FLOAT32 || &each.found == &p.db;
    const double apart = each.asked ? difference(each.found, each.wanted) : 0;
    if (apart <= (exact ? 1e-5 : 3e-2)) continue;
    printf("%s differs by %g at level %d, precision %d, N %d, I %d, O %d, activation %d\n", each.name, apart,
           (int)p.linear.level, (int)p.linear.precision, (int)p.linear.N, (int)p.linear.I,
           (int)p.linear.O, (int)p.linear.activation);
    exit(1);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return puts("check_linear SHAPES SEED"), 2;
  source.seed((unsigned)atoi(arguments[2]));
  int solved = 0;
  for (int shape = 0; shape < atoi(arguments[1]); shape++) {
    Problem problem;
    for (int64_t level = ASSAY_PORTABLE; level <= ASSAY_AVX512_BF16; level++)
      for (int64_t precision = 0; precision < 2 && assay_has_level(level); precision++) {
        problem.solve(level, precision);
        compare(problem, Reference(problem));
        solved++;
      }
  }
  printf("%d solved\n", solved);
  return 0;
}
