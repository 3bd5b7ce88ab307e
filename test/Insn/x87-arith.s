# RUN: %check-insn %s %t
        .include "insn.inc"
CASE fadd_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fadd    dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fadd_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     dword ptr [rdi]
        fadd    qword ptr [rdi + 16]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fadd_st_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fadd    st, st(2)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fadd_sti_st
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fadd    st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE faddp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fldl2t
        faddp   st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fadd_self
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fadd    st, st(0)
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fiadd_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fiadd   dword ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fiadd_m16
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fiadd   word ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fmul_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fmul    dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fmul_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     dword ptr [rdi]
        fmul    qword ptr [rdi + 16]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fmul_st_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fmul    st, st(2)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fmul_sti_st
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fmul    st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fmulp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fldl2t
        fmulp   st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fmul_self
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fmul    st, st(0)
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fimul_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fimul   dword ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fimul_m16
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fimul   word ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsub_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fsub    dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsub_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     dword ptr [rdi]
        fsub    qword ptr [rdi + 16]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsub_st_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fsub    st, st(2)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsub_sti_st
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fsub    st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fldl2t
        fsubp   st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsub_self
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fsub    st, st(0)
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fisub_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fisub   dword ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fisub_m16
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fisub   word ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubr_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fsubr   dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubr_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     dword ptr [rdi]
        fsubr   qword ptr [rdi + 16]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubr_st_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fsubr   st, st(2)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubr_sti_st
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fsubr   st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubrp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fldl2t
        fsubrp  st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fsubr_self
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fsubr   st, st(0)
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fisubr_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fisubr  dword ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fisubr_m16
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fisubr  word ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdiv_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fdiv    dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdiv_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     dword ptr [rdi]
        fdiv    qword ptr [rdi + 16]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdiv_st_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fdiv    st, st(2)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdiv_sti_st
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fdiv    st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fldl2t
        fdivp   st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdiv_self
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fdiv    st, st(0)
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fidiv_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fidiv   dword ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fidiv_m16
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fidiv   word ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivr_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fild    qword ptr [rdi + 24]
        fdivr   dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivr_m64
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld     dword ptr [rdi]
        fdivr   qword ptr [rdi + 16]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivr_st_sti
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fdivr   st, st(2)
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivr_sti_st
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fild    qword ptr [rdi + 24]
        fdivr   st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fstp    tbyte ptr [rsi + 32]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivrp
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldl2e
        fldl2t
        fdivrp  st(2), st
        fstp    tbyte ptr [rsi]
        fstp    tbyte ptr [rsi + 16]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fdivr_self
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fdivr   st, st(0)
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fidivr_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fidivr  dword ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE fidivr_m16
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fidivr  word ptr [rdi + 24]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE divide_by_zero
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldpi
        fldz
        fdivp   st(1), st
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE zero_by_zero
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fldz
        fldz
        fdivp   st(1), st
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE signalling_nan_m32
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        mov     dword ptr [rdi], 0x7fa00001
        fld     dword ptr [rdi]
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE precision_24
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        push    0x007f
        fldcw   [rsp]
        pop     rax
        fldpi
        fldl2e
        fdivp   st(1), st
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE precision_53_up
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        push    0x0a7f
        fldcw   [rsp]
        pop     rax
        fldpi
        fldl2e
        fdivp   st(1), st
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE empty_stack
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE full_stack
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fldpi
        fstp    tbyte ptr [rsi]
        fnstsw  ax
        and     eax, 0x3f
        mov     [rsi + 56], rax
        fninit
END
CASE unmasked_waits
        fninit
        mov     dword ptr [rdi], 0x40490fdb
        mov     qword ptr [rdi + 8], rbx
        mov     rax, 0x3ff3c0ca428c59fb
        mov     [rdi + 16], rax
        mov     qword ptr [rdi + 24], -12345678
        push    0x033b
        fldcw   [rsp]
        pop     rax
        fld1
        fldz
        fdivp   st(1), st
        fnstsw  ax
        mov     [rsi], ax
        fnclex
        fnstsw  [rsi + 2]
        fninit
END
        ret
