# RUN: %check-insn %s %t
# What dbt-fuzz found of floating-point instructions: whose NaN comes out of two, whichever
# registers they are in; exceptions of results that nobody reads; who else reads MXCSR.
        .include "insn.inc"

# Two vectors of NaNs, of other payloads in each lane, some of them signalling.
        .macro  NANS first:req, second:req
        lea     rax, [rip + nans]
        movups  \first, [rax]
        movups  \second, [rax + 16]
        .endm
        .section .rodata
nans:   .long   0x7fc00001, 0xffc00002, 0x7f800003, 0x7fc00004
        .long   0x7fc00011, 0x7fc00012, 0xffc00013, 0xff800014
        .text

        .irp    op, addps, mulps, subps, divps, minps, maxps, addss, mulss, addpd, mulpd, addsd, mulsd, haddps, addsubps
CASE nan_\op
        NANS    xmm0, xmm9
        movaps  xmm1, xmm9
        movaps  xmm10, xmm0
        movaps  xmm2, xmm0
        movaps  xmm3, xmm9
        movaps  xmm11, xmm0
        movaps  xmm12, xmm9
        \op     xmm0, xmm9       # low, high
        \op     xmm1, xmm10      # the same NaNs in the other order
        \op     xmm12, xmm2      # high, low
        \op     xmm11, xmm3
        \op     xmm2, xmm3       # low, low
        \op     xmm9, xmm10      # high, high
END
        .endr
# With all registers in use: every one of them remains what it is, a NaN, as it is the first
# operand each time.
        .macro  PAIRS op:req
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        .irp    j, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
        \op     xmm\i, xmm\j
        .endr
        .endr
        .endm
        .irp    op, addps, mulps, addsd, mulsd
CASE nan_pairs_\op
        mov     rax, 0x7fc001007ff80100
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movq    xmm\i, rax
        inc     rax
        .endr
        PAIRS   \op
END
        .endr
CASE nan_dot_products
        NANS    xmm0, xmm9
        movaps  xmm1, xmm9
        movaps  xmm2, xmm0
        dpps    xmm0, xmm9, 0xff
        dpps    xmm1, xmm2, 0x77
        dppd    xmm9, xmm2, 0x33
END

# One step in which an exception is raised and its result is overwritten.
        .macro  DEAD name:req, insns:req
CASE dead_\name
        lea     rax, [rip + inexact]
        movups  xmm0, [rax]
        movups  xmm1, [rax + 16]
        movups  xmm2, [rax + 32]
        \insns
        xor     eax, eax
        test    eax, eax
        xorps   xmm0, xmm0
        xorps   xmm1, xmm1
        xorps   xmm2, xmm2
END
        .endm
        .section .rodata
inexact: .float 1.0, 1.0, 1.0, 1.0
        .float  3.0, 3.0, 3.0, 3.0
        .long   0x7f800001, 0x7ff00001, 0x7f800001, 0x7ff00001 # signalling
        .text
        DEAD    divss, "divss xmm0, xmm1"
        DEAD    divps, "divps xmm0, xmm1"
        DEAD    sqrtss, "sqrtss xmm0, xmm1"
        DEAD    sqrtps, "sqrtps xmm0, xmm1"
        DEAD    addss_signalling, "addss xmm0, xmm2"
        DEAD    minps_signalling, "minps xmm0, xmm2"
        DEAD    cmpps_signalling, "cmpeqps xmm0, xmm2"
        DEAD    cmpltsd_signalling, "cmpltsd xmm0, xmm2"
        DEAD    comiss_signalling, "comiss xmm0, xmm2"
        DEAD    ucomisd_signalling, "ucomisd xmm0, xmm2"
        DEAD    cvtss2si_invalid, "cvtss2si eax, xmm2"
        DEAD    cvttsd2si_invalid, "cvttsd2si rax, xmm2"
        DEAD    cvtps2dq_invalid, "cvtps2dq xmm0, xmm2"
        DEAD    cvtss2sd_signalling, "cvtss2sd xmm0, xmm2"
        DEAD    cvtpd2ps_signalling, "cvtpd2ps xmm0, xmm2"
        DEAD    cvtsi2ss_inexact, "mov eax, 0x7fffffff; cvtsi2ss xmm0, eax"
        DEAD    cvtdq2ps_inexact, "pcmpeqb xmm0, xmm0; psrld xmm0, 1; cvtdq2ps xmm0, xmm0"
        DEAD    roundss_signalling, "roundss xmm0, xmm2, 0"
        DEAD    haddps_signalling, "haddps xmm0, xmm2"
        DEAD    dpps_inexact, "divps xmm0, xmm1; ldmxcsr [rip + clear]; dpps xmm0, xmm0, 0xff"

CASE quiet_comparisons
        movss   xmm0, [rip + nans]
        movss   xmm1, [rip + inexact]
        ucomiss xmm0, xmm1
        stmxcsr [rsi]
        setp    al
        cmpss   xmm2, xmm0, 3 # unordered: quiet
        stmxcsr [rsi + 4]
        comiss  xmm0, xmm1
        stmxcsr [rsi + 8]
        setb    bl
END
CASE dead_in_loop
        movss   xmm1, [rip + inexact + 16]
        mov     ecx, 100
1:      movss   xmm0, [rip + inexact]
        ldmxcsr [rip + clear]
        divss   xmm0, xmm1
        stmxcsr [rsi]
        add     edx, [rsi]
        dec     ecx
        jne     1b
        xorps   xmm0, xmm0
END
        .section .rodata
clear:  .long   0x1f80
        .text
CASE mxcsr_in_fxsave
        movss   xmm0, [rip + inexact]
        divss   xmm0, [rip + inexact + 16]
        mov     rbx, rsp
        sub     rsp, 528
        and     rsp, -16
        fxsave  [rsp]
        mov     eax, [rsp + 24]
        mov     rsp, rbx
        xor     ebx, ebx
END
CASE legacy_operand_in_memory
        # Of an operand of 16 bytes all are read; of a scalar four.
        lea     rcx, [rsi + 16]
        addps   xmm3, [rcx]
        addss   xmm4, [rcx + 3]
        comiss  xmm4, [rcx + 7]
        seta    al
END
        ret
