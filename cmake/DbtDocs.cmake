# dbt_page(NAME TOOL ARGUMENT...) writes build/docs/NAME.md, what the tool prints: a
# page about a table, made from the table.
function(dbt_page name tool)
  set(page ${PROJECT_BINARY_DIR}/docs/${name}.md)
  add_custom_command(
    OUTPUT ${page}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/docs
    COMMAND ${tool} ${ARGN} > ${page}
    DEPENDS ${tool}
    VERBATIM)
  add_custom_target(dbt-page-${name} ALL DEPENDS ${page})
endfunction()
