//===- Options.cpp - Command-line options, one row each -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Support/Options.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace dbt {

OptionTable::OptionTable(const char *tool, const char *usage, std::vector<OptionRow> rows, Place place)
    : tool(tool), usage(usage), place(place), rows(std::move(rows)) {}

const OptionRow *OptionTable::find(std::string_view name) const {
  for (const OptionRow &row : rows)
    if (name == row.name)
      return &row;
  return nullptr;
}

const OptionRow *OptionTable::findSticky(std::string_view word) const {
  for (const OptionRow &row : rows)
    if (row.form == OptionRow::Sticky && word.starts_with(row.name) && word.size() > std::string_view(row.name).size())
      return &row;
  return nullptr;
}

std::string OptionTable::twin(const OptionRow &row) {
  if (row.twin)
    return row.twin;
  std::string name = "DBT_";
  for (char c : std::string_view(row.name))
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return name;
}

std::string OptionTable::spelling(const OptionRow &row) {
  std::string text = std::string_view(row.name).size() > 1 ? "--" : "-";
  text += row.name;
  if (!row.metavar)
    return text;
  if (row.form == OptionRow::Joined)
    return text + "[=" + row.metavar + "]";
  if (row.form == OptionRow::Sticky)
    return text + row.metavar;
  return text + (text.size() > 2 ? "=" : " ") + row.metavar;
}

/// The option that differs least from \p name, if it is close.
std::string OptionTable::suggestion(std::string_view name) const {
  auto distance = [](std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
      row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
      size_t diagonal = row[0]++;
      for (size_t j = 1; j <= b.size(); ++j) {
        size_t up = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
        diagonal = up;
      }
    }
    return row[b.size()];
  };
  const OptionRow *best = nullptr;
  size_t least = 3;
  for (const OptionRow &row : rows)
    if (size_t d = distance(name, row.name); d < least) {
      least = d;
      best = &row;
    }
  return best ? "; did you mean '" + spelling(*best) + "'?" : "";
}

Result<bool> OptionTable::apply(const OptionRow &row, std::string_view value) const {
  Result<bool> result = row.set(value);
  if (result)
    return result;
  return Error{"for the option '" + spelling(row) + "': " + result.error().message};
}

Result<ParsedOptions> OptionTable::parse(std::span<char *const> words, bool environment) const {
  ParsedOptions parsed;
  if (environment)
    for (const OptionRow &row : rows) {
      const char *value = std::getenv(twin(row).c_str());
      if (!value)
        continue;
      std::string_view left = value;
      // The twin of a flag, or of an option whose value may be left out, is 0 or 1.
      const bool isSwitch = !row.metavar || row.form == OptionRow::Joined;
      if (isSwitch && left == "0")
        continue;
      if (isSwitch && left == "1")
        left = "";
      do {
        size_t end = row.repeats ? left.find('\n') : left.npos;
        if (Result<bool> r = apply(row, row.metavar ? left.substr(0, end) : ""); !r)
          return Error{"in " + twin(row) + ": " + r.error().message};
        left = end == left.npos ? "" : left.substr(end + 1);
      } while (!left.empty());
    }
  size_t i = 0;
  for (; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word.size() < 2 || word[0] != '-') {
      if (place == Place::Front)
        break;
      parsed.rest.emplace_back(word);
      continue;
    }
    if (word == "--") {
      ++i;
      break;
    }
    std::string_view name = word.substr(word[1] == '-' ? 2 : 1), value;
    bool hasValue = false;
    if (size_t equals = name.find('='); equals != name.npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
      hasValue = true;
    }
    const OptionRow *row = find(name);
    if (!row && !hasValue && (row = findSticky(name))) {
      value = name.substr(std::string_view(row->name).size());
      hasValue = true;
    }
    if (!row)
      return Error{"unknown option '" + std::string(word) + "'" + suggestion(name)};
    if (hasValue && !row->metavar)
      return Error{"the option '" + spelling(*row) + "' takes no value"};
    if (!hasValue && row->metavar && row->form == OptionRow::Separate) {
      if (++i == words.size())
        return Error{"the option '" + spelling(*row) + "' needs a value"};
      value = words[i];
      hasValue = true;
    }
    if (Result<bool> r = apply(*row, value); !r)
      return r.error();
    parsed.given.push_back("--" + std::string(row->name) + (hasValue ? "=" + std::string(value) : ""));
  }
  for (; i < words.size(); ++i)
    parsed.rest.emplace_back(words[i]);
  return parsed;
}

std::string OptionTable::help() const {
  std::string text = std::string("usage: ") + tool + " " + usage + "\n\nOptions (-x and --x are the same; each has a twin in the environment, DBT_X):\n";
  for (const OptionRow &row : rows) {
    std::string left = "  " + spelling(row);
    left.resize(std::max<size_t>(left.size() + 2, 28), ' ');
    text += left + row.help + "\n";
  }
  return text;
}

std::string OptionTable::markdown() const {
  std::string text = std::string("# ") + tool + "\n\n`" + tool + " " + usage + "`\n\n| option | environment | meaning |\n|---|---|---|\n";
  for (const OptionRow &row : rows)
    text += "| `" + spelling(row) + "` | `" + twin(row) + "` | " + row.help + " |\n";
  return text;
}

Result<uint64_t> parseNumber(std::string_view text) {
  std::string_view digits = text;
  int base = 10;
  if (digits.starts_with("0x")) {
    digits.remove_prefix(2);
    base = 16;
  }
  uint64_t value;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
    return Error{"'" + std::string(text) + "' is not a number"};
  return value;
}

} // namespace dbt
