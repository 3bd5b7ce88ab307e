//===- Credentials.h - User and group ids, and capabilities ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_CREDENTIALS_H
#define DBT_LINUX_CREDENTIALS_H

#include <cstdint>
#include <linux/capability.h>
#include <sys/types.h>
#include <vector>

namespace dbt {

/// A thread's, for another one to take over.
struct Credentials {
  struct Ids {
    uint32_t real, effective, saved, files;
  };
  Ids user, group;
  std::vector<gid_t> groups;
  __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];

  static Credentials ofCaller();
  /// Makes them the calling thread's, as far as the kernel lets it. Async-signal-safe.
  void take() const;
};

} // namespace dbt

#endif
