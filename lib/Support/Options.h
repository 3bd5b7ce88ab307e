//===- Options.h - Command-line options, one row each -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A tool's options are a table: from a row follow its parsing, its line in
// --help, its environment twin DBT_NAME and its row in docs/Options.md. -x and --x are
// the same; options end at the first word that is none, or at --.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_OPTIONS_H
#define DBT_SUPPORT_OPTIONS_H

#include "Support/Result.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dbt {

struct OptionRow {
  const char *name;    ///< without dashes
  const char *metavar; ///< what its value is called; null: takes none
  const char *help;
  /// Joined: the value follows '=' only and may be missing. Sticky: also right
  /// behind the name (-O2).
  enum Form : uint8_t { Separate, Joined, Sticky } form;
  /// Sets it; the error's message lacks the option's name.
  std::function<Result<bool>(std::string_view value)> set;
  bool repeats = false; ///< may be given often; its twin's values are split at newlines
  const char *twin = nullptr; ///< the twin's name, where upper case would make it another's
};

struct ParsedOptions {
  /// The words that are no options.
  std::vector<std::string> rest;
  /// The options as given, in one form, for handing on to a child.
  std::vector<std::string> given;
};

class OptionTable {
public:
  /// Where options may stand: in front of the first other word only, since what is
  /// behind it is another program's, or anywhere.
  enum class Place { Front, Anywhere };

  OptionTable(const char *tool, const char *usage, std::vector<OptionRow> rows, Place place = Place::Front);

  /// Applies the environment twins, then the words.
  Result<ParsedOptions> parse(std::span<char *const> words, bool environment = true) const;
  std::string help() const;
  std::string markdown() const;
  /// DBT_ and the name in upper case, - as _, if the row names no other.
  static std::string twin(const OptionRow &row);

private:
  const OptionRow *find(std::string_view name) const;
  const OptionRow *findSticky(std::string_view word) const;
  std::string suggestion(std::string_view name) const;
  Result<bool> apply(const OptionRow &row, std::string_view value) const;
  static std::string spelling(const OptionRow &row);

  const char *tool, *usage;
  Place place;
  std::vector<OptionRow> rows;
};

/// A decimal or 0x number.
Result<uint64_t> parseNumber(std::string_view text);

} // namespace dbt

#endif
