# --print-regions=dot: what dbt-lift finds and what dbt-run compiles, as graphs.
# RUN: %cc -nostdlib -static -Wl,-Ttext=0x401000 %s -o %t && rm -f %t.log
# RUN: %dbt-lift --print-regions=dot --entry=401000 %t | FileCheck %s --check-prefix=ALL
# RUN: %dbt-run --tier=jit -O1 --print-regions=dot -D %t.log %t && FileCheck %s --check-prefixes=ALL,COMPILED < %t.log
# RUN: %dbt-run --tier=jit --print-regions=dot -dfilter 401000+1 %t 2>&1 | grep -c digraph | FileCheck %s --check-prefix=FILTER
# RUN: not %dbt-run --print-regions=text %t 2>&1 | FileCheck %s --check-prefix=BAD
# RUN: not %dbt-lift --print-regions=text %t 2>&1 | FileCheck %s --check-prefix=BAD
#
# ALL: {{^}}digraph "region_401000" {{{$}}
# ALL: entry_401000 -> block_401000;
# COMPILED: entry_40100f -> block_40100f;
# ALL: {{^}}  block_401000 [label="401000: mov ecx, 0x64\l401005: xor eax, eax\l"];{{$}}
# ALL-NEXT: {{^}}  block_401000 -> block_401007;{{$}}
# ALL-NEXT: {{^}}  block_401007 [label="401007: cmp eax, 0x32\l40100a: call 0x40101a\l"];{{$}}
# ALL-NEXT: {{^}}  out_1 [shape=oval, label="call 0x40101a"];{{$}}
# ALL-NEXT: {{^}}  block_401007 -> out_1;{{$}}
# ALL-NEXT: {{^}}  block_401007 -> block_40100f [label="return"];{{$}}
# ALL-NEXT: {{^}}  block_40100f [label="40100f: dec ecx\l401011: jne 0x401007\l"];{{$}}
# ALL-NEXT: {{^}}  block_40100f -> block_401007 [label="taken"];{{$}}
# ALL-NEXT: {{^}}  block_40100f -> block_401013;{{$}}
# ALL-NEXT: {{^}}  block_401013 [label="401013: mov al, 0x3c\l401015: xor edi, edi\l401017: syscall\l"];{{$}}
# ALL-NEXT: {{^}}  out_2 [shape=oval, label="system call"];{{$}}
# ALL-NEXT: {{^}}  block_401013 -> out_2;{{$}}
# ALL-NEXT: {{^}}}{{$}}
# COMPILED: {{^}}digraph "region_40101a" {{{$}}
# COMPILED: label="return"
# FILTER: 1
# BAD: error: {{.*}}'text' is not dot
.globl _start
_start:
  mov $100, %ecx
  xor %eax, %eax
1: cmp $50, %eax
  call 2f
  dec %ecx
  jnz 1b
  mov $60, %al
  xor %edi, %edi
  syscall
  nop
2: ret
