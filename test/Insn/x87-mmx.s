# RUN: %check-insn %s %t
# The x87 unit's state where instructions of both kinds, and those that see all of
# it, follow each other: in compiled code it goes from the host's unit to memory
# and back.
        .include "insn.inc"
CASE x87_then_mmx
        fninit
        fldpi
        fld1
        movq    mm1, qword ptr [rdi]
        paddw   mm1, mm7
        movq    [rsi], mm1
        fnstenv [rsi + 16]
        mov     dword ptr [rsi + 28], 0 # the pointers are compared elsewhere
        mov     qword ptr [rsi + 32], 0
        mov     dword ptr [rsi + 40], 0
        emms
        fninit
END
CASE mmx_then_x87
        fninit
        movq    mm0, qword ptr [rdi]
        movq    mm6, qword ptr [rdi + 8]
        emms
        fild    qword ptr [rdi]
        fild    dword ptr [rdi + 8]
        faddp
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        fninit
END
CASE mmx_values_seen_by_x87
        fninit
        movq    mm0, qword ptr [rdi]
        fxam                    # valid, and 0xffff above: a NaN or unsupported
        fnstsw  ax
        and     eax, 0x3800
        fstp    tbyte ptr [rsi]
        emms
        fninit
END
CASE loop_of_both
        fninit
        mov     ecx, 40
        fldz
1:      fld1
        fadd    st(1), st
        fstp    st(0)
        test    ecx, 7
        jne     2f
        fstp    tbyte ptr [rsi]
        movq    mm3, qword ptr [rsi]
        psrlw   mm3, 1
        movq    [rsi + 16], mm3
        emms
        fld     tbyte ptr [rsi]
2:      dec     ecx
        jne     1b
        fistp   qword ptr [rsi + 24]
        fnstsw  ax
        and     eax, 0x383f
        fninit
END
CASE environment_between
        fninit
        fldpi
        fldl2e
        fnsave  [rsi]
        mov     qword ptr [rsi + 12], 0
        mov     qword ptr [rsi + 20], 0
        fld1
        frstor  [rsi]
        fyl2x
        fstp    tbyte ptr [rsi + 112]
        fnstsw  ax
        and     eax, 0x383f
        fninit
END
CASE unmasked_in_between
        fninit
        fldpi
        mov     word ptr [rsi], 0x0340 # all unmasked
        fldcw   [rsi]
        fldl2e
        fld     st(1)
        fchs
        mov     word ptr [rsi], 0x0f7f # masked, truncating
        fldcw   [rsi]
        fistp   dword ptr [rsi + 8]
        fmulp
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x383f
        fninit
END
CASE flags_after_other_flags     # FCOMI's ZF is not that of the test for DF
        fninit
        fldz
        fld1
        movsw
        fcomi   st, st(1)
        setz    al
        setc    ah
        fninit
END
        ret
