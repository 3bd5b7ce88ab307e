# dbt_link_far(TARGET) links an executable at a fixed address that programs do
# not load at: a PIE under `setarch -R` gets 0x555555554000 and a non-PIE
# 0x400000, so dbt must be at neither. A PIE cannot ask for an address, and the
# compiler's start files for non-PIEs have 32-bit addresses; so this is a
# non-PIE with a PIE's start files.
set(DBT_FAR_BASE 0x300000000000)
if(DBT_SANITIZE MATCHES thread)
  # There TSan has its own memory; where it expects executables there is room above PIEs.
  set(DBT_FAR_BASE 0x580000000000)
endif()

function(dbt_start_file out name)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${name}
    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT IS_ABSOLUTE "${path}")
    message(FATAL_ERROR "dbt_link_far: the compiler does not find ${name}")
  endif()
  set(${out} ${path} PARENT_SCOPE)
endfunction()

dbt_start_file(DBT_START Scrt1.o)
dbt_start_file(DBT_INIT crti.o)
dbt_start_file(DBT_BEGIN crtbeginS.o)
dbt_start_file(DBT_END crtendS.o)
dbt_start_file(DBT_FINI crtn.o)

function(dbt_link_far target)
  target_link_options(${target} BEFORE PRIVATE -no-pie -nostartfiles
    -Wl,--image-base=${DBT_FAR_BASE} ${DBT_START} ${DBT_INIT} ${DBT_BEGIN})
  target_link_libraries(${target} PRIVATE ${DBT_END} ${DBT_FINI})
endfunction()
