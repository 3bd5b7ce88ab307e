// An instruction that dbt lacks is SIGILL, and a line that names it.
// RUN: %cc -nostdlib -static %s -o %t && %dbt-lift --list-unsupported %t | FileCheck %s --check-prefix=LIST
// RUN: not --crash %dbt-run --tier=interp %t 2>&1 | FileCheck %s
// RUN: not --crash %dbt-run --tier=jit %t 2>&1 | FileCheck %s
// -d unimp says it once more where the log is not stderr itself.
// RUN: not --crash %dbt-run -d unimp %t 2>&1 | FileCheck %s --check-prefixes=CHECK,ONCE
// RUN: rm -f %t.log && not --crash %dbt-run -d unimp -D %t.log %t 2>&1 | FileCheck %s --check-prefixes=CHECK,ONCE
// RUN: FileCheck %s --check-prefixes=CHECK,ONCE < %t.log
// CHECK: dbt-run: error: unimplemented instruction at 0x{{[0-9a-f]+}}: 62 f1 74 48 58 d0 vaddps
// ONCE-NOT: unimplemented
// LIST: 1 vaddps
// LIST: 3 of 4 instructions covered
.globl _start
_start:
  vaddps %zmm0, %zmm1, %zmm2
  mov $60, %eax
  xor %edi, %edi
  syscall
