# RUN: %check-insn %s %t
# Flags that are read where definitions of different kinds meet, or that come from
# before a call or a loop.
        .include "insn.inc"

# One way or the other, by the counter: an addition, a subtraction of 16 bits, a float
# comparison, a shift by CL that may be by 0, INC on top of each; then all conditions.
        .macro MEET what:vararg
        mov     r12d, 40
        xor     r13d, r13d
1:      mov     eax, r12d
        imul    eax, eax, 0x37a91c5b
        mov     edx, eax
        rol     edx, 7
        mov     ecx, r12d
        and     ecx, 1 # OF is defined for a shift by 1 only
        test    r12d, 4
        je      3f
        test    r12d, 8
        je      2f
        add     al, dl
        jmp     5f
2:      cmp     ax, dx
        jmp     5f
3:      test    r12d, 8
        je      4f
        cvtsi2sd xmm0, eax
        cvtsi2sd xmm1, edx
        ucomisd xmm0, xmm1
        jmp     5f
4:      cmp     edx, eax
        shl     edx, cl
5:      \what
        .endm
        .macro DONE
        imul    r13, r13, 31
        add     r13, rbx
        dec     r12d
        jne     1b
        mov     rax, r13
        .endm
        .macro CONDITIONS from:vararg
        .irp c, \from
        set\c   bl
        movzx   ebx, bl
        lea     r13, [r13 + 2*r13]
        lea     r13, [r13 + rbx]
        .endr
        .endm

CASE inc_after_join
        MEET    inc edx
        pushf
        pop     rbx
        and     ebx, 0x8d5
        DONE
END mask=0
CASE dec_after_join_carry
        MEET    dec edx
        sbb     rbx, rbx
        DONE
END mask=0
CASE conditions_after_join
        MEET    CONDITIONS b, e, be, p
        DONE
END mask=0
CASE signs_after_join
        MEET    CONDITIONS o, s, l, le, no, ns, ge, g
        DONE
END mask=0
CASE adc_after_join
        MEET    adc edx, eax
        pushf
        pop     rbx
        and     ebx, 0x8d5
        lea     ebx, [rbx + rdx]
        DONE
END mask=0
CASE cmov_and_rotate_after_join
        MEET    cmova ebx, eax
        rcl     edx, 3
        lea     ebx, [rbx + rdx]
        DONE
END mask=0
CASE carry_through_loop
        # 256 bits plus 256 bits: DEC keeps the carry that ADC takes.
        mov     rax, -1
        mov     [rsi], rax
        mov     [rsi + 8], rax
        mov     [rsi + 16], rax
        mov     [rsi + 24], rax
        mov     rbx, rsi
        mov     rdx, rdi
        mov     ecx, 4
        clc
1:      mov     rax, [rdx]
        adc     [rbx], rax
        lea     rdx, [rdx + 8]
        lea     rbx, [rbx + 8]
        dec     ecx
        jne     1b
        setc    al
        sub     rdx, rdi
        sub     rbx, rsi
END
CASE carry_over_call
        mov     r12d, 64
        xor     r13d, r13d
1:      mov     eax, r12d
        imul    eax, eax, 0x5bd1e995
        call    7f
        inc     eax
        adc     r13, rax
        dec     r12d
        jne     1b
        jmp     8f
7:      test    eax, 0x40
        je      6f
        add     al, al
        ret
6:      cmp     eax, 0x7fffffff
        ret
8:      mov     rax, r13
END
        ret
