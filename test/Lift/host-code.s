// What the host executes for a few lines of guest code.
// RUN: %cc -c %s -o %t.o && %cc -nostdlib -static -Wl,-e,loop %t.o -o %t
// RUN: %dbt-lift --emit=asm --function=loop,caller,branch,adds %t | FileCheck %s

// A counted loop keeps its registers in host registers: all that it has of CpuState is
// the look at what is pending.
// CHECK-LABEL: region_401000:
// CHECK: [[HEAD:\.LBB[0-9_]+]]:
// CHECK-NOT: {{%gs:|\(%rsp\)}}
// CHECK: addl
// CHECK-NOT: {{%gs:|\(%rsp\)}}
// CHECK: cmpl $0, %gs:
// CHECK: je [[HEAD]]
.globl loop
.type loop, @function
loop:
  xor %eax, %eax
1: add %edi, %eax
  dec %edi
  jnz 1b
  ret
.size loop, .-loop

// A call of a leaf is a host call, and a return a host return.
// CHECK-LABEL: region_{{[0-9a-f]+}}:
// CHECK: callq{{[[:space:]]}}*slot_
// CHECK: retq
.type caller, @function
caller:
  call leaf
  add $1, %rax
  ret
.size caller, .-caller
leaf:
  lea (%rdi,%rsi), %rax
  ret

// CMP and JL are one comparison and one branch.
// CHECK-LABEL: region_{{[0-9a-f]+}}:
// CHECK: cmpq %gs:
// CHECK: cmpq %{{r[a-z0-9]+}}, %{{r[a-z0-9]+}}
// CHECK-NOT: set
// CHECK: {{j(l|ge)}}
.type branch, @function
branch:
  cmp %rsi, %rdi
  jl 1f
  lea 1(%rsi), %rax
  ret
1: mov (%rdi), %rax
  ret
.size branch, .-branch

// ADDPS is one ADDPS.
// CHECK-LABEL: region_{{[0-9a-f]+}}:
// CHECK: addps
// CHECK-NOT: addps
// CHECK: .size
.type adds, @function
adds:
  addps %xmm1, %xmm0
  ret
.size adds, .-adds
