# Segment registers and far transfers.
# RUN: %check-insn %s %t
        .include "insn.inc"
CASE read
        mov     eax, cs
        mov     bx, ss
        mov     rcx, ds
        mov     edx, es
        mov     [rsi], cs
        mov     [rsi + 8], ss
        mov     [rsi + 16], ds
END
CASE load
        mov     ecx, 0x2b
        mov     es, ecx
        mov     ds, ecx
        mov     ss, ecx
        mov     eax, es
        mov     ebx, ds
        mov     word ptr [rsi], 0x33 # code that can be read
        mov     es, [rsi]
        mov     edx, es
        mov     word ptr [rsi], 3
        mov     ds, [rsi]
        mov     ebp, ds
        xor     ecx, ecx
        mov     es, ecx
        mov     ds, ecx
END
CASE push_pop
        mov     rbx, rsp
        push    0x2b
        pop     gs
        mov     eax, gs
        push    gs
        pop     rcx
        .byte   0x66
        push    gs
        mov     rdx, rsp
        sub     rdx, rbx
        .byte   0x66
        pop     gs
        push    0
        pop     gs
        mov     ebp, gs
        cmp     rbx, rsp
        mov     ebx, 0
END
CASE lss_lgs
        mov     dword ptr [rsi], 0x12345678
        mov     dword ptr [rsi + 4], 0x2b
        lss     eax, [rsi]
        lgs     bx, [rsi + 2]
        mov     ecx, gs
        mov     dword ptr [rsi + 4], 0
        lgs     edx, [rsi]
        mov     ebp, gs
END mask=0
CASE far_jump
        lea     rax, [rip + 1f]
        mov     [rsi], eax
        mov     word ptr [rsi + 4], 0x33
        ljmp    [rsi]
        ud2
1:      lea     rax, [rip + 2f]
        mov     [rsi], eax
        mov     word ptr [rsi + 4], 0x30 # RPL does not matter
        ljmp    [rsi]
        ud2
2:      mov     ecx, cs
        xor     eax, eax
END
CASE far_call
        mov     rbx, rsp
        lea     rax, [rip + 1f]
        mov     [rsi], eax
        mov     dword ptr [rsi + 4], 0x33
        lcall   [rsi]
        jmp     2f
1:      mov     rdx, rsp
        sub     rdx, rbx
        mov     ecx, [rsp + 4]
        .byte   0xcb          # RETF, of 32 bits
2:      cmp     rbx, rsp
        setz    al
        movzx   eax, al
        xor     ebx, ebx
        mov     dword ptr [rsi], 0
END mask=0
CASE far_return
        mov     rbx, rsp
        sub     rsp, 16
        push    0x33
        lea     rax, [rip + 1f]
        push    rax
        .byte   0x48, 0xca, 16, 0 # RETFQ
        ud2
1:      cmp     rbx, rsp
        setz    al
        movzx   eax, al
        xor     ebx, ebx
END mask=0
CASE iret
        mov     rbx, rsp
        push    0x2b
        push    rbx
        push    0xad5
        push    0x33
        lea     rax, [rip + 1f]
        push    rax
        iretq
        ud2
1:      pushfq
        pop     rcx
        cld
        sub     rbx, rsp
        xor     eax, eax
END
        ret
