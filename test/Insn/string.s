# RUN: %check-insn %s %t
        .include "insn.inc"
CASE movsb
        movsb
END
CASE movsq
        movsq
END
CASE movsd_down
        std
        movsd
END
CASE movsw
        movsw
END
CASE stosb
        stosb
END
CASE stosd
        stosd
END
CASE lodsb
        lodsb
END
CASE lodsw
        lodsw
END
CASE lodsd
        lodsd
END
CASE lodsq
        std
        lodsq
END
CASE cmpsb
        cmpsb
END
CASE cmpsq
        cmpsq
END
CASE scasb
        scasb
END
CASE scasd
        mov     eax, [rdi]
        scasd
END
CASE rep_movsb
        mov     ecx, 37
        rep     movsb
END
CASE rep_movsq
        mov     ecx, 9
        rep     movsq
END
CASE rep_movsb_overlap
        lea     rdi, [rsi + 3]
        mov     ecx, 50
        rep     movsb
END
CASE rep_movsd_overlap_below
        lea     rdi, [rsi - 6]
        mov     ecx, 20
        rep     movsd
END
CASE rep_movsb_down
        std
        mov     ecx, 40
        rep     movsb
END
CASE rep_movsw_zero
        xor     ecx, ecx
        rep     movsw
END
CASE rep_stosb
        mov     ecx, 33
        rep     stosb
END
CASE rep_stosw
        mov     ecx, 11
        rep     stosw
END
CASE rep_stosq_down
        std
        mov     ecx, 5
        rep     stosq
END
CASE rep_lodsd
        mov     ecx, 5
        rep     lodsd
END
CASE repe_cmpsb_differs
        mov     ecx, 64
        repe    cmpsb
END
CASE repe_cmpsb_equal
        mov     rdi, rsi
        mov     ecx, 64
        repe    cmpsb
END
CASE repne_cmpsw
        mov     ecx, 10
        repne   cmpsw
END
CASE repe_cmps_zero_keeps_flags
        stc
        xor     ecx, ecx
        stc
        repe    cmpsb
END
CASE repne_scasb
        mov     ecx, 100
        mov     al, [rdi + 17]
        repne   scasb
END
CASE repne_scasb_missing
        mov     ecx, 20
        mov     al, [rdi + 40]
        repne   scasb
END
CASE repe_scasb
        mov     ecx, 9
        mov     al, [rdi]
        repe    scasb
END
CASE repne_scasq_down
        std
        mov     ecx, 9
        repne   scasq
END
CASE rep_movsb_ecx
        mov     rcx, 0x100000005
        addr32  rep movsb
END
CASE xlatb
        lea     rbx, [rsi]
        mov     al, 5
        xlatb
END
        ret
