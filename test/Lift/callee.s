// A small function's code in its caller's region (--target): no host call, no flags, and of
// its call and return what the guest can see: the address that it pushes and comes back to.
// RUN: %cc -c %s -o %t.o && %cc -nostdlib -static -Wl,-Ttext=0x401000,-e,direct %t.o -o %t
// RUN: %dbt-lift --entry=401000 --target=401009:401040 --emit=asm %t | FileCheck %s --check-prefix=DIRECT
// RUN: %dbt-lift --entry=401020 --target=401023:401040 --emit=asm %t | FileCheck %s --check-prefix=INDIRECT
// RUN: %dbt-lift --entry=401020 --target=401023:401050 %t | FileCheck %s --check-prefix=LARGE
// RUN: %dbt-lift --entry=401000 --target=401009:401048 --emit=asm %t | FileCheck %s --check-prefix=WRONG

// DIRECT-LABEL: region_401000:
// DIRECT: [[HEAD:\.LBB[0-9_]+]]:
// DIRECT-NOT: call
// DIRECT: movq $4198414, -8(%{{r[a-z0-9]+}})
// DIRECT-NOT: call
// DIRECT: cmpl $0, %gs:
// DIRECT: je [[HEAD]]
// DIRECT-NOT: call
.globl direct
direct:
  mov $100, %ecx
  nop
1: mov %rcx, %rdi
  call small
  sub $1, %rcx
  jnz 1b
  ret

// Where a pointer has led to is compared with where it leads now; else the call is as ever.
// INDIRECT-LABEL: region_401020:
// INDIRECT: cmpq $4198464, %{{r[a-z0-9]+}}
// INDIRECT: leaq 3(%{{r[a-z0-9]+}})
// INDIRECT: callq *(%r
.org 0x20
indirect:
  mov (%rdi), %rax
  call *%rax
  ret

.org 0x40
small:
  lea 3(%rdi), %rax
  ret

// Nothing but its own target becomes a direct call's.
// WRONG-LABEL: region_401000:
// WRONG: slot_401040(%rip)
// WRONG: callq
// WRONG-NOT: leaq 5(
.org 0x48
other:
  lea 5(%rdi), %rax
  ret

// What calls something is no such function.
// LARGE-NOT: bb_401050
.org 0x50
calls:
  call small
  ret
