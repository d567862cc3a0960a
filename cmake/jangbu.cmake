# jangbu_library(name SOURCES ... DEPS ... [TESTS ...])
#
# One static library for each folder under src/, and one test program made of the *_test.cpp files that
# stand beside its code. Warnings are errors in our code; library headers are system headers.
add_library(jangbu_options INTERFACE)
target_compile_options(jangbu_options INTERFACE -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion
                                                -Wshadow -Wnon-virtual-dtor -Wold-style-cast)
# __int128 is the representation of money and a GNU extension.
target_compile_options(jangbu_options INTERFACE -Wno-pedantic)
target_include_directories(jangbu_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

include(GoogleTest)

function(jangbu_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;TESTS;TEST_DEPS" ${ARGN})
  add_library(jangbu_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(jangbu_${name} PUBLIC ${ARG_DEPS} PRIVATE jangbu_options)
  target_include_directories(jangbu_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  if(ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE jangbu_${name} ${ARG_TEST_DEPS} GTest::gtest GTest::gmock GTest::gtest_main
                                               jangbu_options)
    target_compile_definitions(${name}_test PRIVATE JANGBU_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
    add_test(NAME unit.${name} COMMAND ${name}_test)
  endif()
endfunction()
