// -cpu MODEL,vendor=...: the maker that CPUID names, and a family and features that are that maker's.
// RUN: %cc -nostdlib -static %s -o %t
//
// The exit status has 1 for Intel and 2 for AMD in leaf 0, 4 and 8 for the same in leaf
// 0x80000000, where Intel's is empty, 16 if an AMD has a family from 10h on.
// RUN: %status 5 %dbt-run -cpu max,vendor=intel %t
// RUN: %status 26 %dbt-run -cpu max,vendor=amd %t
// RUN: %status 5 %dbt-run -cpu x86-64-v2,vendor=amd,vendor=intel,-popcnt %t
// RUN: %status 26 %dbt-run --tier=jit -cpu x86-64,vendor=amd %t
// RUN: %dbt-run -cpu max,vendor=intel /bin/true
// RUN: %dbt-run -cpu max,vendor=amd /bin/true
//
// RUN: not %dbt-run -cpu max,vendor=via %t 2>&1 | FileCheck %s
// CHECK: unknown vendor 'via': intel and amd are known

.intel_syntax noprefix
.globl _start
_start:
  xor   r12d, r12d
  xor   eax, eax
  cpuid
  call  maker
  or    r12d, eax
  mov   eax, 0x80000000
  cpuid
  mov   eax, 1
  test  ecx, ecx
  je    1f
  call  maker
1: shl  eax, 2
  or    r12d, eax
  mov   eax, 1
  cpuid
  shr   eax, 8
  and   eax, 15
  test  r12d, 2
  je    2f
  cmp   eax, 15
  jne   2f
  or    r12d, 16
2: mov  edi, r12d
  mov   eax, 60
  syscall

maker:
  xor   eax, eax
  cmp   ecx, 0x6c65746e
  sete  al
  cmp   ecx, 0x444d4163
  jne   3f
  or    eax, 2
3: ret
