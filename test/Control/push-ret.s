# Calls a function by pushing its address and returning to it, and leaves it by
# popping the return address and jumping there: no call is paired with a ret.
# RUN: %cc -nostdlib -static -no-pie %s -o %t
# RUN: %check-tiers %t
        .intel_syntax noprefix
        .globl _start
_start: mov     ebx, 5000
        xor     r12d, r12d
again:  lea     rax, [rip + back]
        push    rax
        lea     rax, [rip + inc]
        push    rax
        ret                             # to inc
back:   call    popper
        dec     ebx
        jnz     again
        cmp     r12d, 15000
        setne   dil
        movzx   edi, dil
        mov     eax, 60
        syscall

inc:    inc     r12d
        ret                             # to back

popper: pop     rcx
        add     r12d, 2
        jmp     rcx
