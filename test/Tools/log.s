// What -d prints, and what -dfilter leaves of it.
// RUN: %cc -nostdlib -static %s -o %t -Wl,-Ttext=0x401000 && rm -f %t.*
// RUN: %dbt-run --tier=jit -O1 -d in_asm,out_asm -D %t.asm %t && FileCheck %s --check-prefix=ASM < %t.asm
// RUN: %dbt-run --tier=jit -O1 -d ir,ir_opt -D %t.ir %t && FileCheck %s --check-prefix=IR < %t.ir
// RUN: %dbt-run --tier=interp -d exec -D %t.exec %t && FileCheck %s --check-prefix=EXEC < %t.exec
// RUN: %dbt-run --tier=interp -d exec -dfilter 401007..40100a -D %t.few %t && FileCheck %s --check-prefix=FEW < %t.few
// RUN: %dbt-run --no-copy --tier-threshold=10 -d tier -D %t.tier.%d %t && cat %t.tier.* | FileCheck %s --check-prefix=TIER
// RUN: %dbt-run --no-copy --tier-threshold=1000 -d tier -D %t.cool %t && count 0 < %t.cool
// RUN: %dbt-run --tier=jit -one-insn-per-region -d in_asm -D %t.one %t && FileCheck %s --check-prefix=ONE < %t.one
//
// -dfilter is by a region's entry, in three spellings; an item by itself prints
// nothing of the others.
// RUN: %dbt-run --tier=jit -d in_asm,tier -dfilter 401000..401000 -D %t.f1 %t && FileCheck %s --check-prefix=IN < %t.f1
// RUN: %dbt-run --tier=jit -d in_asm,tier -dfilter 0x401000+1 -D %t.f2 %t && cmp %t.f1 %t.f2
// RUN: %dbt-run --tier=jit -d in_asm,tier -dfilter 401004-4 -D %t.f3 %t && cmp %t.f1 %t.f3
// RUN: %dbt-run --tier=jit -d in_asm,ir,ir_opt,out_asm,tier -dfilter 401001..402000,1000+10 -D %t.f4 %t && count 0 < %t.f4
// RUN: %dbt-run --tier=jit -d ir -D %t.i1 %t && FileCheck %s --check-prefix=ONLYIR < %t.i1
// RUN: %dbt-run --tier=jit -d ir_opt -D %t.i2 %t && FileCheck %s --check-prefix=ONLYOPT < %t.i2
// RUN: %dbt-run --tier=jit -d out_asm -D %t.i3 %t && FileCheck %s --check-prefix=ONLYOUT < %t.i3
//
// Without -D the log is on stderr. -D appends, and children go on in their parent's.
// RUN: %dbt-run --tier=jit -d tier %t 2>&1 >/dev/null | FileCheck %s --check-prefix=STDERR
// RUN: %dbt-run --tier=jit -d tier -D %t.twice %t && %dbt-run --tier=jit -d tier -D %t.twice %t && FileCheck %s --check-prefix=TWICE < %t.twice
// RUN: %dbt-run --tier=jit -d tier -D %t.family /bin/sh -c '%t; :' && FileCheck %s --check-prefix=STDERR < %t.family
//
// RUN: %dbt-run -d help | FileCheck %s --check-prefix=HELP
//
// Side by side: what became nothing has nothing beside it.
// ASM: {{^}}in_asm,out_asm: region_401000
// ASM-NEXT: {{^}} | region_401000:
// ASM-DAG: {{^}} 401000: mov ecx, 0x64
// ASM-DAG: {{^}} 401007: add eax, ecx | {{[a-z]+ .+}}
// ASM-DAG: {{^}} 401009: dec ecx
// ASM-DAG: {{^}} 40100b: jne 0x401007 |
// ASM-DAG: {{^}} | cmp dword ptr gs:
// ASM-DAG: {{^}} 401014: syscall{{$}}
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
// ONE: in_asm: region_401000
// ONE-NEXT: 401000: mov ecx, 0x64
// ONE-NEXT: in_asm: region_401005
// ONE-NEXT: 401005: xor eax, eax
// ONE-NEXT: in_asm: region_401007
// IN: in_asm: region_401000
// IN: tier: published 401000
// IN-NOT: tier:
// ONLYIR: ir: dbt-lift --entry=401000 --blocks=401000,401007,40100d --max-insns={{[0-9]+}} -O0
// ONLYIR-NOT: {{in_asm|ir_opt|out_asm|tier}}:
// ONLYOPT: ir_opt: dbt-lift --entry=401000 --blocks=401000,401007,40100d --max-insns={{[0-9]+}} -O0
// ONLYOPT-NOT: {{in_asm|ir|out_asm|tier}}:
// ONLYOUT: {{^}}out_asm: region_401000
// ONLYOUT-NEXT: {{^}} region_401000:
// ONLYOUT-NEXT: {{^}} mov
// ONLYOUT-NOT: {{(in_asm|ir|ir_opt|tier|^ 401000):}}
// STDERR: tier: published 401000
// TWICE-COUNT-2: tier: published 401000
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
