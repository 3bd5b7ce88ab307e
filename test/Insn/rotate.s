# RUN: %check-insn %s %t
        .include "insn.inc"
CASE rol_1_8
        cmp     r8, 1
        rol     bl, 1
END
CASE rol_1_16
        sub     r9d, r9d
        rol     bx, 1
END
CASE rol_1_32
        add     r13, 2
        rol     r11d, 1
END
CASE rol_1_64
        stc
        rol     rdx, 1
END
CASE rol_8
        add     r13b, 1
        rol     bl, 11
END mask=CF+PF+AF+ZF+SF
CASE rol_16
        inc     r13d
        rol     r15w, 21
END mask=CF+PF+AF+ZF+SF
CASE rol_32
        stc
        dec     r8
        rol     r11d, 13
END mask=CF+PF+AF+ZF+SF
CASE rol_64
        and     r14, r14
        rol     r8, 63
END mask=CF+PF+AF+ZF+SF
CASE rol_8_whole
        mov     al, 0x81
        stc
        rol     al, 8
END mask=CF+PF+AF+ZF+SF
CASE rol_zero_keeps_flags
        stc
        rol     r13d, 0
END
CASE rol_zero_clears_upper
        rol     r13d, 32
END
CASE rol_cl
        stc
        rol     rdx, cl
END mask=CF+PF+AF+ZF+SF
CASE rol_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        rol     rbx, cl
END
CASE rol_mem
        cmp     r12, r8
        rol     dword ptr [rsi], 3
END mask=CF+PF+AF+ZF+SF
CASE rol_then_jump
        xor     eax, eax
        rol     rbx, 4
        setz    al
        sets    ah
END mask=CF+PF+AF+ZF+SF
CASE ror_1_8
        cmp     r8, 1
        ror     bl, 1
END
CASE ror_1_16
        sub     r9d, r9d
        ror     bx, 1
END
CASE ror_1_32
        add     r13, 2
        ror     r11d, 1
END
CASE ror_1_64
        stc
        ror     rdx, 1
END
CASE ror_8
        add     r13b, 1
        ror     bl, 11
END mask=CF+PF+AF+ZF+SF
CASE ror_16
        inc     r13d
        ror     r15w, 21
END mask=CF+PF+AF+ZF+SF
CASE ror_32
        stc
        dec     r8
        ror     r11d, 13
END mask=CF+PF+AF+ZF+SF
CASE ror_64
        and     r14, r14
        ror     r8, 63
END mask=CF+PF+AF+ZF+SF
CASE ror_8_whole
        mov     al, 0x81
        stc
        ror     al, 8
END mask=CF+PF+AF+ZF+SF
CASE ror_zero_keeps_flags
        stc
        ror     r13d, 0
END
CASE ror_zero_clears_upper
        ror     r13d, 32
END
CASE ror_cl
        stc
        ror     rdx, cl
END mask=CF+PF+AF+ZF+SF
CASE ror_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        ror     rbx, cl
END
CASE ror_mem
        cmp     r12, r8
        ror     dword ptr [rsi], 3
END mask=CF+PF+AF+ZF+SF
CASE ror_then_jump
        xor     eax, eax
        ror     rbx, 4
        setz    al
        sets    ah
END mask=CF+PF+AF+ZF+SF
CASE rcl_1_8
        cmp     r8, 1
        rcl     bl, 1
END
CASE rcl_1_16
        sub     r9d, r9d
        rcl     bx, 1
END
CASE rcl_1_32
        add     r13, 2
        rcl     r11d, 1
END
CASE rcl_1_64
        stc
        rcl     rdx, 1
END
CASE rcl_8
        add     r13b, 1
        rcl     bl, 11
END mask=CF+PF+AF+ZF+SF
CASE rcl_16
        inc     r13d
        rcl     r15w, 21
END mask=CF+PF+AF+ZF+SF
CASE rcl_32
        stc
        dec     r8
        rcl     r11d, 13
END mask=CF+PF+AF+ZF+SF
CASE rcl_64
        and     r14, r14
        rcl     r8, 63
END mask=CF+PF+AF+ZF+SF
CASE rcl_8_whole
        mov     al, 0x81
        stc
        rcl     al, 9
END mask=CF+PF+AF+ZF+SF
CASE rcl_zero_keeps_flags
        stc
        rcl     r13d, 0
END
CASE rcl_zero_clears_upper
        rcl     r13d, 32
END
CASE rcl_cl
        stc
        rcl     rdx, cl
END mask=CF+PF+AF+ZF+SF
CASE rcl_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        rcl     rbx, cl
END
CASE rcl_mem
        cmp     r12, r8
        rcl     dword ptr [rsi], 3
END mask=CF+PF+AF+ZF+SF
CASE rcl_then_jump
        xor     eax, eax
        rcl     rbx, 4
        setz    al
        sets    ah
END mask=CF+PF+AF+ZF+SF
CASE rcr_1_8
        cmp     r8, 1
        rcr     bl, 1
END
CASE rcr_1_16
        sub     r9d, r9d
        rcr     bx, 1
END
CASE rcr_1_32
        add     r13, 2
        rcr     r11d, 1
END
CASE rcr_1_64
        stc
        rcr     rdx, 1
END
CASE rcr_8
        add     r13b, 1
        rcr     bl, 11
END mask=CF+PF+AF+ZF+SF
CASE rcr_16
        inc     r13d
        rcr     r15w, 21
END mask=CF+PF+AF+ZF+SF
CASE rcr_32
        stc
        dec     r8
        rcr     r11d, 13
END mask=CF+PF+AF+ZF+SF
CASE rcr_64
        and     r14, r14
        rcr     r8, 63
END mask=CF+PF+AF+ZF+SF
CASE rcr_8_whole
        mov     al, 0x81
        stc
        rcr     al, 9
END mask=CF+PF+AF+ZF+SF
CASE rcr_zero_keeps_flags
        stc
        rcr     r13d, 0
END
CASE rcr_zero_clears_upper
        rcr     r13d, 32
END
CASE rcr_cl
        stc
        rcr     rdx, cl
END mask=CF+PF+AF+ZF+SF
CASE rcr_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        rcr     rbx, cl
END
CASE rcr_mem
        cmp     r12, r8
        rcr     dword ptr [rsi], 3
END mask=CF+PF+AF+ZF+SF
CASE rcr_then_jump
        xor     eax, eax
        rcr     rbx, 4
        setz    al
        sets    ah
END mask=CF+PF+AF+ZF+SF
        ret
