# --print-regions=dot: what dbt-lift finds and what dbt-run compiles, as graphs.
# RUN: %cc -nostdlib -static -Wl,-Ttext=0x401000 %s -o %t && rm -f %t.log
# RUN: %dbt-lift --print-regions=dot --entry=401000 %t | FileCheck %s --check-prefixes=ALL,HOST
# RUN: %dbt-lift --print-regions=dot --entry=401000 --target=40100a:40101a %t | FileCheck %s --check-prefixes=ALL,INSIDE
# RUN: %dbt-run --tier=jit -O1 --print-regions=dot -D %t.log %t && FileCheck %s --check-prefixes=ALL,COMPILED,INSIDE < %t.log
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
# HOST-NEXT: {{^}}  out_1 [shape=oval, label="call 0x40101a"];{{$}}
# HOST-NEXT: {{^}}  block_401007 -> out_1;{{$}}
# HOST-NEXT: {{^}}  block_401007 -> block_40100f [label="return"];{{$}}
# INSIDE-NEXT: {{^}}  block_401007 -> block_40101a [label="call"];{{$}}
# ALL-NEXT: {{^}}  block_40100f [label="40100f: dec ecx\l401011: jne 0x401007\l"];{{$}}
# ALL-NEXT: {{^}}  block_40100f -> block_401007 [label="taken"];{{$}}
# ALL-NEXT: {{^}}  block_40100f -> block_401013;{{$}}
# ALL-NEXT: {{^}}  block_401013 [label="401013: mov al, 0x3c\l401015: xor edi, edi\l401017: syscall\l"];{{$}}
# ALL-NEXT: {{^}}  out_{{[12]}} [shape=oval, label="system call"];{{$}}
# ALL-NEXT: {{^}}  block_401013 -> out_{{[12]}};{{$}}
# INSIDE-NEXT: {{^}}  block_40101a [label="40101a: ret\l"];{{$}}
# INSIDE-NEXT: {{^}}  block_40101a -> block_40100f [label="return"];{{$}}
# INSIDE-NEXT: {{^}}  out_2 [shape=oval, label="return"];{{$}}
# INSIDE-NEXT: {{^}}  block_40101a -> out_2;{{$}}
# ALL-NEXT: {{^}}}{{$}}
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
