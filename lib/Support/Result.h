//===- Result.h - A value or an error message -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What llvm::Expected is to code that may link LLVM, Result is to the layers
// that may not (everything dbt-run loads before its first hot region). Used on
// cold paths only; hot loops return enums.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_RESULT_H
#define DBT_SUPPORT_RESULT_H

#include <cassert>
#include <cctype>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

namespace dbt {

/// An error: a message in LLVM's style (lower case, no full stop) and, where a
/// system call was behind it or one will be answered with it, an errno.
struct Error {
  std::string message;
  int errnum = 0;
};

/// strerror(errnum) in the style of messages.
inline std::string errorText(int errnum) {
  std::string text = strerror(errnum);
  text[0] = static_cast<char>(tolower(text[0]));
  return text;
}

template <class T> class [[nodiscard]] Result {
public:
  Result(T value) : state(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state.index() == 0; }
  T &operator*() { return *get(); }
  const T &operator*() const { return const_cast<Result *>(this)->operator*(); }
  T *operator->() { return get(); }
  const Error &error() const {
    assert(state.index() == 1 && "no error in a successful Result");
    return *std::get_if<1>(&state);
  }

private:
  T *get() {
    assert(state.index() == 0 && "no value in a failed Result");
    return std::get_if<0>(&state);
  }
  std::variant<T, Error> state;
};

} // namespace dbt

#endif
