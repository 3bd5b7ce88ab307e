//===- SanitizerDefaults.cpp - What a sanitized dbt-run asks of its runtime -===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// In builds with DBT_SANITIZE only. The actions of all signals are the guest's, those that
// it inherits included, so the sanitizers' runtimes are to leave them alone; and what UBSan
// finds ends the program, as what ASan finds does.
//===----------------------------------------------------------------------===//

#define EXPORT extern "C" __attribute__((visibility("default"), used))

#define LEAVE_SIGNALS "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_sigtrap=0:handle_abort=0"

EXPORT const char *__asan_default_options() { return LEAVE_SIGNALS; }
EXPORT const char *__tsan_default_options() { return LEAVE_SIGNALS; }
EXPORT const char *__ubsan_default_options() { return "halt_on_error=1:print_stacktrace=1"; }
