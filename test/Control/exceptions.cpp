// C++ exceptions through ten frames, each with a destructor to run.
// RUN: %cxx -O1 %s -o %t
// RUN: %check-tiers %t
#include <cstdio>
#include <stdexcept>
#include <string>

static long destroyed;
struct Guard {
  ~Guard() { ++destroyed; }
};

__attribute__((noinline)) int frame(int depth, int value) {
  Guard guard;
  if (depth == 0)
    throw std::runtime_error("value " + std::to_string(value));
  return frame(depth - 1, value) + 1;
}

int main() {
  long length = 0;
  for (int i = 0; i < 2000; ++i) {
    try {
      frame(10, i);
    } catch (const std::exception &e) {
      length += std::string(e.what()).size();
    }
  }
  std::printf("%ld %ld\n", length, destroyed);
}
