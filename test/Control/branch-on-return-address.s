# A function that reads its return address from [rsp] and branches on it.
# RUN: %cc -nostdlib -static -no-pie %s -o %t
# RUN: %check-tiers %t
        .intel_syntax noprefix
        .globl _start
_start: mov     ebx, 1000
again:  call    which
after1: add     r12d, eax
        call    which
after2: add     r12d, eax
        dec     ebx
        jnz     again
        cmp     r12d, 3000              # 1 + 2, a thousand times
        setne   dil
        movzx   edi, dil
        mov     eax, 60
        syscall

which:  mov     eax, 2
        lea     rcx, [rip + after1]
        cmp     [rsp], rcx
        jne     1f
        mov     eax, 1
1:      ret
