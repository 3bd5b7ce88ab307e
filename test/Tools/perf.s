# What perf is told of compiled code: names from the guest's symbols, and for each
# instruction the guest's file and the address there.
# RUN: rm -rf %t.dir && mkdir %t.dir && %cc -nostdlib -static -Wl,-Ttext=0x401000 %s -o %t.dir/guest
# RUN: cd %t.dir && /bin/sh -c 'echo $$ > pid; exec %dbt-run --tier=jit -O1 -perfmap -jitdump ./guest'
# RUN: cd %t.dir && /bin/sh -c 'p=$(cat pid); %python %support/jitdump.py jit-$p.dump /tmp/perf-$p.map; rm /tmp/perf-$p.map' > out && FileCheck %s < out
#
# A position-independent program's lines are its file's addresses, too.
# RUN: cd %t.dir && %cc -nostdlib -static-pie %s -o pie
# RUN: cd %t.dir && /bin/sh -c 'echo $$ > pid; exec %dbt-run --tier=jit -O0 -perfmap -jitdump ./pie'
# RUN: cd %t.dir && /bin/sh -c 'p=$(cat pid); %python %support/jitdump.py jit-$p.dump /tmp/perf-$p.map; rm /tmp/perf-$p.map' > out && FileCheck %s --check-prefix=PIE < out
#
# A child has files of its own.
# RUN: rm -f %t.dir/*.dump && cd %t.dir && %dbt-run --tier=jit -jitdump /bin/sh -c '(:; :); :' && ls | grep -c '^jit-.*dump' > count && FileCheck %s --check-prefix=FORK < count
#
# CHECK: {{^}}code _start {{[0-9]+$}}
# CHECK-NEXT: {{^}}  0 {{.*}}/guest:401000{{$}}
# CHECK: {{^}}  {{.*}}/guest:40100e{{$}}
# CHECK: {{^}}code twice {{[0-9]+$}}
# CHECK: {{^}}  {{.*}}/guest:{{[0-9a-f]+$}}
# PIE: {{^}}code _start {{[0-9]+$}}
# PIE-NEXT: {{^}}  0 {{.*}}/pie:1{{...$}}
# PIE: {{^}}code twice {{[0-9]+$}}
# FORK: 2
.globl _start, twice
.type _start, @function
.type twice, @function
_start:
  mov $100, %edi
  xor %ebx, %ebx
  lea twice(%rip), %rsi
1: call *%rsi # by name it would be part of _start's region
  add %eax, %ebx
  dec %edi
  jnz 1b
  mov $60, %eax
  xor %edi, %edi
  syscall
.size _start, .-_start
twice:
  lea (%rdi,%rdi), %eax
  ret
.size twice, .-twice
