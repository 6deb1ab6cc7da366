// Sizes, and how rows and memory are cut into parts.

#ifndef ASSAY_PARTS_H
#define ASSAY_PARTS_H

#include <stdint.h>

namespace {

// Floats of a cache line, on nearly every processor.
constexpr int64_t LINE = 16;

constexpr int64_t up_to(int64_t size, int64_t multiple) {
  return (size + multiple - 1) / multiple * multiple;
}

// Rows cut into the fewest parts of at most `most`, of nearly the same size.
struct Split {
  int64_t rows, count;

  Split(int64_t all, int64_t most) : rows(all), count(up_to(all, most) / most) {}
  int64_t start(int64_t part) const { return part * rows / count; }
  int64_t size(int64_t part) const { return start(part + 1) - start(part); }
};

// Cuts the workspace into pieces, each from a cache line on; without one, adds up what they need.
struct Workspace {
  char* memory;
  int64_t used = 0;

  explicit Workspace(void* memory) : memory((char*)memory) {}

  template <class T>
  T* take(int64_t count) {
    T* piece = memory ? (T*)(memory + used) : nullptr;
    used += up_to(count * (int64_t)sizeof(T), 64);
    return piece;
  }
};

}  // namespace

#endif
