# RUN: %check-insn %s %t
        .include "insn.inc"
CASE fstp_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fchs
        fstp    dword ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fstp_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fchs
        fstp    qword ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fstp_m80
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fchs
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fst_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     qword ptr [rdi + 16]
        fst     dword ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fst_overflow
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld1
        fild    qword ptr [rdi + 24]
        fchs
        fxch
        fscale
        fst     dword ptr [rsi]
        fstp    qword ptr [rsi + 8]
        fstp    st(0)
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fild_fistp_64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 8]
        fistp   qword ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fistp_16_indefinite
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 8]
        fistp   word ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fist_32_rounds
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldl2t
        fchs
        fist    dword ptr [rsi]
        fisttp  dword ptr [rsi + 8]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fisttp_64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldl2t
        fisttp  qword ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fistp_down
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        push    0x077f
        fldcw   [rsp]
        pop     rax
        fldl2t
        fchs
        fistp   qword ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fbstp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fbstp   tbyte ptr [rsi]
        fbld    tbyte ptr [rsi]
        fistp   qword ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fxch_fst
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fldz
        fxch    st(2)
        fst     st(1)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE constants
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldlg2
        fldln2
        fldl2t
        faddp   st(1), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcmov
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld1
        fldpi
        stc
        fcmovb  st, st(1)
        fstp    tbyte ptr [rsi]
        fldpi
        test    eax, eax
        fcmove  st, st(1)
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fld_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fld     st(1)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsqrt
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fsqrt
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE frndint
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        frndint
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fabs
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fabs
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fchs
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fchs
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsin
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fsin
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcos
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fcos
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE f2xm1
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        f2xm1
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fpatan
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldln2
        fld     st(0)
        fmulp   st(1), st
        fpatan
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fyl2x
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldln2
        fld     st(0)
        fmulp   st(1), st
        fyl2x
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fyl2xp1
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldlg2
        fld     st(0)
        fmulp   st(1), st
        fyl2xp1
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fscale
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld1
        fldpi
        fscale
        fstp    tbyte ptr [rsi]
        fstp    st(0)
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fprem
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fild    qword ptr [rdi + 24]
        fprem
        fnstsw  ax
        and     ah, 0x45
        mov     [rsi + 32], ah
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fprem_nan
        # C0, C1 and C3 stay as a comparison has left them.
        .macro  REMAINDER op:req, dividend:req, divisor:req, at:req
        fninit
        fld1
        fldz
        fcompp                  # C0 = 1
        mov     rax, \divisor
        mov     [rsi], rax
        fld     qword ptr [rsi]
        mov     rax, \dividend
        mov     [rsi], rax
        fld     qword ptr [rsi]
        \op
        fnstsw  ax
        and     eax, 0x473f
        mov     [rsi + \at], ax
        fstp    tbyte ptr [rsi + \at + 2]
        .endm
        REMAINDER fprem, 0x7ff8000000000001, 0x4000000000000000, 16
        REMAINDER fprem, 0x4000000000000000, 0xfff8000000000003, 32
        REMAINDER fprem, 0x7ff0000000000000, 0x4000000000000000, 48
        REMAINDER fprem1, 0x7ff8000000000001, 0x4000000000000000, 64
        REMAINDER fprem1, 0x4000000000000000, 0, 80
        REMAINDER fprem1, 0x4014000000000000, 0x4000000000000000, 96
        fninit
END
CASE fprem1
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fild    qword ptr [rdi + 24]
        fprem1
        fnstsw  ax
        and     ah, 0x45
        mov     [rsi + 32], ah
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fxtract
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fxtract
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsincos
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fsincos
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fptan
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldln2
        fptan
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fptan_large
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 8]
        fmul    st, st
        fptan
        fnstsw  ax
        and     ah, 0x44
        mov     [rsi + 32], ah
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomi_less
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fcomi   st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomi_equal
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldpi
        fcomi   st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomi_unordered
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fdiv    st, st
        fcomi   st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomi_less
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fucomi  st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomi_equal
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldpi
        fucomi  st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomi_unordered
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fdiv    st, st
        fucomi  st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomip_less
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fcomip  st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomip_equal
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldpi
        fcomip  st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomip_unordered
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fdiv    st, st
        fcomip  st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomip_less
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fucomip st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomip_equal
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldpi
        fucomip st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomip_unordered
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fdiv    st, st
        fucomip st, st(1)
        pushfq
        pop     rbx
        mov     [rsi], bl
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcom
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fcom    st(1)
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucom
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fucom   st(1)
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcomp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fcomp   st(1)
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucomp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fucomp  st(1)
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcompp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fcompp
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fucompp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fucompp
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fcom_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fcomp   qword ptr [rdi + 16]
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE ficom
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        ficom   dword ptr [rdi + 24]
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE ftst
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fchs
        ftst
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fxam
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fchs
        fxam
        fnstsw  ax
        and     eax, 0x7f00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fxam_empty
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fxam
        fnstsw  ax
        and     eax, 0x7d00
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fnstcw
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fnstcw  [rsi]
        push    0x1f7f
        fldcw   [rsp]
        pop     rax
        fnstcw  [rsi + 2]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fincstp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fincstp
        fdecstp
        fdecstp
        fnstsw  ax
        and     eax, 0x3800
        mov     [rsi], ax
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE ffree
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        ffree   st(1)
        fxch
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE ffreep
        fninit
        fldpi
        fld1
        .byte   0xdf, 0xc1      # ffreep st(1)
        fxam
        fnstsw  ax
        and     eax, 0x7f3f
        mov     ecx, eax
        fdecstp
        fxam
        fnstsw  ax
        and     eax, 0x7f3f
        fninit
END
CASE fnstenv
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fnstenv [rsi]
        mov     dword ptr [rsi + 12], 0
        mov     dword ptr [rsi + 16], 0
        mov     qword ptr [rsi + 20], 0
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fldenv
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fnstenv [rsi]
        mov     byte ptr [rsi + 1], 7
        fldenv  [rsi]
        fnstcw  [rsi + 30]
        fstp    tbyte ptr [rsi + 32]
        mov     dword ptr [rsi + 12], 0
        mov     dword ptr [rsi + 16], 0
        mov     qword ptr [rsi + 20], 0
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fnsave_frstor
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fld1
        fnsave  [rsi]
        fldz
        frstor  [rsi]
        faddp   st(1), st
        fstp    tbyte ptr [rsi + 112]
        mov     dword ptr [rsi + 12], 0
        mov     dword ptr [rsi + 16], 0
        mov     qword ptr [rsi + 20], 0
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
        ret
