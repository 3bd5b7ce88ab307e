# Whatever compiled code does wrong, --check says so, and where. The compiler here
# (WrongCompiler.cpp) makes the error that it is asked for.
# RUN: %cc -nostdlib -static -no-pie -Wl,-Ttext=0x401000 %s -o %t
# RUN: rm -rf %t.dbt && mkdir -p %t.dbt/bin %t.dbt/lib
# RUN: cp %dbt-run %t.dbt/bin/ && cp %build/lib/libdbt-wrong-jit.so %t.dbt/lib/libdbt-jit.so
#
# Without an error all is well.
# RUN: %t.dbt/bin/dbt-run --check --tier=jit --stats=json %t 2>&1 | %python -c 'import json, sys; s = json.load(sys.stdin); assert s["checked_entries"] == 10 == s["checked_insns"] and s["unchecked_entries"] == 0, s'
#
# RUN: env DBT_WRONG=register %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,REGISTER
# RUN: env DBT_WRONG=vector %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,VECTOR
# RUN: env DBT_WRONG=flags %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,FLAGS
# RUN: env DBT_WRONG=store %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,STORE
# RUN: env DBT_WRONG=nostore %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,NOSTORE
# RUN: env DBT_WRONG=rip %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,RIP
# RUN: env DBT_WRONG=count %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,COUNT
# RUN: env DBT_WRONG=trap %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,TRAP
# RUN: env DBT_WRONG=fault %status -6 %t.dbt/bin/dbt-run --check --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=ALL,FAULT
#
# ALL: dbt-run: check: compiled code differs from the interpreter
# ALL-NEXT: entered at 0x401016, left at 0x401018 after
# REGISTER-NEXT: {{^}}  r12: compiled 0x8000000000000000, interpreted 0x0{{$}}
# VECTOR-NEXT: {{^}}  xmm15: compiled 0x00000000000000010000000000000000, interpreted 0x00000000000000000000000000000000{{$}}
# FLAGS-NEXT: {{^}}  flags: compiled PF ZF, interpreted none{{$}}
# STORE-NEXT: {{^}}  memory at 0x{{[0-9a-f]+}}: compiled 09 00 00 00, interpreted 08 00 00 00{{$}}
# NOSTORE-NEXT: {{^}}  memory at 0x{{[0-9a-f]+}}: compiled 01 00 00 00, interpreted 08 00 00 00{{$}}
# RIP-NEXT: {{^}}  rip: compiled 0x401019, interpreted 0x401018{{$}}
# COUNT-NEXT: {{^}}  compiled code runs 2 instructions, the interpreter stops after 1{{$}}
# TRAP-NEXT: {{^}}  compiled code raises exception 1 after 0 instructions, the interpreter none{{$}}
# FAULT-NEXT: {{^}}  compiled code faults, accessing 0x0; the interpreter does not{{$}}
# ALL-NEXT: guest code:
# ALL-NEXT: 401016: add dword ptr [rdi], eax
# ALL-NEXT: to see the region: setarch -R dbt-run --check --tier=jit -d in_asm,ir_opt,out_asm -dfilter 0x401016+1 {{.*}}wrong.s.tmp
#
# A wrong value without --check goes unnoticed.
# RUN: env DBT_WRONG=register %t.dbt/bin/dbt-run --tier=jit %t
.globl _start
_start:
  lea number(%rip), %rdi
  mov $7, %eax
  mov $10, %ecx
1: xor %edx, %edx
  jmp 2f
  nop
2: add %eax, (%rdi)
  dec %ecx
  jnz 1b
  mov $60, %eax
  xor %edi, %edi
  syscall
.data
number: .long 1
