// -cpu: models and features by name; what is off is not shown, and is SIGILL.
// RUN: %cc -nostdlib -static %s -o %t
// RUN: %dbt-run -cpu help | FileCheck %s --check-prefix=HELP
// RUN: %dbt-run -cpu help-markdown | FileCheck %s --check-prefix=MARKDOWN
//
// The exit status has bit 0 for MOVBE in CPUID, bit 1 for POPCNT; the program
// executes what its argument says.
// RUN: %status 3 %dbt-run %t
// RUN: %status 3 %dbt-run -cpu max %t
// RUN: %status 0 %dbt-run -cpu x86-64 %t
// RUN: %status 2 %dbt-run -cpu x86-64-v2 %t
// RUN: %status 3 %dbt-run -cpu=x86-64-v2,+movbe %t
// RUN: %status 1 %dbt-run --cpu max,-popcnt %t
// RUN: env DBT_CPU=x86-64 %status 0 %dbt-run %t
// RUN: %status 2 %dbt-run -cpu x86-64-v2 /bin/sh -c "%t; exit $?"
//
// RUN: %status 3 %dbt-run -tier=interp %t popcnt
// RUN: %status 3 %dbt-run -tier=jit %t popcnt
// RUN: not --crash %dbt-run -tier=interp -cpu max,-popcnt %t popcnt 2>&1 | FileCheck %s --check-prefix=SILENT --allow-empty
// RUN: not --crash %dbt-run -tier=jit -cpu max,-popcnt %t popcnt 2>&1 | FileCheck %s --check-prefix=SILENT --allow-empty
//
// LZCNT and TZCNT become BSR and BSF.
// RUN: %status 56 %dbt-run -tier=interp -cpu x86-64,+abm,+bmi1 %t 1
// RUN: %status 56 %dbt-run -tier=jit -cpu x86-64,+lzcnt,+bmi1 %t 1
// RUN: %status 57 %dbt-run -tier=interp -cpu x86-64 %t 1
// RUN: %status 57 %dbt-run -tier=jit -cpu x86-64 %t 1
//
// RUN: not %dbt-run -cpu pentium %t 2>&1 | FileCheck %s --check-prefix=MODEL
// RUN: not %dbt-run -cpu max,+x %t 2>&1 | FileCheck %s --check-prefix=FEATURE
// RUN: not %dbt-run -cpu max,popcnt %t 2>&1 | FileCheck %s --check-prefix=SIGN
// A feature takes those that need it with it.
// RUN: %status 0 %dbt-run -cpu max,-sse2,-movbe,-popcnt %t
//
// HELP: models:
// HELP: x86-64-v2
// HELP: max {{.*}}default
// HELP: features
// HELP: fpu x86-64 1:EDX[0]
// HELP-NEXT: tsc
// MARKDOWN: | x86-64-v3 |
// MARKDOWN: | pni | sse3 | 1:ECX[0] | x86-64-v2 | sse2 |
// MODEL: dbt-run: error: for the option '--cpu=MODEL': unknown model 'pentium'; '-cpu help' lists them
// SILENT-NOT: unimplemented
// FEATURE: unknown feature 'x'; '-cpu help' lists them
// SIGN: 'popcnt' is neither +FEATURE nor -FEATURE

.intel_syntax noprefix
.globl _start
_start:
  cmp   qword ptr [rsp], 1
  je    show
  mov   rax, [rsp + 16]
  cmp   byte ptr [rax], '1'
  je    count
  popcnt eax, eax
show:
  mov   eax, 1
  cpuid
  mov   edi, ecx
  shr   edi, 22
  and   edi, 3
exit:
  mov   eax, 60
  syscall
count:
  mov   ecx, 0x80
  lzcnt edi, ecx
  xor   ecx, ecx
  mov   eax, 50
  tzcnt eax, ecx
  add   edi, eax
  jmp   exit
