# RUN: %check-insn %s %t
        .include "insn.inc"
CASE shl_1_8
        shl     bl, 1
END mask=CF+PF+ZF+SF+OF
CASE shl_1_64
        shl     rdx, 1
END mask=CF+PF+ZF+SF+OF
CASE shl_1_high
        shl     dh, 1
END mask=CF+PF+ZF+SF+OF
CASE shl_16
        shl     r15w, 7
END mask=CF+PF+ZF+SF
CASE shl_32
        shl     r11d, 13
END mask=CF+PF+ZF+SF
CASE shl_64
        shl     r8, 63
END mask=CF+PF+ZF+SF
CASE shl_8_over
        mov     al, 0x81
        shl     al, 9
END mask=PF+ZF+SF
CASE shl_16_over
        mov     ax, 0x8001
        shl     ax, 31
END mask=PF+ZF+SF
CASE shl_zero_keeps_flags
        stc
        shl     r13d, 0
END
CASE shl_zero_clears_upper
        shl     r13d, 32
END
CASE shl_cl
        shl     rdx, cl
END mask=CF+PF+ZF+SF
CASE shl_cl_32
        shl     edx, cl
END mask=CF+PF+ZF+SF
CASE shl_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        shl     rbx, cl
END
CASE shl_mem
        shl     dword ptr [rsi], 3
END mask=CF+PF+ZF+SF
CASE shl_mem_cl
        shl     qword ptr [rdi + 8], cl
END mask=CF+PF+ZF+SF
CASE shr_1_8
        shr     bl, 1
END mask=CF+PF+ZF+SF+OF
CASE shr_1_64
        shr     rdx, 1
END mask=CF+PF+ZF+SF+OF
CASE shr_1_high
        shr     dh, 1
END mask=CF+PF+ZF+SF+OF
CASE shr_16
        shr     r15w, 7
END mask=CF+PF+ZF+SF
CASE shr_32
        shr     r11d, 13
END mask=CF+PF+ZF+SF
CASE shr_64
        shr     r8, 63
END mask=CF+PF+ZF+SF
CASE shr_8_over
        mov     al, 0x81
        shr     al, 9
END mask=PF+ZF+SF
CASE shr_16_over
        mov     ax, 0x8001
        shr     ax, 31
END mask=PF+ZF+SF
CASE shr_zero_keeps_flags
        stc
        shr     r13d, 0
END
CASE shr_zero_clears_upper
        shr     r13d, 32
END
CASE shr_cl
        shr     rdx, cl
END mask=CF+PF+ZF+SF
CASE shr_cl_32
        shr     edx, cl
END mask=CF+PF+ZF+SF
CASE shr_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        shr     rbx, cl
END
CASE shr_mem
        shr     dword ptr [rsi], 3
END mask=CF+PF+ZF+SF
CASE shr_mem_cl
        shr     qword ptr [rdi + 8], cl
END mask=CF+PF+ZF+SF
CASE sar_1_8
        sar     bl, 1
END mask=CF+PF+ZF+SF+OF
CASE sar_1_64
        sar     rdx, 1
END mask=CF+PF+ZF+SF+OF
CASE sar_1_high
        sar     dh, 1
END mask=CF+PF+ZF+SF+OF
CASE sar_16
        sar     r15w, 7
END mask=CF+PF+ZF+SF
CASE sar_32
        sar     r11d, 13
END mask=CF+PF+ZF+SF
CASE sar_64
        sar     r8, 63
END mask=CF+PF+ZF+SF
CASE sar_8_over
        mov     al, 0x81
        sar     al, 9
END mask=CF+PF+ZF+SF
CASE sar_16_over
        mov     ax, 0x8001
        sar     ax, 31
END mask=CF+PF+ZF+SF
CASE sar_zero_keeps_flags
        stc
        sar     r13d, 0
END
CASE sar_zero_clears_upper
        sar     r13d, 32
END
CASE sar_cl
        sar     rdx, cl
END mask=CF+PF+ZF+SF
CASE sar_cl_32
        sar     edx, cl
END mask=CF+PF+ZF+SF
CASE sar_cl_zero
        mov     ecx, 64
        cmp     r8, 1
        sar     rbx, cl
END
CASE sar_mem
        sar     dword ptr [rsi], 3
END mask=CF+PF+ZF+SF
CASE sar_mem_cl
        sar     qword ptr [rdi + 8], cl
END mask=CF+PF+ZF+SF
CASE shld_32
        shld    edx, ebx, 9
END mask=CF+PF+ZF+SF
CASE shld_64_1
        shld    rdx, rbx, 1
END mask=CF+PF+ZF+SF+OF
CASE shld_64_cl
        shld    rdx, rbx, cl
END mask=CF+PF+ZF+SF
CASE shld_16
        shld    dx, bx, 15
END mask=CF+PF+ZF+SF
CASE shld_zero
        stc
        shld    r13d, ebx, 32
END
CASE shld_mem
        shld    [rsi], rbx, 60
END mask=CF+PF+ZF+SF
CASE shrd_32
        shrd    edx, ebx, 9
END mask=CF+PF+ZF+SF
CASE shrd_64_1
        shrd    rdx, r12, 1
END mask=CF+PF+ZF+SF+OF
CASE shrd_64_cl
        shrd    rdx, rbx, cl
END mask=CF+PF+ZF+SF
CASE shrd_16
        shrd    dx, bx, 15
END mask=CF+PF+ZF+SF
CASE shrd_zero
        stc
        shrd    r13d, ebx, 0
END
CASE shrd_mem_cl
        shrd    [rsi], ebx, cl
END mask=CF+PF+ZF+SF
        ret
