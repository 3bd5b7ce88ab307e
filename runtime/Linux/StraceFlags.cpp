//===- StraceFlags.cpp - Names of flag arguments --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Combined names stand before the bits they are made of (O_SYNC before
// O_DSYNC): the first name that fits takes its bits.
//===----------------------------------------------------------------------===//
#include "Linux/StraceFlags.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/futex.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// The kernel's names where glibc has none or spells a type.
#ifndef FICLONE
#define FICLONE _IOW(0x94, 9, int)
#endif
#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#ifndef STATX_DIOALIGN
#define STATX_DIOALIGN 0x2000
#endif
#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62
#endif
#ifndef CLONE_DETACHED
#define CLONE_DETACHED 0x00400000
#endif
#ifndef FUTEX_FD
#define FUTEX_FD 2
#endif

namespace dbt {

namespace {

#define N(name) {static_cast<uint64_t>(name), #name}

constexpr FlagName accessFlagsTable[] = {
    N(F_OK), N(R_OK), N(W_OK), N(X_OK)};
constexpr FlagName archPrctlNamesTable[] = {
    {0x1001, "ARCH_SET_GS"}, {0x1002, "ARCH_SET_FS"}, {0x1003, "ARCH_GET_FS"},
    {0x1004, "ARCH_GET_GS"}, {0x1011, "ARCH_GET_CPUID"}, {0x1012, "ARCH_SET_CPUID"},
    {0x1021, "ARCH_GET_XCOMP_SUPP"}, {0x1022, "ARCH_GET_XCOMP_PERM"},
    {0x1023, "ARCH_REQ_XCOMP_PERM"}, {0x3001, "ARCH_CET_STATUS"}};
constexpr FlagName atFlagsTable[] = {
    N(AT_SYMLINK_NOFOLLOW), {0x200, "AT_REMOVEDIR"}, N(AT_SYMLINK_FOLLOW), N(AT_NO_AUTOMOUNT),
    N(AT_EMPTY_PATH), N(AT_STATX_FORCE_SYNC), N(AT_STATX_DONT_SYNC), {0x8000, "AT_RECURSIVE"}};
constexpr FlagName clockNamesTable[] = {
    N(CLOCK_REALTIME), N(CLOCK_MONOTONIC), N(CLOCK_PROCESS_CPUTIME_ID),
    N(CLOCK_THREAD_CPUTIME_ID), N(CLOCK_MONOTONIC_RAW), N(CLOCK_REALTIME_COARSE),
    N(CLOCK_MONOTONIC_COARSE), N(CLOCK_BOOTTIME), N(CLOCK_REALTIME_ALARM),
    N(CLOCK_BOOTTIME_ALARM), N(CLOCK_TAI)};
constexpr FlagName cloneFlagsTable[] = {
    N(CLONE_VM), N(CLONE_FS), N(CLONE_FILES), N(CLONE_SIGHAND), N(CLONE_PIDFD), N(CLONE_PTRACE),
    N(CLONE_VFORK), N(CLONE_PARENT), N(CLONE_THREAD), N(CLONE_NEWNS), N(CLONE_SYSVSEM),
    N(CLONE_SETTLS), N(CLONE_PARENT_SETTID), N(CLONE_CHILD_CLEARTID), N(CLONE_DETACHED),
    N(CLONE_UNTRACED), N(CLONE_CHILD_SETTID), N(CLONE_NEWCGROUP), N(CLONE_NEWUTS),
    N(CLONE_NEWIPC), N(CLONE_NEWUSER), N(CLONE_NEWPID), N(CLONE_NEWNET), N(CLONE_IO), N(SIGCHLD)};
constexpr FlagName closeRangeFlagsTable[] = {
    N(CLOSE_RANGE_UNSHARE), N(CLOSE_RANGE_CLOEXEC)};
constexpr FlagName epollCreateFlagsTable[] = {
    N(EPOLL_CLOEXEC)};
constexpr FlagName epollCtlNamesTable[] = {
    N(EPOLL_CTL_ADD), N(EPOLL_CTL_DEL), N(EPOLL_CTL_MOD)};
constexpr FlagName eventfdFlagsTable[] = {
    N(EFD_CLOEXEC), N(EFD_NONBLOCK), N(EFD_SEMAPHORE)};
constexpr FlagName fallocateFlagsTable[] = {
    N(FALLOC_FL_KEEP_SIZE), N(FALLOC_FL_PUNCH_HOLE), N(FALLOC_FL_COLLAPSE_RANGE),
    N(FALLOC_FL_ZERO_RANGE), N(FALLOC_FL_INSERT_RANGE), N(FALLOC_FL_UNSHARE_RANGE)};
constexpr FlagName familyNamesTable[] = {
    N(AF_UNSPEC), N(AF_UNIX), N(AF_INET), N(AF_INET6), N(AF_NETLINK), N(AF_PACKET), N(AF_ALG),
    N(AF_VSOCK), N(AF_BLUETOOTH)};
constexpr FlagName fcntlNamesTable[] = {
    N(F_DUPFD), N(F_GETFD), N(F_SETFD), N(F_GETFL), N(F_SETFL), N(F_GETLK), N(F_SETLK),
    N(F_SETLKW), N(F_SETOWN), N(F_GETOWN), N(F_SETSIG), N(F_GETSIG), N(F_SETOWN_EX),
    N(F_GETOWN_EX), N(F_OFD_GETLK), N(F_OFD_SETLK), N(F_OFD_SETLKW), N(F_SETLEASE),
    N(F_GETLEASE), N(F_NOTIFY), N(F_DUPFD_CLOEXEC), N(F_SETPIPE_SZ), N(F_GETPIPE_SZ),
    N(F_ADD_SEALS), N(F_GET_SEALS)};
constexpr FlagName fileTypeNamesTable[] = {
    N(S_IFSOCK), N(S_IFLNK), N(S_IFREG), N(S_IFBLK), N(S_IFDIR), N(S_IFCHR), N(S_IFIFO)};
constexpr FlagName flockFlagsTable[] = {
    N(LOCK_SH), N(LOCK_EX), N(LOCK_NB), N(LOCK_UN)};
constexpr FlagName futexFlagsTable[] = {
    N(FUTEX_WAIT), N(FUTEX_WAKE), N(FUTEX_FD), N(FUTEX_REQUEUE), N(FUTEX_CMP_REQUEUE),
    N(FUTEX_WAKE_OP), N(FUTEX_LOCK_PI), N(FUTEX_UNLOCK_PI), N(FUTEX_TRYLOCK_PI),
    N(FUTEX_WAIT_BITSET), N(FUTEX_WAKE_BITSET), N(FUTEX_WAIT_REQUEUE_PI),
    N(FUTEX_CMP_REQUEUE_PI), {13, "FUTEX_LOCK_PI2"}, N(FUTEX_WAIT_PRIVATE),
    N(FUTEX_WAKE_PRIVATE), N(FUTEX_REQUEUE_PRIVATE), N(FUTEX_CMP_REQUEUE_PRIVATE),
    N(FUTEX_WAKE_OP_PRIVATE), N(FUTEX_LOCK_PI_PRIVATE), N(FUTEX_UNLOCK_PI_PRIVATE),
    N(FUTEX_TRYLOCK_PI_PRIVATE), N(FUTEX_WAIT_BITSET_PRIVATE), N(FUTEX_WAKE_BITSET_PRIVATE),
    N(FUTEX_WAIT_REQUEUE_PI_PRIVATE), N(FUTEX_CMP_REQUEUE_PI_PRIVATE), {13 |
    128, "FUTEX_LOCK_PI2_PRIVATE"}, N(FUTEX_CLOCK_REALTIME)};
constexpr FlagName getrandomFlagsTable[] = {
    N(GRND_NONBLOCK), N(GRND_RANDOM), N(GRND_INSECURE)};
constexpr FlagName ioctlNamesTable[] = {
    N(TCGETS), N(TCSETS), N(TCSETSW), N(TCSETSF), N(TIOCGWINSZ), N(TIOCSWINSZ), N(TIOCGPGRP),
    N(TIOCSPGRP), N(TIOCSCTTY), N(TIOCNOTTY), N(TIOCGPTN), N(TIOCSPTLCK), N(FIONREAD),
    N(FIONBIO), N(FIOCLEX), N(FIONCLEX), N(TCSBRK), N(TCXONC), N(TCFLSH), N(TIOCGSID),
    N(FICLONE)};
constexpr FlagName ipcCmdNamesTable[] = {
    N(IPC_RMID), N(IPC_SET), N(IPC_STAT), N(IPC_INFO), N(SHM_LOCK), N(SHM_UNLOCK), N(GETVAL),
    N(SETVAL), N(GETALL), N(SETALL)};
constexpr FlagName ipcFlagsTable[] = {
    N(IPC_CREAT), N(IPC_EXCL), N(IPC_NOWAIT)};
constexpr FlagName ipcKeyNamesTable[] = {
    N(IPC_PRIVATE)};
constexpr FlagName itimerNamesTable[] = {
    N(ITIMER_REAL), N(ITIMER_VIRTUAL), N(ITIMER_PROF)};
constexpr FlagName madviseNamesTable[] = {
    N(MADV_NORMAL), N(MADV_RANDOM), N(MADV_SEQUENTIAL), N(MADV_WILLNEED), N(MADV_DONTNEED),
    N(MADV_FREE), N(MADV_REMOVE), N(MADV_DONTFORK), N(MADV_DOFORK), N(MADV_MERGEABLE),
    N(MADV_UNMERGEABLE), N(MADV_HUGEPAGE), N(MADV_NOHUGEPAGE), N(MADV_DONTDUMP), N(MADV_DODUMP),
    N(MADV_WIPEONFORK), N(MADV_KEEPONFORK), N(MADV_COLD), N(MADV_PAGEOUT),
    N(MADV_POPULATE_READ), N(MADV_POPULATE_WRITE), {24, "MADV_DONTNEED_LOCKED"},
    {25, "MADV_COLLAPSE"}};
constexpr FlagName memfdFlagsTable[] = {
    N(MFD_CLOEXEC), N(MFD_ALLOW_SEALING), N(MFD_HUGETLB)};
constexpr FlagName mmapFlagsTable[] = {
    N(MAP_FILE), N(MAP_SHARED), N(MAP_PRIVATE), N(MAP_SHARED_VALIDATE), N(MAP_FIXED),
    N(MAP_ANONYMOUS), N(MAP_32BIT), N(MAP_GROWSDOWN), N(MAP_DENYWRITE), N(MAP_LOCKED),
    N(MAP_NORESERVE), N(MAP_POPULATE), N(MAP_NONBLOCK), N(MAP_STACK), N(MAP_HUGETLB),
    N(MAP_SYNC), N(MAP_FIXED_NOREPLACE)};
constexpr FlagName mremapFlagsTable[] = {
    N(MREMAP_MAYMOVE), N(MREMAP_FIXED), N(MREMAP_DONTUNMAP)};
constexpr FlagName msgFlagsTable[] = {
    N(MSG_OOB), N(MSG_PEEK), N(MSG_DONTROUTE), N(MSG_CTRUNC), N(MSG_TRUNC), N(MSG_DONTWAIT),
    N(MSG_EOR), N(MSG_WAITALL), N(MSG_CONFIRM), N(MSG_ERRQUEUE), N(MSG_NOSIGNAL), N(MSG_MORE),
    N(MSG_WAITFORONE), N(MSG_CMSG_CLOEXEC), N(MSG_FASTOPEN)};
constexpr FlagName msyncFlagsTable[] = {
    N(MS_ASYNC), N(MS_INVALIDATE), N(MS_SYNC)};
constexpr FlagName openFlagsTable[] = {
    N(O_RDONLY), N(O_WRONLY), N(O_RDWR), N(O_CREAT), N(O_EXCL), N(O_NOCTTY), N(O_TRUNC),
    N(O_APPEND), N(O_NONBLOCK), N(O_SYNC), N(O_DSYNC), N(O_ASYNC), N(O_DIRECT),
    {0100000, "O_LARGEFILE"}, N(O_TMPFILE), N(O_DIRECTORY), N(O_NOFOLLOW), N(O_NOATIME),
    N(O_CLOEXEC), N(O_PATH)};
constexpr FlagName pipeFlagsTable[] = {
    N(O_CLOEXEC), N(O_NONBLOCK), N(O_DIRECT)};
constexpr FlagName prctlNamesTable[] = {
    N(PR_SET_PDEATHSIG), N(PR_GET_PDEATHSIG), N(PR_GET_DUMPABLE), N(PR_SET_DUMPABLE),
    N(PR_GET_UNALIGN), N(PR_SET_UNALIGN), N(PR_GET_KEEPCAPS), N(PR_SET_KEEPCAPS),
    N(PR_GET_TIMING), N(PR_SET_TIMING), N(PR_SET_NAME), N(PR_GET_NAME), N(PR_GET_SECCOMP),
    N(PR_SET_SECCOMP), N(PR_CAPBSET_READ), N(PR_CAPBSET_DROP), N(PR_GET_TSC), N(PR_SET_TSC),
    N(PR_GET_SECUREBITS), N(PR_SET_SECUREBITS), N(PR_SET_TIMERSLACK), N(PR_GET_TIMERSLACK),
    N(PR_TASK_PERF_EVENTS_DISABLE), N(PR_TASK_PERF_EVENTS_ENABLE), N(PR_MCE_KILL),
    N(PR_MCE_KILL_GET), N(PR_SET_MM), N(PR_SET_PTRACER), N(PR_SET_CHILD_SUBREAPER),
    N(PR_GET_CHILD_SUBREAPER), N(PR_SET_NO_NEW_PRIVS), N(PR_GET_NO_NEW_PRIVS),
    N(PR_GET_TID_ADDRESS), N(PR_SET_THP_DISABLE), N(PR_GET_THP_DISABLE), N(PR_CAP_AMBIENT),
    N(PR_GET_SPECULATION_CTRL), N(PR_SET_SPECULATION_CTRL), N(PR_SET_IO_FLUSHER),
    N(PR_GET_IO_FLUSHER), N(PR_SET_SYSCALL_USER_DISPATCH), N(PR_SCHED_CORE),
    {0x53564d41, "PR_SET_VMA"}};
constexpr FlagName protFlagsTable[] = {
    N(PROT_NONE), N(PROT_READ), N(PROT_WRITE), N(PROT_EXEC), N(PROT_GROWSDOWN), N(PROT_GROWSUP)};
constexpr FlagName rlimitNamesTable[] = {
    N(RLIMIT_CPU), N(RLIMIT_FSIZE), N(RLIMIT_DATA), N(RLIMIT_STACK), N(RLIMIT_CORE),
    N(RLIMIT_RSS), N(RLIMIT_NPROC), N(RLIMIT_NOFILE), N(RLIMIT_MEMLOCK), N(RLIMIT_AS),
    N(RLIMIT_LOCKS), N(RLIMIT_SIGPENDING), N(RLIMIT_MSGQUEUE), N(RLIMIT_NICE), N(RLIMIT_RTPRIO),
    N(RLIMIT_RTTIME)};
constexpr FlagName schedNamesTable[] = {
    N(SCHED_OTHER), N(SCHED_FIFO), N(SCHED_RR), N(SCHED_BATCH), N(SCHED_IDLE), N(SCHED_DEADLINE)};
constexpr FlagName shmFlagsTable[] = {
    N(SHM_RDONLY), N(SHM_RND), N(SHM_REMAP), N(SHM_EXEC)};
constexpr FlagName shutdownNamesTable[] = {
    N(SHUT_RD), N(SHUT_WR), N(SHUT_RDWR)};
constexpr FlagName sigHowNamesTable[] = {
    N(SIG_BLOCK), N(SIG_UNBLOCK), N(SIG_SETMASK)};
constexpr FlagName sockLevelNamesTable[] = {
    N(SOL_SOCKET), {0, "SOL_IP"}, {6, "SOL_TCP"}, {17, "SOL_UDP"}, {41, "SOL_IPV6"}};
constexpr FlagName socketFlagsTable[] = {
    N(SOCK_STREAM), N(SOCK_DGRAM), N(SOCK_RAW), N(SOCK_SEQPACKET), N(SOCK_PACKET),
    N(SOCK_NONBLOCK), N(SOCK_CLOEXEC)};
constexpr FlagName statxFlagsTable[] = {
    N(STATX_ALL), N(STATX_BASIC_STATS), N(STATX_TYPE), N(STATX_MODE), N(STATX_NLINK),
    N(STATX_UID), N(STATX_GID), N(STATX_ATIME), N(STATX_MTIME), N(STATX_CTIME), N(STATX_INO),
    N(STATX_SIZE), N(STATX_BLOCKS), N(STATX_BTIME), N(STATX_MNT_ID), N(STATX_DIOALIGN)};
constexpr FlagName timerFlagsTable[] = {
    N(TIMER_ABSTIME)};
constexpr FlagName timerfdFlagsTable[] = {
    N(TFD_CLOEXEC), N(TFD_NONBLOCK)};
constexpr FlagName unlinkFlagsTable[] = {
    N(AT_REMOVEDIR)};
constexpr FlagName waitFlagsTable[] = {
    N(WNOHANG), N(WUNTRACED), N(WEXITED), N(WCONTINUED), N(WNOWAIT), N(__WNOTHREAD), N(__WALL),
    N(__WCLONE)};
constexpr FlagName waitIdNamesTable[] = {
    N(P_ALL), N(P_PID), N(P_PGID), N(P_PIDFD)};
constexpr FlagName whenceNamesTable[] = {
    N(SEEK_SET), N(SEEK_CUR), N(SEEK_END), N(SEEK_DATA), N(SEEK_HOLE)};

#undef N

} // namespace

constinit const FlagSet accessFlags = {0, accessFlagsTable, "?_OK"};
constinit const FlagSet archPrctlNames = {~uint64_t(0), archPrctlNamesTable, "ARCH_???"};
constinit const FlagSet atFlags = {0, atFlagsTable, "AT_???"};
constinit const FlagSet clockNames = {~uint64_t(0), clockNamesTable, "CLOCK_???"};
constinit const FlagSet cloneFlags = {0xff, cloneFlagsTable, "CLONE_???"};
constinit const FlagSet closeRangeFlags = {0, closeRangeFlagsTable, "CLOSE_RANGE_???"};
constinit const FlagSet epollCreateFlags = {0, epollCreateFlagsTable, "EPOLL_???"};
constinit const FlagSet epollCtlNames = {~uint64_t(0), epollCtlNamesTable, "EPOLL_CTL_???"};
constinit const FlagSet eventfdFlags = {0, eventfdFlagsTable, "EFD_???"};
constinit const FlagSet fallocateFlags = {0, fallocateFlagsTable, "FALLOC_FL_???"};
constinit const FlagSet familyNames = {~uint64_t(0), familyNamesTable, "AF_???"};
constinit const FlagSet fcntlNames = {~uint64_t(0), fcntlNamesTable, "F_???"};
constinit const FlagSet fileTypeNames = {~uint64_t(0), fileTypeNamesTable, "S_IF???"};
constinit const FlagSet flockFlags = {0, flockFlagsTable, "LOCK_???"};
constinit const FlagSet futexFlags = {0xff, futexFlagsTable, "FUTEX_???"};
constinit const FlagSet getrandomFlags = {0, getrandomFlagsTable, "GRND_???"};
constinit const FlagSet ioctlNames = {~uint64_t(0), ioctlNamesTable, "_IOC"};
constinit const FlagSet ipcCmdNames = {~uint64_t(0), ipcCmdNamesTable, "IPC_???"};
constinit const FlagSet ipcFlags = {0777, ipcFlagsTable, "IPC_???"};
constinit const FlagSet ipcKeyNames = {~uint64_t(0), ipcKeyNamesTable, "IPC_???"};
constinit const FlagSet itimerNames = {~uint64_t(0), itimerNamesTable, "ITIMER_???"};
constinit const FlagSet madviseNames = {~uint64_t(0), madviseNamesTable, "MADV_???"};
constinit const FlagSet memfdFlags = {0, memfdFlagsTable, "MFD_???"};
constinit const FlagSet mmapFlags = {0xf, mmapFlagsTable, "MAP_???"};
constinit const FlagSet mremapFlags = {0, mremapFlagsTable, "MREMAP_???"};
constinit const FlagSet msgFlags = {0, msgFlagsTable, "MSG_???"};
constinit const FlagSet msyncFlags = {0, msyncFlagsTable, "MS_???"};
constinit const FlagSet openFlags = {O_ACCMODE, openFlagsTable, "O_???"};
constinit const FlagSet pipeFlags = {0, pipeFlagsTable, "O_???"};
constinit const FlagSet prctlNames = {~uint64_t(0), prctlNamesTable, "PR_???"};
constinit const FlagSet protFlags = {0, protFlagsTable, "PROT_???"};
constinit const FlagSet rlimitNames = {~uint64_t(0), rlimitNamesTable, "RLIMIT_???"};
constinit const FlagSet schedNames = {~uint64_t(0), schedNamesTable, "SCHED_???"};
constinit const FlagSet shmFlags = {0, shmFlagsTable, "SHM_???"};
constinit const FlagSet shutdownNames = {~uint64_t(0), shutdownNamesTable, "SHUT_???"};
constinit const FlagSet sigHowNames = {~uint64_t(0), sigHowNamesTable, "SIG_???"};
constinit const FlagSet sockLevelNames = {~uint64_t(0), sockLevelNamesTable, "SOL_???"};
constinit const FlagSet socketFlags = {0xf, socketFlagsTable, "SOCK_???"};
constinit const FlagSet statxFlags = {0, statxFlagsTable, "STATX_???"};
constinit const FlagSet timerFlags = {0, timerFlagsTable, "TIMER_???"};
constinit const FlagSet timerfdFlags = {0, timerfdFlagsTable, "TFD_???"};
constinit const FlagSet unlinkFlags = {0, unlinkFlagsTable, "AT_???"};
constinit const FlagSet waitFlags = {0, waitFlagsTable, "W???"};
constinit const FlagSet waitIdNames = {~uint64_t(0), waitIdNamesTable, "P_???"};
constinit const FlagSet whenceNames = {~uint64_t(0), whenceNamesTable, "SEEK_???"};

} // namespace dbt
