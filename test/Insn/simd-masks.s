# RUN: %check-insn %s %t
# Masks of vectors' signs, and their parts.
        .include "insn.inc"
CASE second_byte_of_pmovmskb
        movups  xmm4, [rdi]
        pmovmskb eax, xmm4
        sahf
        setc    cl
        mov     dl, ah
END
CASE second_byte_of_pmovmskb_compared
        movups  xmm4, [rdi]
        movups  xmm5, [rdi + 16]
        pcmpgtb xmm4, xmm5
        pmovmskb ecx, xmm4
        movzx   edx, ch
        xor     eax, eax
        cmp     ch, cl
        setb    al
END
CASE movmskps_and_movmskpd
        movups  xmm4, [rdi + 32]
        movmskps eax, xmm4
        movmskpd ecx, xmm4
        shl     eax, 4
        add     eax, ecx
END
CASE maskmovq
        movq    mm0, [rdi + 32]
        movq    mm1, [rdi + 40]
        lea     rdi, [rdi + 3]
        maskmovq mm0, mm1
        emms
END
CASE maskmovq_32
        movq    mm0, [rdi + 32]
        pcmpeqb mm1, mm1
        psllq   mm1, 24
        mov     rdi, 0x1122334400000000
        lea     eax, [rip + scratch + 100]
        add     rdi, rax
        addr32 maskmovq mm0, mm1
        emms
END mask=0
CASE maskmovdqu
        movups  xmm4, [rdi + 32]
        movups  xmm5, [rdi + 48]
        lea     rdi, [rdi + 5]
        maskmovdqu xmm4, xmm5
END
        ret
