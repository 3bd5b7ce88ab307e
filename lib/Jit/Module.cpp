//===- Module.cpp - libdbt-jit.so's one entry -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionCompiler.h"

using namespace llvm;

extern "C" __attribute__((visibility("default"))) dbt::Compiler *dbtCreateCompiler(dbt::CompilerHost &host,
                                                                                     const dbt::CompilerOptions &options) {
  dbt::setGuestVendor(options.vendor);
  dbt::setGuestFeatures(options.features);
  auto compiler = dbt::RegionCompiler::create(host, options);
  if (compiler)
    return compiler->release();
  options.log->write(dbt::NoCompiledCode + toString(compiler.takeError()) + "\n");
  return nullptr;
}
