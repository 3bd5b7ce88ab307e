//===- CodeLines.cpp - Which guest instruction host code came from --------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/CodeLines.h"

#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugLine.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;
using namespace llvm::object;

namespace dbt {

namespace {
/// The rows of the only line table; there is no compile unit to find it by.
Error readLines(const ObjectFile &file, uint64_t start, FunctionCode &code) {
  std::unique_ptr<DWARFContext> context = DWARFContext::create(file);
  const DWARFObject &object = context->getDWARFObj();
  DWARFDataExtractor data(object, object.getLineSection(), true, sizeof(uint64_t));
  if (data.size() == 0)
    return Error::success();
  DWARFDebugLine::LineTable table;
  uint64_t offset = 0;
  if (Error error = table.parse(data, &offset, *context, nullptr, consumeError))
    return error;
  for (const DWARFDebugLine::Row &row : table.Rows)
    if (!row.EndSequence && row.Address.Address >= start && row.Address.Address < start + code.bytes)
      code.lines.push_back({row.Address.Address - start, row.Line});
  return Error::success();
}
} // namespace

Expected<FunctionCode> functionCode(MemoryBufferRef object, StringRef function) {
  auto file = ObjectFile::createELFObjectFile(object);
  if (!file)
    return file.takeError();
  for (ELFSymbolRef symbol : cast<ELFObjectFileBase>(**file).symbols()) {
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*name != function)
      continue;
    auto start = symbol.getAddress();
    if (!start)
      return start.takeError();
    FunctionCode code;
    code.bytes = symbol.getSize();
    if (Error error = readLines(**file, *start, code))
      return std::move(error);
    return code;
  }
  return createStringError("the object has no function '" + function + "'");
}

} // namespace dbt
