# dbt_library(NAME SOURCES... USES...) makes the static library dbt<NAME> and
# enforces the project's layers: a library may use only what stands above it
# in DBT_LAYERS. An upward use is a configure error, not a convention. Without
# SOURCES it is headers only.
set(DBT_LAYERS Support Guest Loader Decode Semantics Effects Lift Jit Abi Code Interp Copy Region Dispatch Linux)
# What runtime/ may never reach, so that a program that is only interpreted
# does not pay for LLVM's start-up.
set(DBT_LLVM_LAYERS Lift Jit)

function(dbt_check_layers name)
  list(FIND DBT_LAYERS ${name} own)
  if(own EQUAL -1)
    message(FATAL_ERROR "dbt_library: '${name}' is not in DBT_LAYERS")
  endif()
  foreach(used IN LISTS ARGN)
    list(FIND DBT_LAYERS ${used} at)
    if(at EQUAL -1 OR NOT at LESS own)
      message(FATAL_ERROR "dbt_library: '${name}' may not use '${used}'")
    endif()
    if(used IN_LIST DBT_LLVM_LAYERS AND NOT name IN_LIST DBT_LLVM_LAYERS)
      message(FATAL_ERROR "dbt_library: '${name}' may not link LLVM through '${used}'")
    endif()
  endforeach()
endfunction()

function(dbt_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LINKS" ${ARGN})
  dbt_check_layers(${name} ${arg_USES})
  if(NOT arg_SOURCES)
    add_library(dbt${name} INTERFACE)
    target_include_directories(dbt${name} INTERFACE ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/runtime)
    foreach(used IN LISTS arg_USES)
      target_link_libraries(dbt${name} INTERFACE dbt${used})
    endforeach()
    return()
  endif()
  add_library(dbt${name} STATIC ${arg_SOURCES})
  target_include_directories(dbt${name} PUBLIC ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/runtime)
  target_compile_options(dbt${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${DBT_CXX_FLAGS}>)
  foreach(used IN LISTS arg_USES)
    target_link_libraries(dbt${name} PUBLIC dbt${used})
  endforeach()
  target_link_libraries(dbt${name} PRIVATE ${arg_LINKS})
endfunction()

# dbt_add_machine(NAME HEADER) compiles all instruction families once more, for
# the machine that library NAME owns (see lib/Semantics/Family.h).
function(dbt_add_machine name header)
  file(STRINGS ${PROJECT_SOURCE_DIR}/lib/Semantics/Families.def rows REGEX "^FAMILY")
  set(sources)
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "^FAMILY\\(([A-Za-z0-9]+)\\).*" "\\1" family "${row}")
    list(APPEND sources ${PROJECT_SOURCE_DIR}/lib/Semantics/${family}.cpp)
  endforeach()
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/lib/Semantics/Families.def)
  add_library(dbt${name}Families OBJECT ${sources})
  target_include_directories(dbt${name}Families PRIVATE ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/runtime)
  target_compile_definitions(dbt${name}Families PRIVATE DBT_MACHINE_HEADER="${header}")
  target_compile_options(dbt${name}Families PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${DBT_CXX_FLAGS}>)
  target_sources(dbt${name} PRIVATE $<TARGET_OBJECTS:dbt${name}Families>)
endfunction()

# dbt_add_folders(FOLDER...) adds those of the subdirectories that exist.
macro(dbt_add_folders)
  foreach(folder ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endmacro()
