# What dbt stands on; all of it Debian's packages (cmake/packages.txt names
# them for the set-up command).
find_package(LLVM 22.1 REQUIRED CONFIG PATHS /usr/lib/llvm-22)
find_library(CAPSTONE_LIBRARY NAMES libcapstone.a capstone REQUIRED)
find_path(CAPSTONE_INCLUDE capstone/capstone.h REQUIRED)
find_library(LIEF_LIBRARY NAMES libLIEF.a LIEF REQUIRED)
find_path(LIEF_INCLUDE LIEF/ELF.hpp REQUIRED)
# LIEF's archive needs mbed TLS's three.
find_library(MBEDTLS_LIBRARY NAMES libmbedtls.a REQUIRED)
find_library(MBEDX509_LIBRARY NAMES libmbedx509.a REQUIRED)
find_library(MBEDCRYPTO_LIBRARY NAMES libmbedcrypto.a REQUIRED)
