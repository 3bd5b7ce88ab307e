// Scalar double with sqrt and division.
// SIZES: 2000000 12000000
#include "kernel.h"
#include <math.h>
#include <string.h>
struct Body { double p[3], v[3], m; };
uint64_t kernel(long n) {
  struct Body b[5] = {{{0, 0, 0}, {0, 0, 0}, 39.5},
                      {{4.84, -1.16, -0.10}, {0.6, 2.8, -0.02}, 0.037},
                      {{8.34, 4.12, -0.4}, {-1.01, 1.8, 0.008}, 0.011},
                      {{12.89, -15.11, -0.22}, {1.08, 0.86, -0.01}, 0.0017},
                      {{15.37, -25.9, 0.17}, {0.97, 0.59, -0.03}, 0.002}};
  for (long step = 0; step < n; step++) {
    for (int i = 0; i < 5; i++)
      for (int j = i + 1; j < 5; j++) {
        double d[3], d2 = 0;
        for (int k = 0; k < 3; k++) {
          d[k] = b[i].p[k] - b[j].p[k];
          d2 += d[k] * d[k];
        }
        double mag = 0.001 / (d2 * sqrt(d2));
        for (int k = 0; k < 3; k++) {
          b[i].v[k] -= d[k] * b[j].m * mag;
          b[j].v[k] += d[k] * b[i].m * mag;
        }
      }
    for (int i = 0; i < 5; i++)
      for (int k = 0; k < 3; k++)
        b[i].p[k] += 0.001 * b[i].v[k];
  }
  uint64_t bits;
  memcpy(&bits, &b[0].p[0], 8);
  return bits;
}
