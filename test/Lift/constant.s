// Jumps and calls through pointers that cannot change (--constant) are direct ones: a call
// by way of a PLT's stub is one through the slot of the function that the stub leads to.
// RUN: %cc -c %s -o %t.o && %cc -nostdlib -static -Wl,-Ttext=0x401000,-e,caller %t.o -o %t
// RUN: %dbt-lift --entry=401000 --constant=401080:401060 --emit=asm %t | FileCheck %s --check-prefix=CALL
// RUN: %dbt-lift --entry=401000 --emit=asm %t | FileCheck %s --check-prefix=UNKNOWN
// RUN: %dbt-lift --entry=401020 --target=401020:401040 --constant=401080:401060 --emit=asm %t | FileCheck %s --check-prefix=PLT
// RUN: %dbt-lift --entry=401020 --target=401020:401040 --constant=401080:401070 --emit=asm %t | FileCheck %s --check-prefix=SMALL
// RUN: %dbt-lift --entry=401050 --constant=401080:401060 --constant=401088:401060 --emit=asm %t | FileCheck %s --check-prefix=NOT
// RUN: not %dbt-lift --entry=401000 --constant=401080 %t 2>&1 | FileCheck %s --check-prefix=ERROR

// CALL-LABEL: region_401000:
// CALL-NOT: 4198528
// CALL: callq *slot_401060(%rip)
// UNKNOWN-LABEL: region_401000:
// UNKNOWN: movq 4198528, %r
.globl caller
caller:
  call *slot
  ret

// PLT-LABEL: region_401020:
// PLT-NOT: slot_401040
// PLT: callq *slot_401060(%rip)
// SMALL-LABEL: region_401020:
// SMALL-NOT: call
// SMALL: leaq 3(
.org 0x20
throughPlt:
  call stub
  ret

.org 0x40
stub:
  jmp *slot(%rip)

// Not one of 16 bits, nor where a segment or a register has a say.
// NOT-LABEL: region_401050:
// NOT-NOT: slot_401060
// NOT: .size
.org 0x50
others:
  jmp *%fs:slot

.org 0x60
function:
  call function
  ret
.org 0x70
  lea 3(%rdi), %rax
  ret
.org 0x80
slot: .quad 0

// ERROR: '401080' is not of the form SLOT:ADDRESS
