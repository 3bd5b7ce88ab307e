// A loop that patches the immediate operand of its own next instruction, a
// million times.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,check-jit %t
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

// mov ecx, 1000000; xor eax, eax
// 1: mov [rip + 2f + 1], ecx; 2: mov edx, imm32; add rax, rdx; dec ecx; jnz 1b; ret
static const unsigned char code[] = {
    0xb9, 0x40, 0x42, 0x0f, 0x00, 0x31, 0xc0, 0x89, 0x0d, 0x01, 0x00, 0x00, 0x00,
    0xba, 0x00, 0x00, 0x00, 0x00, 0x48, 0x01, 0xd0, 0xff, 0xc9, 0x75, 0xee, 0xc3};

int main(void) {
  void *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(p, code, sizeof code);
  printf("%lu\n", ((unsigned long (*)(void))p)());
  return 0;
}
