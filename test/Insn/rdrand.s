# RDRAND, RDSEED and RDPID, whose values nobody knows: their flags and what they leave.
# RUN: %check-insn %s %t
# REQUIRES: cpu-rdrand, cpu-rdseed, cpu-rdpid
        .include "insn.inc"
        .macro  RANDOM name
CASE \name\()_16
        stc
1:      mov     ecx, -1
        \name   cx
        jnc     1b
        setc    al
        shr     rcx, 16
END mask=0
CASE \name\()_32
1:      mov     rcx, -1
        \name   ecx
        jnc     1b
        shr     rcx, 32
END mask=0
CASE \name\()_64
        mov     ebx, 64
2:      \name   rcx
        jnc     2b
        or      rdx, rcx
        \name   rax
        jnc     2b
        xor     rax, rcx
        setnz   al
        movzx   eax, al
        mov     ecx, 1
        dec     ebx
        jnz     2b
END
        .endm
        RANDOM  rdrand
        RANDOM  rdseed
CASE rdpid
        rdpid   rax
        shr     rax, 32
END mask=0
CASE rdtscp_agrees
        mov     ebx, 1000
1:      rdtscp
        rdpid   rdx
        cmp     rcx, rdx
        je      2f
        dec     ebx
        jnz     1b
2:      test    ebx, ebx
        setnz   al
        movzx   eax, al
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
END mask=0
        ret
