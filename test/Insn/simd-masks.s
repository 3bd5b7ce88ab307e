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
        ret
