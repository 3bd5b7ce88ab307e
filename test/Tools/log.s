// What -d prints, and what -dfilter leaves of it.
// RUN: %cc -nostdlib -static %s -o %t -Wl,-Ttext=0x401000 && rm -f %t.*
// RUN: %dbt-run --tier=jit -O1 -d in_asm,out_asm -D %t.asm %t && FileCheck %s --check-prefix=ASM < %t.asm
// RUN: %dbt-run --tier=jit -O1 -d ir,ir_opt -D %t.ir %t && FileCheck %s --check-prefix=IR < %t.ir
// RUN: %dbt-run --tier=interp -d exec -D %t.exec %t && FileCheck %s --check-prefix=EXEC < %t.exec
// RUN: %dbt-run --tier=interp -d exec -dfilter 401007..40100a -D %t.few %t && FileCheck %s --check-prefix=FEW < %t.few
// RUN: %dbt-run --tier-threshold=10 -d tier -D %t.tier.%d %t && cat %t.tier.* | FileCheck %s --check-prefix=TIER
// RUN: %dbt-run -d help | FileCheck %s --check-prefix=HELP
//
// ASM: in_asm: region_401000
// ASM-NEXT: 401000: mov ecx, 0x64
// ASM-NEXT: 401005: xor eax, eax
// ASM-NEXT: 401007: add eax, ecx
// ASM-NEXT: 401009: dec ecx
// ASM-NEXT: 40100b: jne 0x401007
// ASM: out_asm: region_401000
// ASM: region_401000:
// ASM: addl
// ASM: decq
// IR: ir:
// IR: define {{.*}} @region_401000(
// IR: ; 401007: add eax, ecx
// IR: ir_opt:
// IR: define {{.*}} @region_401000(
// IR: phi
// EXEC: exec: 401000 5
// EXEC-COUNT-99: exec: 401007 3
// FEW-NOT: 401000
// FEW-COUNT-99: exec: 401007 3
// TIER: tier: hot 401007
// HELP-DAG: in_asm
// HELP-DAG: out_asm
// HELP-DAG: ir_opt
// HELP-DAG: unimp
.globl _start
_start:
  mov $100, %ecx
  xor %eax, %eax
1: add %ecx, %eax
  dec %ecx
  jnz 1b
  mov $60, %eax
  xor %edi, %edi
  syscall
