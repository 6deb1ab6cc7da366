// Arrays of random numbers, and how far two of them are apart.

#ifndef ASSAY_ARRAYS_H
#define ASSAY_ARRAYS_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <memory>
#include <random>
#include <vector>

namespace {

typedef std::vector<float> Floats;
typedef std::vector<double> Doubles;

std::mt19937 source;

int64_t whole(int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(source);
}

Floats drawn(int64_t size, float scale) {
  std::uniform_real_distribution<float> uniform(-scale, scale);
  Floats values(size);
  for (float& value : values) value = uniform(source);
  return values;
}

// The norm of the difference over that of what is wanted.
double difference(const Floats& found, const Doubles& wanted) {
  double apart = 0, size = 0;
  for (size_t k = 0; k < found.size(); k++) {
    apart += (found[k] - wanted[k]) * (found[k] - wanted[k]);
    size += wanted[k] * wanted[k];
  }
  return sqrt(apart) / (size > 0 ? sqrt(size) : 1);
}

// Memory from a cache line on, of just so many bytes.
struct Memory : std::unique_ptr<void, void (*)(void*)> {
  explicit Memory(int64_t bytes)
      : std::unique_ptr<void, void (*)(void*)>(aligned_alloc(64, (bytes + 63) / 64 * 64), free) {}
};

}  // namespace

#endif
