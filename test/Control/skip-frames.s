# A callee that returns to its caller's caller, and one that returns behind its
# return address.
# RUN: %cc -nostdlib -static -no-pie %s -o %t
# RUN: %check-tiers %t
        .intel_syntax noprefix
        .globl _start
_start: mov     ebx, 5000
        xor     r12d, r12d
again:  call    outer
        call    later
        ud2                             # skipped: two bytes
        dec     ebx
        jnz     again
        cmp     r12d, 5000
        setne   dil
        movzx   edi, dil
        mov     eax, 60
        syscall

outer:  call    inner
        add     r12d, 100               # never reached
        ret
inner:  inc     r12d
        add     rsp, 8
        ret
later:  add     qword ptr [rsp], 2
        ret
