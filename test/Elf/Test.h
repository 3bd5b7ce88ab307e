//===- Test.h - A test is a function and its checks -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_ELF_TEST_H
#define DBT_TEST_ELF_TEST_H

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace dbttest {

struct Test {
  const char *name;
  void (*run)();
};

/// Each file's tests, in a table of its own.
const std::vector<Test> &addressMapTests();
const std::vector<Test> &addressSpaceTests();
const std::vector<Test> &codeTrackingTests();
const std::vector<Test> &elfImageTests();
const std::vector<Test> &programTests();
const std::vector<Test> &runTests();

/// `dbt-elf-test --load PROGRAM`: becomes the program (RunTest.cpp).
bool runLoaded(const char *path);

void fail(const char *file, int line, const std::string &what);

inline std::string show(const std::string &s) { return "\"" + s + "\""; }
inline std::string show(const char *s) { return show(std::string(s)); }
inline std::string show(bool b) { return b ? "true" : "false"; }
template <class T> std::string show(T value) {
  if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<long>(value));
  else
    return std::to_string(value);
}

template <class A, class B>
void checkEqual(const A &a, const B &b, const char *what, const char *file, int line) {
  if (!(a == b))
    fail(file, line, std::string(what) + ": " + show(a) + " against " + show(b));
}

} // namespace dbttest

#define EQ(a, b) ::dbttest::checkEqual((a), (b), #a " == " #b, __FILE__, __LINE__)
#define CHECK(a)                                                                                   \
  do {                                                                                             \
    if (!(a))                                                                                      \
      ::dbttest::fail(__FILE__, __LINE__, #a);                                                     \
  } while (false)

#endif
