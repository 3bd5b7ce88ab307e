# XSAVE and its family, on x87 and SSE state: what else the processor has, dbt need not.
# What is unused (XINUSE) processors may tell differently; all that is used here is used.
# RUN: %check-insn %s %t
        .include "insn.inc"

        .bss
        .balign 64
area:   .skip   1024
        .text

        .macro  CLEAR with=0
        push    rdi
        push    rcx
        push    rax
        lea     rdi, [rip + area]
        mov     ecx, 1024
        mov     al, \with
        rep     stosb
        xor     eax, eax
        lea     rdi, [rip + area + 512]
        mov     ecx, 64
        rep     stosb
        pop     rax
        pop     rcx
        pop     rdi
        .endm

        .macro  COMPONENTS which
        mov     eax, \which
        xor     edx, edx
        .endm

# The header and the beginnings of the components. Which instruction's opcode the x87
# unit remembers differs between processors.
        .macro  SHOW
        mov     word ptr [rip + area + 6], 0
        mov     rax, [rip + area + 512]
        mov     rdx, [rip + area + 520]
        mov     rbx, [rip + area + 528]
        mov     rcx, [rip + area]
        mov     r8, [rip + area + 24]
        mov     r9, [rip + area + 32]
        mov     r10, [rip + area + 160]
        mov     r11, [rip + area + 408]
        mov     r12, [rip + area + 464]
        .endm

        .macro  USE_X87
        fninit
        fld1
        fldpi
        .endm

CASE xgetbv
        xor     ecx, ecx
        xgetbv
        and     eax, 3
END
CASE xsave_both
        CLEAR   0xcc
        USE_X87
        COMPONENTS 3
        xsave64 [rip + area]
        SHOW
END
CASE xsave_sse
        CLEAR   0xcc
        COMPONENTS 2
        xsave   [rip + area]
        SHOW
END
CASE xsave_x87
        CLEAR   0xcc
        USE_X87
        COMPONENTS 1
        xsave   [rip + area]
        mov     qword ptr [rip + area + 8], 0
        SHOW
END
CASE xsave_none
        CLEAR   0xcc
        COMPONENTS 0
        xsave64 [rip + area]
        SHOW
END
CASE xsave_keeps_other_bits
        CLEAR   0xcc
        mov     byte ptr [rip + area + 512], 1
        COMPONENTS 2
        xsave64 [rip + area]
        SHOW
END
CASE xsaveopt_sse
        CLEAR   0xcc
        COMPONENTS 2
        xsaveopt64 [rip + area]
        SHOW
END
CASE xsavec_both
        CLEAR   0xcc
        USE_X87
        COMPONENTS 3
        xsavec64 [rip + area]
        SHOW
END
CASE xsavec_sse
        CLEAR   0xcc
        COMPONENTS 2
        xsavec  [rip + area]
        SHOW
END
CASE xsavec_mxcsr_alone
        CLEAR   0xcc
        push    0x3f80
        ldmxcsr [rsp]
        pop     rax
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        pxor    xmm\n, xmm\n
        .endr
        COMPONENTS 2
        xsavec64 [rip + area]
        SHOW
END
CASE xrstor_standard
        CLEAR
        USE_X87
        COMPONENTS 3
        xsave64 [rip + area]
        pcmpeqd xmm1, xmm1
        pxor    xmm15, xmm15
        fninit
        COMPONENTS 3
        xrstor64 [rip + area]
        fstp    qword ptr [rsi]
        fstp    qword ptr [rsi + 8]
END
CASE xrstor_initialises_sse_but_not_mxcsr
        CLEAR   0xcc
        mov     dword ptr [rip + area + 24], 0x5f80
        COMPONENTS 2
        xrstor64 [rip + area]
END
CASE xrstor_of_x87_keeps_sse
        CLEAR
        mov     dword ptr [rip + area + 24], 0x5f80
        USE_X87
        COMPONENTS 1
        xrstor64 [rip + area]
        fnstsw  ax
        fnstcw  [rsi]
END
CASE xrstor_compacted
        CLEAR   0xcc
        USE_X87
        COMPONENTS 3
        xsavec64 [rip + area]
        pcmpeqd xmm1, xmm1
        fninit
        COMPONENTS 3
        xrstor64 [rip + area]
        fstp    qword ptr [rsi]
        fstp    qword ptr [rsi + 8]
END
CASE xrstor_compacted_initialises_mxcsr
        CLEAR   0xcc
        push    0x3f80
        ldmxcsr [rsp]
        pop     rax
        mov     byte ptr [rip + area + 527], 0x80
        mov     byte ptr [rip + area + 520], 3
        COMPONENTS 2
        xrstor64 [rip + area]
END
CASE fxrstor_corrects_x87
        CLEAR
        fninit
        fxsave64 [rip + area]
        mov     dword ptr [rip + area], 0x01ffff40
        mov     word ptr [rip + area + 6], 0xffff
        fxrstor64 [rip + area]
        fxsave64 [rip + area]
        fninit
        mov     rax, [rip + area]
END
CASE cpuid_state
        mov     eax, 0xd
        xor     ecx, ecx
        cpuid
        and     eax, 3
        xor     ebx, ebx
        xor     ecx, ecx
END
        ret
