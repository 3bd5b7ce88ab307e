// SafeSyscall.S - A system call that no signal can slip in front of
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// int64_t dbtSafeSyscall(const uint32_t *pending, long nr, a0 ... a5)
//
// Between dbtSafeSyscallStart and dbtSafeSyscallEnd the kernel has not been entered
// (or not yet for good): a signal handler that interrupts there sends us to
// dbtSafeSyscallAbort (Abi/HostContext.h). The SYSCALL instruction is before End,
// so that one whose RIP is on it counts as not begun; once it is behind it, the
// kernel has answered, with EINTR if it waited.

        .intel_syntax noprefix
        .text
        .globl  dbtSafeSyscall, dbtSafeSyscallStart, dbtSafeSyscallEnd, dbtSafeSyscallAbort
        .hidden dbtSafeSyscall, dbtSafeSyscallStart, dbtSafeSyscallEnd, dbtSafeSyscallAbort
        .type   dbtSafeSyscall, @function
dbtSafeSyscall:
        push    rbx
        mov     rbx, rdi
        mov     rax, rsi
        mov     rdi, rdx
        mov     rsi, rcx
        mov     rdx, r8
        mov     r10, r9
        mov     r8, [rsp + 16]
        mov     r9, [rsp + 24]
dbtSafeSyscallStart:
        cmp     dword ptr [rbx], 0
        jne     dbtSafeSyscallAbort
        syscall
dbtSafeSyscallEnd:
        pop     rbx
        ret
dbtSafeSyscallAbort:
        mov     rax, -512
        pop     rbx
        ret
        .size   dbtSafeSyscall, . - dbtSafeSyscall
        .section .note.GNU-stack, "", @progbits

// Where the host's own signal handlers return to (SA_RESTORER).
        .text
        .globl  dbtSignalReturn
        .hidden dbtSignalReturn
        .type   dbtSignalReturn, @function
dbtSignalReturn:
        mov     eax, 15
        syscall
        .size   dbtSignalReturn, . - dbtSignalReturn
