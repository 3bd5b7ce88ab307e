//===- Module.cpp - libdbt-jit.so's one entry -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionCompiler.h"

#include "llvm/Support/ErrorHandling.h"

#include <unistd.h>

using namespace llvm;

namespace {

/// LLVM cannot go on, or has no memory: the guest can, without it.
void giveUp(void *host, const char *why, bool) {
  dbt::Worker::abandon(why);
  static_cast<dbt::CompilerHost *>(host)->loadingFailed(why);
  for (;;)
    pause();
}

} // namespace

extern "C" __attribute__((visibility("default"))) dbt::Compiler *dbtCreateCompiler(dbt::CompilerHost &host,
                                                                                     const dbt::CompilerOptions &options) {
  install_fatal_error_handler(giveUp, &host);
  install_bad_alloc_error_handler(giveUp, &host);
  dbt::setGuestVendor(options.vendor);
  dbt::setGuestFeatures(options.features);
  auto compiler = dbt::RegionCompiler::create(host, options);
  if (compiler)
    return compiler->release();
  options.log->write(dbt::NoCompiledCode + toString(compiler.takeError()) + "\n");
  return nullptr;
}
