# REQUIRES: cpu-avx2, cpu-fma, cpu-f16c
# RUN: %check-insn %s %t
# What dbt-fuzz found of AVX's instructions. Upper halves are stored behind what is compared
# of memory; END has the lower ones.
        .include "insn.inc"

# Upper halves of four registers to RDI - 128 to RDI - 65, which the pattern was in.
        .macro  UPPERS a:req, b:req, c:req, d:req
        vextractf128 [rdi - 128], \a, 1
        vextractf128 [rdi - 112], \b, 1
        vextractf128 [rdi - 96], \c, 1
        vextractf128 [rdi - 80], \d, 1
        vzeroupper
        .endm
        .section .rodata
        .balign 32
nans:   .long   0x7fc00001, 0xffc00002, 0x7f800003, 0x7fc00004, 0x7fc00005, 0xffc00006, 0x7f800007, 0x7fc00008
        .long   0x7fc00011, 0x7fc00012, 0xffc00013, 0xff800014, 0x7fc00015, 0x7fc00016, 0xffc00017, 0xff800018
        .long   0x7fc00021, 0x7f800022, 0xffc00023, 0xff800024, 0x7fc00025, 0x7f800026, 0xffc00027, 0xff800028
inexact: .float 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0
        .float  3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0
wide:   .quad   0x0102030405060708, 0x1112131415161718, 0x2122232425262728, 0x3132333435363738
indices: .long  0, 3, 9, 20, -1, 7, 30, -8
counts: .quad   3, 0x100, 17, 0
        .text

# An assembler that swaps the operands for a shorter prefix swaps their NaNs.
        .irp    op, vaddps, vmulps, vsubps, vdivps, vminps, vmaxps, vaddpd, vmulpd, vhaddps, vaddsubps
CASE nan_\op
        vmovups ymm0, [rip + nans]
        vmovups ymm9, [rip + nans + 32]
        \op     ymm1, ymm0, ymm9
        \op     ymm2, ymm9, ymm0
        \op     ymm10, ymm0, ymm9
        \op     ymm11, ymm9, ymm0
        UPPERS  ymm1, ymm2, ymm10, ymm11
        \op     xmm3, xmm0, xmm9
        \op     xmm4, xmm9, xmm0
        \op     xmm0, xmm0, xmm9
END
        .endr
        .irp    order, 132, 213, 231
CASE nan_fma\order
        vmovups ymm0, [rip + nans]
        vmovups ymm9, [rip + nans + 32]
        vmovups ymm3, [rip + nans + 64]
        vmovaps ymm1, ymm0
        vmovaps ymm2, ymm9
        vmovaps ymm10, ymm3
        vmovaps ymm11, ymm0
        vfmadd\order\()ps ymm1, ymm9, ymm3
        vfnmsub\order\()ps ymm2, ymm0, ymm3
        vfmaddsub\order\()pd ymm10, ymm9, ymm0
        vfmsub\order\()ss xmm11, xmm3, xmm9
        UPPERS  ymm1, ymm2, ymm10, ymm11
END
        .endr

# Exceptions of results that nobody reads.
        .macro  DEAD name:req, insn:req
CASE dead_\name
        vmovups ymm0, [rip + inexact]
        vmovups ymm1, [rip + inexact + 32]
        vmovups ymm2, [rip + nans + 64]
        \insn
        vzeroall
END
        .endm
        DEAD    vdivps, "vdivps ymm3, ymm0, ymm1"
        DEAD    vsqrtpd, "vsqrtpd ymm3, ymm1"
        DEAD    vaddps, "vaddps ymm3, ymm0, ymm2"
        DEAD    vminps, "vminps ymm3, ymm0, ymm2"
        DEAD    vcmpps, "vcmpps ymm3, ymm0, ymm2, 0"
        DEAD    vcmpps_signals, "vcmpps ymm3, ymm0, ymm2, 9"
        DEAD    vfmadd, "vdivps ymm1, ymm0, ymm1; vldmxcsr [rip + clear]; vfmadd213ps ymm3, ymm1, ymm1"
        DEAD    vcvtps2ph, "vdivps ymm1, ymm0, ymm1; vldmxcsr [rip + clear]; vcvtps2ph xmm3, ymm1, 4"
        DEAD    vcvtps2dq, "vcvtps2dq ymm3, ymm2"
        DEAD    vcvtps2pd, "vcvtps2pd ymm3, xmm2"
        DEAD    vcvtpd2ps, "vcvtpd2ps xmm3, ymm2"
        DEAD    vroundps, "vroundps ymm3, ymm2, 3"
        DEAD    vdpps, "vdpps ymm3, ymm0, ymm2, 0xff"
        DEAD    vcomiss, "vcomiss xmm0, xmm2"
        .section .rodata
clear:  .long   0x1f80
        .text

# The upper part of a scalar's result is another operand's.
CASE scalars_upper_parts
        vmovups ymm4, [rip + wide]
        vmovaps ymm5, ymm4
        vmovaps ymm6, ymm4
        vmovss  xmm5, xmm8, xmm9
        vsqrtsd xmm6, xmm10, xmm1
        vcvtsi2ss xmm12, xmm13, edx
        vcvtss2sd xmm13, xmm7, xmm0
        vroundss xmm14, xmm10, xmm0, 1
        vrcpss  xmm15, xmm10, xmm0
        UPPERS  ymm4, ymm5, ymm6, ymm13
END

# Gathers: the mask and what lies beyond the lanes are zero afterwards.
        .macro  GATHER name:req, insn:req, to:req, index:req, scale:req, mask:req
CASE \name
        vmovups ymm4, [rip + wide]
        vmovups ymm5, [rip + indices]
        vmovups ymm6, [rip + nans + 32]
        vmovaps ymm8, ymm4
        \insn   \to, [rsi + \index*\scale + 8], \mask
        UPPERS  ymm4, ymm5, ymm6, ymm8
END
        .endm
        GATHER  vpgatherdd_256, vpgatherdd, ymm4, ymm5, 1, ymm6
        GATHER  vpgatherdd_128, vpgatherdd, xmm4, xmm5, 2, xmm6
        GATHER  vgatherdpd_256, vgatherdpd, ymm4, xmm5, 2, ymm6
        GATHER  vgatherdpd_128, vgatherdpd, xmm4, xmm5, 4, xmm6
        # Their indices are pairs of those: of quadwords.
CASE vpgatherqd_256
        vmovups ymm4, [rip + wide]
        vpmovsxdq ymm5, [rip + indices]
        vmovups ymm6, [rip + nans + 32]
        vpgatherqd xmm4, [rsi + ymm5*2], xmm6
        UPPERS  ymm4, ymm5, ymm6, ymm8
END
CASE vpgatherqd_128
        vmovups ymm4, [rip + wide]
        vpmovsxdq xmm5, [rip + indices]
        vpcmpeqb ymm6, ymm6, ymm6
        vpgatherqd xmm4, [rsi + xmm5*2], xmm6
        UPPERS  ymm4, ymm5, ymm6, ymm8
END
CASE vgatherqpd_256
        vmovups ymm4, [rip + wide]
        vpmovsxdq ymm5, [rip + indices + 16]
        vmovups ymm6, [rip + nans + 32]
        vgatherqpd ymm4, [rsi + ymm5*4], ymm6
        UPPERS  ymm4, ymm5, ymm6, ymm8
END

# A count in memory has 128 bits, of which 64 count.
        .irp    op, vpsllw, vpsrlw, vpsraw, vpslld, vpsrld, vpsrad, vpsllq, vpsrlq
CASE \op\()_by_memory
        vmovups ymm4, [rip + wide]
        \op     ymm5, ymm4, [rip + counts]
        \op     ymm6, ymm4, [rip + counts + 16]
        \op     ymm7, ymm4, [rip + counts + 8]
        \op     xmm8, xmm4, [rip + counts]
        UPPERS  ymm5, ymm6, ymm7, ymm8
END
        .endr
CASE vector_shifts_by_vectors_in_memory
        vmovups ymm4, [rip + wide]
        vpsllvd ymm5, ymm4, [rip + counts]
        vpsrlvq ymm6, ymm4, [rip + counts]
        vpsravd ymm7, ymm4, [rip + counts]
        vpsllvq xmm8, xmm4, [rip + counts + 8]
        UPPERS  ymm5, ymm6, ymm7, ymm8
END

# Masks of signs, and their second byte.
CASE vpmovmskb
        vmovups ymm4, [rip + nans + 64]
        vpmovmskb eax, ymm4
        mov     dl, ah
        vpmovmskb ecx, xmm4
        mov     bl, ch
        vmovmskps r8d, ymm4
        vmovmskpd r9d, ymm4
        UPPERS  ymm4, ymm4, ymm4, ymm4
END
# Legacy instructions keep what VEX ones clear.
CASE legacy_keeps_upper
        vmovups ymm4, [rip + wide]
        vmovaps ymm5, ymm4
        vmovaps ymm6, ymm4
        vmovaps ymm7, ymm4
        addps   xmm4, xmm0
        vaddps  xmm5, xmm5, xmm0
        movd    xmm6, eax
        vmovd   xmm7, eax
        UPPERS  ymm4, ymm5, ymm6, ymm7
END
CASE whole_stores
        vmovups ymm4, [rip + wide]
        vmovups [rdi + 1], ymm4
        vmovdqu [rdi - 127], ymm4
        vmovups [rdi + 37], xmm4
        vzeroupper
END
        ret
