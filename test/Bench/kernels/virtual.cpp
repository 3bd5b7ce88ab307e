// C++ virtual calls with exceptions.
// SIZES: 300000000 900000000
extern "C" {
#include "kernel.h"
}
#include <stdexcept>
struct Shape {
  virtual ~Shape() {}
  virtual uint64_t area(uint64_t i) = 0;
};
struct Square : Shape { uint64_t area(uint64_t i) override { return i * i; } };
struct Line : Shape { uint64_t area(uint64_t i) override { return i & 1; } };
struct Bad : Shape {
  uint64_t area(uint64_t i) override {
    if (i % 4096 == 2)
      throw std::out_of_range("bad");
    return 3;
  }
};
extern "C" uint64_t kernel(long n) {
  Square square;
  Line line;
  Bad bad;
  Shape *shapes[] = {&square, &line, &bad, &square};
  uint64_t sum = 0;
  for (long i = 0; i < n; i++) {
    try {
      sum += shapes[i & 3]->area((uint64_t)i);
    } catch (const std::exception &) {
      sum += 1000;
    }
  }
  return sum;
}
