// Small functions whose code becomes part of their callers' regions, and what a translation
// must not take for granted of them: that they return to where they were called from, that
// they return at all, that a pointer leads where it has led before.
// RUN: %cc -O1 -no-pie %s -o %t
// RUN: %check-tiers --expect=0 %t
// That it has happened: a hundred times over, so that there is time for it on a busy machine, too.
// RUN: rm -f %t.log && %dbt-run --tier=auto --no-copy --tier-threshold=300 -d ir -D %t.log %t 100 > /dev/null && grep -c -- --target= %t.log | FileCheck %s
// CHECK: {{^[1-9]}}
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Rounds = 30000 };

uint64_t plus(uint64_t x), skips(uint64_t x), pops(uint64_t x), drops(uint64_t x), sum(uint64_t n);
__asm__(".text\n"
        "plus: lea 3(%rdi), %rax\n"
        "  ret\n"
        // Returns behind the two bytes that follow its call, every seventh time.
        "skips: mov %rdi, %rax\n"
        "  imul $0x6db6db7, %edi, %edi\n"
        "  cmp $613566757, %edi\n"
        "  ja 1f\n"
        "  addq $2, (%rsp)\n"
        "1: ret\n"
        // Jumps to its return address.
        "pops: pop %rcx\n"
        "  lea 5(%rdi), %rax\n"
        "  jmp *%rcx\n"
        // Takes an argument off the stack.
        "drops: mov 8(%rsp), %rax\n"
        "  add %rdi, %rax\n"
        "  ret $8\n"
        // A loop of its own.
        "sum: xor %eax, %eax\n"
        "1: add %rdi, %rax\n"
        "  dec %rdi\n"
        "  jns 1b\n"
        "  ret\n"
        // What calls them.
        ".globl caller\n"
        "caller: push %rbx\n"
        "  push %rbp\n"
        "  mov %rdi, %rbx\n"
        "  xor %ebp, %ebp\n"
        "2: mov %rbx, %rdi\n"
        "  call plus\n"
        "  add %rax, %rbp\n"
        "  mov %rbx, %rdi\n"
        "  call skips\n"
        "  inc %ebp\n"
        "  add %rax, %rbp\n"
        "  mov %rbx, %rdi\n"
        "  call pops\n"
        "  rol $7, %rbp\n"
        "  xor %rax, %rbp\n"
        "  push %rbx\n"
        "  mov %rbp, %rdi\n"
        "  call drops\n"
        "  xor %rax, %rbp\n"
        "  mov %rbx, %rdi\n"
        "  and $7, %edi\n"
        "  call sum\n"
        "  adc %rax, %rbp\n" // with the carry that the loop has left
        "  dec %rbx\n"
        "  jnz 2b\n"
        "  mov %rbp, %rax\n"
        "  pop %rbp\n"
        "  pop %rbx\n"
        "  ret\n");
uint64_t caller(uint64_t n);

static jmp_buf out;
static int rare;
__attribute__((noinline)) static void rarely(uint64_t x) {
  rare++;
  if (x % 3000 == 999)
    longjmp(out, 1);
}
__attribute__((noinline)) static uint64_t mayLeave(uint64_t x) {
  if (x % 1000 == 999)
    rarely(x);
  return x * 7;
}

__attribute__((noinline)) static uintptr_t whereTo(void) { return (uintptr_t)__builtin_return_address(0); }

static uint64_t twice(uint64_t x) { return x * 2; }
static uint64_t odd(uint64_t x) { return x & 1 ? x : 0; }
static uint64_t flip(uint64_t x) { return ~x; }
static uint64_t turn(uint64_t x) { return x << 9 | x >> 55; }

static void runAll(void) {
  printf("%llx\n", (unsigned long long)caller(Rounds));

  volatile uint64_t i = 0, total = 0;
  if (setjmp(out))
    i++;
  for (; i < Rounds; i++)
    total += mayLeave(i);
  printf("%llx %d\n", (unsigned long long)total, rare);

  uintptr_t sites = 0;
  for (int k = 0; k < Rounds; k++)
    sites ^= whereTo() * (k & 3) + whereTo();
  printf("%llx\n", (unsigned long long)sites);

  uint64_t (*const functions[])(uint64_t) = {twice, odd, flip, turn};
  uint64_t (*volatile pointer)(uint64_t) = twice;
  uint64_t x = 1;
  for (uint64_t k = 0; k < Rounds; k++) {
    x ^= functions[k & (k < Rounds / 2 ? 1 : 3)](k) + pointer(x);
    if (k == Rounds / 3)
      pointer = turn;
  }
  printf("%llx\n", (unsigned long long)x);

  char text[64] = "";
  size_t length = 0;
  for (int k = 0; k < Rounds; k++) {
    memset(text, 'a' + k % 26, (size_t)k % 60);
    text[k % 60] = 0;
    length += strlen(text) + (strchr(text, 'q') != 0);
  }
  printf("%zu\n", length);
}

int main(int argc, char **argv) {
  for (int times = argc > 1 ? atoi(argv[1]) : 1; times > 0; times--)
    runAll();
  return 0;
}
