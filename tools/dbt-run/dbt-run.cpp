//===- dbt-run.cpp - Runs x86-64 Linux programs ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Options.h"

#include "Dispatch/Dispatcher.h"
#include "Dispatch/Stats.h"
#include "Dispatch/Tiers.h"
#include "Guest/CpuModel.h"
#include "Guest/Cpuid.h"
#include "Linux/GuestOs.h"
#include "Linux/Process.h"
#include "Linux/ProcessState.h"
#include "Linux/SignalFrame.h"
#include "Linux/Signals.h"
#include "Linux/Strace.h"
#include "Linux/Threads.h"
#include "Linux/WriteExecute.h"
#include "Loader/AddressSpace.h"
#include "Loader/Program.h"
#include "Support/Log.h"
#include "Support/OwnFds.h"
#include "Support/Reserve.h"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbt;

namespace {

/// Ends the process without running what belongs to the guest's threads.
[[noreturn]] void fail(int status, const std::string &message) {
  std::fprintf(stderr, "dbt-run: error: %s\n", message.c_str());
  std::exit(status);
}

/// PROGRAM without a slash is looked for in PATH, as a shell does.
std::string findProgram(const std::string &name) {
  if (name.empty() || name.find('/') != name.npos)
    return name;
  std::string path = std::getenv("PATH") ? std::getenv("PATH") : "/usr/bin:/bin";
  for (size_t at = 0; at <= path.size();) {
    size_t end = std::min(path.find(':', at), path.size());
    std::string candidate = (end == at ? "." : path.substr(at, end - at)) + "/" + name;
    struct stat st;
    if (stat(candidate.c_str(), &st) == 0 && S_ISREG(st.st_mode) && access(candidate.c_str(), X_OK) == 0)
      return candidate;
    at = end + 1;
  }
  return name;
}

std::vector<std::string> guestEnvironment(const RunOptions &options) {
  std::vector<std::string> env;
  for (char **entry = environ; *entry; ++entry)
    env.emplace_back(*entry);
  for (const auto &[name, value] : options.environment) {
    std::erase_if(env, [&](const std::string &e) { return e.starts_with(name + "="); });
    if (value)
      env.push_back(name + "=" + *value);
  }
  return env;
}

/// Appends: a child that the guest made goes on where its parent was.
int openLog(std::string name) {
  if (size_t at = name.find("%d"); at != name.npos)
    name.replace(at, 2, std::to_string(getpid()));
  Result<int> fd = openOwnFile(name, O_WRONLY | O_CREAT | O_APPEND);
  if (!fd)
    fail(1, "cannot write the log: " + fd.error().message);
  return *fd;
}

/// What guest calls may use of the main thread's stack, which the kernel grows.
size_t mainStackBytes() {
  rlimit limit;
  constexpr rlim_t Usual = 8 << 20;
  if (getrlimit(RLIMIT_STACK, &limit) != 0)
    return Usual / 2;
  return std::min(limit.rlim_cur, Usual) / 4 * 3;
}

Dispatcher *dispatcher;
RunOptions options;

/// Where what was asked for goes: programs close their stderr before they end.
int ownStderr = STDERR_FILENO;

void printStats() {
  if (!options.stats)
    return;
  Stats stats = dispatcher->stats();
  const InsnCounts insns = insnCounts();
  stats.interpretedInsns = insns.interpreted;
  stats.copiedInsns = insns.copied;
  stats.compiledInsns = insns.compiled;
  std::string text = statsText(stats, options.statsJson);
  if (write(ownStderr, text.data(), text.size()) < 0)
    return; // a closed stderr is the user's wish
}

/// What runs the program once more, at the same addresses and with more options.
std::string commandLine(const std::string &more) {
  std::string text = "setarch -R dbt-run";
  for (const std::string &word : process().options)
    text += " " + word;
  text += " " + more;
  for (const std::string &word : process().argv)
    text += " " + word;
  return text;
}

std::string selfPath() {
  char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  return std::string(path, n > 0 ? static_cast<size_t>(n) : 0);
}

void setUpLogs() {
  Log &log = processLog();
  log.items = options.logItems;
  log.filter = options.logFilter;
  if (options.stats || options.strace || options.logItems || options.check)
    if (Result<int> fd = adoptFd(STDERR_FILENO))
      log.fd = ownStderr = *fd;
  if (!options.logFile.empty()) {
    log.fd = openLog(options.logFile);
    log.onStderr = false;
  }
  if (options.strace)
    traceSyscallsTo(options.straceFile.empty() ? log.fd : openLog(options.straceFile));
  else if (log.wants(log::Strace))
    traceSyscallsTo(log.fd);
}

void fillProcess(const LoadedProgram &program, const LoadRequest &request, AddressSpace &space,
                 const ParsedOptions &parsed) {
  Process &p = process();
  p.space = &space;
  p.exePath = program.exePath;
  p.argv = program.argv;
  p.envp = request.envp;
  p.runPath = selfPath();
  // argv[0] and the environment's changes are this program's alone, and execve sees to --mdwe.
  initWriteExecute(options.mdwe);
  for (const std::string &word : parsed.given)
    if (word != "--mdwe" && !word.starts_with("--0=") && !word.starts_with("--E=") && !word.starts_with("--U="))
      p.options.push_back(word);
  p.prefix = options.prefix;
  p.release = options.release;
  p.layout = program.layout;
}

} // namespace

int main(int argc, char **argv) {
  OptionTable table = runOptionTable(options);
  Result<ParsedOptions> parsed = table.parse({argv + 1, static_cast<size_t>(argc - 1)});
  if (!parsed)
    fail(1, parsed.error().message);
  if (options.help || options.helpMarkdown) {
    std::fputs(options.help ? table.help().c_str() : table.markdown().c_str(), stdout);
    return 0;
  }
  if (options.version) {
    std::puts("dbt-run " DBT_VERSION);
    return 0;
  }
  if (options.logHelp) {
    for (const LogItem &item : LogItems)
      std::printf("%-10s %s\n", item.name, item.help);
    return 0;
  }
  if (options.cpuHelp || options.cpuMarkdown) {
    std::fputs((options.cpuHelp ? cpuHelp() : cpuMarkdown()).c_str(), stdout);
    return 0;
  }
  if (parsed->rest.empty())
    fail(1, "no program given; see 'dbt-run --help'");

  // The guest's environment is this process's, but for our own settings.
  LoadRequest request;
  request.path = findProgram(parsed->rest[0]);
  request.argv = parsed->rest;
  if (options.argv0)
    request.argv[0] = *options.argv0;
  request.envp = guestEnvironment(options);
  request.prefix = options.prefix;
  request.stackSize = options.stackSize;
  request.hwcap = guestHwcap();
  request.hwcap2 = guestHwcap2();
  request.minSigStack = minSignalStack();

  processReserve().open();
  static AddressSpace space;
  Result<LoadedProgram> program = load(space, request);
  if (!program)
    fail(exitStatus(program.error()), program.error().message);
  setUpLogs();
  fillProcess(*program, request, space, *parsed);

  static CpuState cpu;
  static ThreadContext thread;
  setInitialState(cpu, *program);
  cpu.self = &cpu;
  cpu.thread = &thread;
  thread.cpu = &cpu;
  thread.tid = getpid();
  thread.hostStackBytes = mainStackBytes();
  currentThread() = &thread;
  registerThread(thread);

  CompilerOptions compilerOptions;
  compilerOptions.policy = options.tier;
  compilerOptions.features = guestFeatures();
  compilerOptions.vendor = guestVendor();
  compilerOptions.log = &processLog();
  compilerOptions.countSites = options.stats;
  compilerOptions.countInsns = options.stats || options.check;
  compilerOptions.lockstep = options.check;
  compilerOptions.perfMap = options.perfMap;
  compilerOptions.dumpDirectory = options.dumpDirectory;
  compilerOptions.noChain = options.check && !options.checkChained;
  static Dispatcher theDispatcher(space, linuxGuestOs(), compilerOptions);
  dispatcher = &theDispatcher;
  if (options.check)
    dispatcher->startLockstep(commandLine);
  setGuestRunner({[](CpuState &s) { dispatcher->run(s); }, [](CpuState &s) { dispatcher->abandon(s); }});
  ForkHooks hooks;
  hooks.before = [] { dispatcher->beforeFork(); };
  hooks.after = [](bool inChild) { dispatcher->afterFork(inChild, *currentThread()->cpu); };
  hooks.afterVfork = [] { dispatcher->tiers().afterVfork(); };
  hooks.atExit = printStats;
  setForkHooks(hooks);
  FaultHooks faults;
  faults.onWriteFault = [](uint64_t address) { return dispatcher->code().onWriteFault(address); };
  faults.inCompiledCode = [](uint64_t hostPc) { return dispatcher->tiers().regions().owns(reinterpret_cast<void *>(hostPc)); };
  faults.recoverCopy = [](const ucontext_t &context, CpuState &s) { return dispatcher->recover(context, s); };
  faults.onModeChange = [] { dispatcher->changeMode(); };
  initSignals(faults, thread);

  dispatcher->run(cpu);
  // The main thread has ended by exit(2); the others go on.
  endThread(thread);
  for (;;)
    pause();
}
