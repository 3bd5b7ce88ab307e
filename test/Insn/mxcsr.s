# MXCSR: rounding, flags, and floating-point operations that stay on their side of it.
# RUN: %check-insn %s %t
        .include "insn.inc"
        .macro  ROUND mode
        mov     dword ptr [rsi], 0x1f80 | \mode << 13
        ldmxcsr [rsi]
        .endm
CASE modes
        mov     eax, 1
        mov     ecx, 3
        cvtsi2sd xmm0, eax
        cvtsi2sd xmm1, ecx
        .irp    mode, 0, 1, 2, 3
        ROUND   \mode
        movapd  xmm2, xmm0
        divsd   xmm2, xmm1
        movsd   [rsi + 8 + 8 * \mode], xmm2
        mov     rax, 0x7fffffffffffffff
        cvtsi2ss xmm3, rax
        movss   [rsi + 48 + 4 * \mode], xmm3
        cvtsd2si rbx, [rsi + 8 + 8 * \mode]
        add     rdx, rbx
        .endr
        ROUND   0
END
CASE flags
        ROUND   0
        mov     eax, 1
        cvtsi2sd xmm0, eax
        mov     eax, 3
        cvtsi2sd xmm1, eax
        stmxcsr [rsi + 4]
        divsd   xmm0, xmm1
        stmxcsr [rsi + 8]
        xorpd   xmm2, xmm2
        divsd   xmm1, xmm2
        stmxcsr [rsi + 12]
        mov     rax, 0x7ff0000000000001
        movq    xmm3, rax
        ucomisd xmm3, xmm2
        stmxcsr [rsi + 16]
        setp    bl
        ROUND   0
        stmxcsr [rsi + 20]
END
CASE loop
        mov     ecx, 1000
        xor     ebx, ebx
        mov     dword ptr [rsi], 0x1f80
        mov     dword ptr [rsi + 4], 0x5f80
        mov     rax, 0x3fb999999999999a # 0.1
        movq    xmm0, rax
        xorpd   xmm1, xmm1
1:      mov     edx, ecx
        and     edx, 1
        ldmxcsr [rsi + rdx * 4]
        addsd   xmm1, xmm0
        dec     ecx
        jnz     1b
        stmxcsr [rsi + 8]
        ldmxcsr [rsi]
        movsd   [rsi + 16], xmm1
END
        ret
