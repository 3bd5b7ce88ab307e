// What the IR of small pieces of code looks like.
// RUN: %cc -c %s -o %t.o && %cc -nostdlib -static -Wl,-e,adds %t.o -o %t
// RUN: %dbt-lift --function=adds,branch,loop,leaf,caller,deadflags,liveflags,locked,jumps,vector,partial,dense %t > %t.ll
// RUN: FileCheck %s < %t.ll

// An operation on memory: one load, one add; its flags are dead and gone, but for
// the thunk that leaves with the region.
// CHECK-LABEL: define x86_regcallcc %guest @region_{{[0-9a-f]+}}(i64 %rax, i64 %rcx, i64 %rdx, i64 %rbx, i64 %rsp, i64 %rbp, i64 %rsi, i64 %rdi,
// CHECK: add i64 %rdi, 8
// CHECK: load i32
// CHECK: add i32
// CHECK-NOT: ctpop
// CHECK: insertvalue %guest poison, i64 %rsi
.globl adds, branch, loop, leaf, caller, deadflags, liveflags, locked, jumps, vector, table
.type adds, @function
adds:
  xor %ecx, %ecx
  add 8(%rdi), %esi
  mov %esi, %eax
  ret
.size adds, .-adds

// CMP and a conditional jump are one comparison, here of the operands themselves.
// CHECK-LABEL: define x86_regcallcc
// CHECK: icmp slt i64 %rdi, %rsi
// CHECK-NEXT: br i1
.type branch, @function
branch:
  cmp %rsi, %rdi
  jl 1f
  lea 1(%rsi), %rax
  ret
1: mov (%rdi), %rax
  ret
.size branch, .-branch

// A counted loop keeps its registers in SSA values, and has a safepoint.
// CHECK-LABEL: define x86_regcallcc
// CHECK: [[HEAD:bb_[0-9a-f]+]]:
// CHECK-DAG: %rdi.at{{.*}} = phi i32
// CHECK-DAG: %rax.at{{.*}} = phi i32
// CHECK-NOT: store
// CHECK: icmp eq i32
// CHECK: asm {{.*}}"cmpl $$0, %gs:
// CHECK: br i1 {{.*}} label %[[HEAD]]
.type loop, @function
loop:
  xor %eax, %eax
1: add %edi, %eax
  dec %edi
  jnz 1b
  ret
.size loop, .-loop

// A leaf reads its return address, and returns it.
// CHECK-LABEL: define x86_regcallcc
// CHECK-DAG: add i64 %rsp, 8
// CHECK-DAG: [[AT:%[0-9]+]] = inttoptr i64 %rsp to ptr
// CHECK-DAG: load i64, ptr [[AT]]
// CHECK-DAG: mul nsw i128
.type leaf, @function
leaf:
  mov %rdi, %rax
  imul %rsi, %rax
  ret
.size leaf, .-leaf

// A call stores the guest's own return address and is a call of the host's; what
// comes back is compared with it.
// CHECK-LABEL: define x86_regcallcc
// CHECK: [[SP:%.*]] = add i64 %rsp, -8
// CHECK: store i64 [[BACK:[0-9]+]], ptr
// CHECK: [[CODE:%.*]] = load ptr, ptr @slot_{{[0-9a-f]+}}
// CHECK: [[RESULT:%.*]] = call x86_regcallcc %guest [[CODE]](
// CHECK: [[RIP:%.*]] = extractvalue %guest [[RESULT]], 10
// CHECK: icmp eq i64 [[RIP]], [[BACK]]
.type caller, @function
caller:
  call leaf
  add $1, %rax
  ret
.size caller, .-caller

// The flags' thunk (CpuState's offset 144) is stored for a callee or another region only
// if its code does not provably write all flags first.
// CHECK-LABEL: define x86_regcallcc
// CHECK-NOT: i64 144
// CHECK: call x86_regcallcc %guest %code{{.*}}(
// CHECK-NOT: store {{.*}}i64 144
// CHECK: musttail call x86_regcallcc %guest %code
.type deadflags, @function
deadflags:
  add %rsi, %rdi
  call leaf
  sub %rdi, %rax
  jmp leaf
.size deadflags, .-deadflags

// CHECK-LABEL: define x86_regcallcc
// CHECK: store i64 {{[0-9]+}}, ptr addrspace(256) inttoptr (i64 144
// CHECK: call x86_regcallcc %guest %code{{.*}}(
// CHECK: store i64 {{[0-9]+}}, ptr addrspace(256) inttoptr (i64 144
// CHECK: musttail call x86_regcallcc %guest %code
.type liveflags, @function
liveflags:
  add %rsi, %rdi
  call partial
  sub %rdi, %rax
  jmp partial
.size liveflags, .-liveflags

// A LOCK prefix is an atomic operation.
// CHECK-LABEL: define x86_regcallcc
// CHECK: atomicrmw add ptr %{{.*}} seq_cst
// CHECK: cmpxchg ptr %{{.*}} seq_cst
.type locked, @function
locked:
  lock xadd %eax, (%rdi)
  lock cmpxchg %ecx, (%rsi)
  ret
.size locked, .-locked

// A jump to what is not known looks in the thread's table for a slot; another leads to the stub.
// CHECK-LABEL: define x86_regcallcc
// CHECK: select i1 %{{.*}}, ptr %{{.*}}, ptr @dbt_empty_slot
// CHECK: musttail call x86_regcallcc %guest
.type jumps, @function
jumps:
  jmp *%rax
.size jumps, .-jumps

// Integer vectors are LLVM's own operations. ADDPS is the host's instruction, with
// its operands in the guest's order: fadd says not whose NaN results.
// CHECK-LABEL: define x86_regcallcc
// CHECK-DAG: [[A:%[0-9]+]] = bitcast <2 x i64> %xmm0 to <4 x float>
// CHECK-DAG: [[B:%[0-9]+]] = bitcast <2 x i64> %xmm1 to <4 x float>
// CHECK-DAG: call <4 x float> asm sideeffect "{{.*addps .*}}"(<4 x float> [[A]], <4 x float> [[B]])
// CHECK-DAG: add <4 x i32>
// CHECK-DAG: shufflevector <4 x i32> {{.*}} <4 x i32> <i32 3, i32 2, i32 1, i32 0>
// CHECK-NOT: addps
.type vector, @function
vector:
  addps %xmm1, %xmm0
  paddd %xmm2, %xmm3
  pshufd $0x1b, %xmm3, %xmm4
  ret
.size vector, .-vector

// Partial registers are merged, extensions are one instruction each.
// CHECK-LABEL: define x86_regcallcc
// CHECK: sext i8 {{.*}} to i32
// CHECK: call i32 @llvm.bswap.i32
.type partial, @function
partial:
  setb %al
  movzx %al, %eax
  movsbl (%rdi), %ecx
  bswap %ecx
  ret
.size partial, .-partial

// A jump table is a switch over the index, whose cases compare the guest's own target;
// the way by the thread's table stays.
// CHECK-LABEL: define x86_regcallcc
// CHECK: switch i64 %{{.*}} [
// CHECK-NEXT: i64 0, label %[[ZERO:case_[0-9a-f]+]]
// CHECK-NEXT: i64 1, label %[[ONE:case_[0-9a-f]+]]
// CHECK-NEXT: i64 2, label %[[ZERO]]
// CHECK: [[ZERO]]:
// CHECK: icmp eq i64 %{{.*}}, {{[0-9]+$}}
// CHECK: [[ONE]]:
// CHECK: icmp eq i64 %{{.*}}, {{[0-9]+$}}
// CHECK: musttail call x86_regcallcc %guest %
.type dense, @function
dense:
  lea distances(%rip), %rdx
  cmp $2, %edi
  ja 3f
  mov %edi, %edi
  movslq (%rdx,%rdi,4), %rax
  add %rdx, %rax
  jmp *%rax
1: lea 1(%rsi), %rax
  ret
2: lea 2(%rsi), %rax
  ret
3: xor %eax, %eax
  ret
.size dense, .-dense
.section .rodata
distances: .long 1b - distances, 2b - distances, 1b - distances
