# RUN: %check-insn %s %t
        .include "insn.inc"
CASE mul_8
        mul     bl
END mask=CF+OF
CASE mul_8_small
        mov     al, 3
        mul     r12b
END mask=CF+OF
CASE mul_16
        mul     bx
END mask=CF+OF
CASE mul_32
        mul     r11d
END mask=CF+OF
CASE mul_64
        mul     rdx
END mask=CF+OF
CASE mul_64_small
        mov     eax, 7
        mul     r12
END mask=CF+OF
CASE mul_mem
        mul     qword ptr [rsi]
END mask=CF+OF
CASE mul_ah
        mul     ah
END mask=CF+OF
CASE imul_8
        imul    bl
END mask=CF+OF
CASE imul_8_fits
        mov     al, -3
        imul    r12b
END mask=CF+OF
CASE imul_16
        imul    bx
END mask=CF+OF
CASE imul_32
        imul    r11d
END mask=CF+OF
CASE imul_64
        imul    rdx
END mask=CF+OF
CASE imul_64_fits
        mov     rax, -5
        imul    r13
END mask=CF+OF
CASE imul2_16
        imul    bx, r14w
END mask=CF+OF
CASE imul2_32
        imul    r11d, ebx
END mask=CF+OF
CASE imul2_64
        imul    rdx, rbx
END mask=CF+OF
CASE imul2_fits
        imul    r12, r13
END mask=CF+OF
CASE imul2_min
        imul    r8, r13
END mask=CF+OF
CASE imul2_mem
        imul    eax, [rsi + 4]
END mask=CF+OF
CASE imul3_8
        imul    eax, ebx, -7
END mask=CF+OF
CASE imul3_32
        imul    rax, rdx, 0x12345678
END mask=CF+OF
CASE imul3_16
        imul    ax, bx, 300
END mask=CF+OF
CASE imul3_mem
        imul    r9, [rsi], 100
END mask=CF+OF
CASE imul3_fits
        imul    ecx, r12d, -1
END mask=CF+OF
CASE mul_then_condition
        mul     rdx
        seto    r14b
        setc    r15b
END mask=CF+OF
CASE div_8
        mov     ax, 0x1234
        div     bl
END mask=0
CASE div_8_high
        mov     ax, 0x0123
        mov     ch, 2
        div     ch
END mask=0
CASE div_16
        mov     dx, 0x12
        mov     ax, 0x3456
        div     bx
END mask=0
CASE div_32
        mov     edx, 0x1234
        div     r11d
END mask=0
CASE div_32_plain
        xor     edx, edx
        div     ebx
END mask=0
CASE div_64
        mov     edx, 99
        div     rbx
END mask=0
CASE div_64_plain
        xor     edx, edx
        div     rbx
END mask=0
CASE div_64_large
        mov     rdx, 0x0123456789abcdee
        div     rbx
END mask=0
CASE div_mem
        xor     edx, edx
        div     dword ptr [rsi]
END mask=0
CASE idiv_8
        mov     ax, -300
        mov     bl, 7
        idiv    bl
END mask=0
CASE idiv_16
        mov     dx, -1
        mov     ax, -3000
        idiv    bx
END mask=0
CASE idiv_32
        mov     eax, -100000
        cdq
        mov     ebx, 77
        idiv    ebx
END mask=0
CASE idiv_32_min
        mov     eax, 0x80000000
        cdq
        mov     ebx, -2
        idiv    ebx
END mask=0
CASE idiv_64
        mov     rax, -100000
        cqo
        mov     ebx, 77
        idiv    rbx
END mask=0
CASE idiv_64_wide
        mov     rdx, -3
        idiv    rbp
END mask=0
CASE idiv_64_by_minus_1
        mov     rax, -12345
        cqo
        idiv    r13
END mask=0
        ret
