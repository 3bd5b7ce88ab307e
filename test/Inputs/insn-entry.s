# The entry of an instruction test, and what sets and saves all registers.

        .intel_syntax noprefix
        .text
        .globl  _start, insn_init, insn_save, insn_exit
_start: call    insn_test

insn_exit:
        xor     edi, edi
        mov     eax, 231
        syscall

# Every register a value of its own; RSI and RDI point into scratch memory, which
# is filled with a pattern. Flags clear, MXCSR its default.
insn_init:
        cld
        lea     rdi, [rip + scratch]
        mov     ecx, 256
        xor     eax, eax
1:      mov     [rdi + rax], al
        add     byte ptr [rdi + rax], 0x33
        inc     eax
        cmp     eax, ecx
        jne     1b
        xor     eax, eax
        lea     r8, [rip + pattern]
        movups  xmm0, [r8]
        movups  xmm1, [r8 + 16]
        movups  xmm2, [r8 + 32]
        movups  xmm3, [r8 + 48]
        movups  xmm4, [r8 + 64]
        movups  xmm5, [r8 + 80]
        movups  xmm6, [r8 + 96]
        movups  xmm7, [r8 + 112]
        movups  xmm8, [r8 + 128]
        movups  xmm9, [r8 + 144]
        movups  xmm10, [r8 + 160]
        movups  xmm11, [r8 + 176]
        movups  xmm12, [r8 + 192]
        movups  xmm13, [r8 + 208]
        movups  xmm14, [r8 + 224]
        movups  xmm15, [r8 + 240]
        ldmxcsr [rip + default_mxcsr]
        movabs  rax, 0x8877665544332211
        movabs  rbx, 0x0123456789abcdef
        movabs  rcx, 0x00000000000000c5
        movabs  rdx, 0xfedcba9876543210
        lea     rsi, [rip + scratch + 64]
        lea     rdi, [rip + scratch + 128]
        movabs  rbp, 0x7fffffffffffffff
        movabs  r8, 0x8000000000000000
        movabs  r9, 0x00000000ffffffff
        movabs  r10, 0xffffffff00000000
        movabs  r11, 0x00000000deadbeef
        movabs  r12, 1
        movabs  r13, -1
        movabs  r14, 0x5555555555555555
        movabs  r15, 0xaaaaaaaa55555555
        push    2
        popfq
        ret

# All registers into `state`.
insn_save:
        mov     [rip + state], rax
        lea     rax, [rip + state]
        mov     [rax + 8], rcx
        mov     [rax + 16], rdx
        mov     [rax + 24], rbx
        mov     [rax + 40], rbp
        mov     [rax + 48], rsi
        mov     [rax + 56], rdi
        mov     [rax + 64], r8
        mov     [rax + 72], r9
        mov     [rax + 80], r10
        mov     [rax + 88], r11
        mov     [rax + 96], r12
        mov     [rax + 104], r13
        mov     [rax + 112], r14
        mov     [rax + 120], r15
        pushfq
        pop     rcx
        mov     [rax + 128], rcx
        lea     rcx, [rsp + 8]
        mov     [rax + 32], rcx
        stmxcsr [rax + 136]
        movups  [rax + 144], xmm0
        movups  [rax + 160], xmm1
        movups  [rax + 176], xmm2
        movups  [rax + 192], xmm3
        movups  [rax + 208], xmm4
        movups  [rax + 224], xmm5
        movups  [rax + 240], xmm6
        movups  [rax + 256], xmm7
        movups  [rax + 272], xmm8
        movups  [rax + 288], xmm9
        movups  [rax + 304], xmm10
        movups  [rax + 320], xmm11
        movups  [rax + 336], xmm12
        movups  [rax + 352], xmm13
        movups  [rax + 368], xmm14
        movups  [rax + 384], xmm15
        cld
        ret

        .section .rodata
        .balign 16
# Floats and doubles of all kinds, and bytes that saturate.
pattern:
        .float  1.0, -2.5, 3.25e10, -0.0
        .double 1.5, -1e300
        .quad   0x8001020304050607, 0x7f80ff01fe02fd03
        .float  0.1, 100.7, -7.5, 2147483648.0
        .double 0.1, 123456789.987
        .quad   0x7ff0000000000000, 0xfff8000000000001
        .long   0x7f800000, 0xff800000, 0x7fc00001, 0x00000001
        .quad   0x0000000000000001, 0x8000000000000000
        .double -0.5, 2.5
        .quad   0xffffffffffffffff, 0x0000000000000000
        .quad   0x00ff00ff00ff00ff, 0xff00ff00ff00ff00
        .quad   0x1122334455667788, 0x99aabbccddeeff00
        .float  1e-40, 3.0, 5.5, -5.5
        .double 4503599627370497.5, -4503599627370497.5
        .quad   0x0f0e0d0c0b0a0908, 0x0706050403020100
        .quad   0x7fff80007fff8000, 0x80017ffe00010002
default_mxcsr:
        .long   0x1f80

        .bss
        .balign 64
        .globl  scratch, state
scratch: .skip  256
state:  .skip   400
        .section .note.GNU-stack, "", @progbits
