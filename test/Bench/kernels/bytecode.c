// A bytecode interpreter with a jump table.
// SIZES: 5000000 35000000
#include "kernel.h"
enum { Push, Add, Sub, Mul, Dup, Swap, Drop, Jnz, Dec, Halt };
uint64_t kernel(long n) {
  // stack: accumulator, counter
  static const int code[] = {Push, 7, Add, Dup, Push, 3, Mul, Add, Swap, Dec, Dup, Push, 0, Add, Drop, Swap, Jnz, 0, Halt};
  uint64_t stack[64], *sp = stack;
  *sp++ = (uint64_t)n;
  *sp++ = 1;
  const int *pc = code;
  for (;;) {
    switch (*pc++) {
    case Push: *sp++ = (uint64_t)*pc++; break;
    case Add: sp--; sp[-1] += sp[0]; break;
    case Sub: sp--; sp[-1] -= sp[0]; break;
    case Mul: sp--; sp[-1] *= sp[0]; break;
    case Dup: *sp = sp[-1]; sp++; break;
    case Swap: { uint64_t t = sp[-1]; sp[-1] = sp[-2]; sp[-2] = t; break; }
    case Drop: sp--; break;
    case Dec: sp[-1]--; break;
    case Jnz: if (sp[-2]) pc = code + *pc; else pc++; break;
    case Halt: return sp[-1];
    }
  }
}
