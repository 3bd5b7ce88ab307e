// As lifted, each guest instruction stands above its own IR, and blocks have the
// guest's addresses.
// RUN: %cc -nostdlib -static -Wl,-Ttext=0x401000 %s -o %t
// RUN: %dbt-lift --function=_start --stage=lift %t | FileCheck %s --check-prefixes=NAME,CHECK
// NAME: @_start = alias {{.*}} ptr @region_401000
// RUN: %dbt-lift --entry=401000 --stage=lift %t | FileCheck %s
// RUN: %dbt-lift --range=401000-401010 --stage=lift %t | FileCheck %s
// CHECK: define x86_regcallcc %guest @region_401000(
// CHECK: bb_401000:
// CHECK: ; 401000: mov ecx, 0xa
// CHECK-NEXT: store i64 10, ptr %rcx.at
// CHECK: bb_401005:
// CHECK: ; 401005: dec ecx
// CHECK: sub i32
// CHECK: ; 401007: jne 0x401005
// CHECK: br i1
// CHECK: bb_401009:
// The address that the kernel returns to is in CpuState::rip.
// CHECK: store i64 4198411
.globl _start
.type _start, @function
_start:
  mov $10, %ecx
1: dec %ecx
  jnz 1b
  syscall
.size _start, .-_start
