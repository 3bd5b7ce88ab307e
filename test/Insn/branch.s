# Every condition after a comparison of every order, by SETcc, CMOVcc and Jcc.
# RUN: %check-insn %s %t
        .include "insn.inc"

        .macro  CONDITIONS a, b, name
        .irp    cc, o, no, b, ae, e, ne, be, a, s, ns, p, np, l, ge, le, g
CASE \name\()_\cc
        mov     eax, \a
        cmp     eax, \b
        set\cc  bl
        cmov\cc rcx, rdx
        cmov\cc r14d, r15d
        j\cc    1f
        mov     r8d, 1
1:
END
        .endr
        .endm

CONDITIONS 1, 2, less
CONDITIONS 2, 1, greater
CONDITIONS 7, 7, equal
CONDITIONS -1, 1, signs
CONDITIONS 0x80000000, 1, overflow

CASE loop_counts
        mov     ecx, 5
        xor     eax, eax
1:      inc     eax
        loop    1b
END
CASE loopne_stops
        mov     ecx, 5
        xor     eax, eax
1:      inc     eax
        cmp     eax, 3
        loopne  1b
END
CASE jrcxz_taken
        xor     ecx, ecx
        jrcxz   1f
        mov     eax, 1
1:
END
CASE indirect_jump
        lea     rax, [rip + 1f]
        jmp     rax
        mov     ebx, 1
1:      xor     eax, eax
END
CASE call_and_ret_imm
        push    7
        push    8
        call    1f
        jmp     2f
1:      mov     eax, [rsp + 8]
        ret     16
2:
END
CASE flags_after_inc
        stc
        mov     eax, 0x7fffffff
        inc     eax
        setb    bl
        seto    bh
        sets    cl
END
CASE flags_after_logic
        or      eax, eax
        setbe   bl
        setle   bh
        setp    cl
END
CASE clc_stc_cmc
        stc
        setc    al
        cmc
        setc    ah
        clc
        setc    bl
END
        ret
