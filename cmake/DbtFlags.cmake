# Compiler flags of every target. Exceptions and RTTI are off but for the one
# file that sees LIEF (lib/Loader/ElfImage.cpp), which throws.
set(DBT_CXX_FLAGS -Wall -Wextra -Wno-unused-parameter -fno-exceptions -fno-rtti
    -fvisibility=hidden -fPIC -fno-strict-aliasing -ffunction-sections -fdata-sections)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1")
option(DBT_ASSERTIONS "Keep assert() in release builds" ON)
if(NOT DBT_ASSERTIONS)
  add_compile_definitions(NDEBUG)
endif()
set(DBT_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
if(DBT_SANITIZE)
  add_compile_options(-fsanitize=${DBT_SANITIZE} -fno-omit-frame-pointer)
  # The guest's address 0 is an address: to copy from there faults, as it should.
  add_compile_options(-fno-sanitize=null,nonnull-attribute)
  add_link_options(-fsanitize=${DBT_SANITIZE})
endif()
add_link_options(-fuse-ld=lld -Wl,--gc-sections)
