# What every target of ours is compiled with, and the functions that make a library, its tests and its fuzzers.
#
# Warnings are errors in our code; library headers are system headers.
add_library(jangbu_options INTERFACE)
target_compile_options(jangbu_options INTERFACE -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion
                                                -Wnon-virtual-dtor -Wold-style-cast)
# __int128 is the representation of money and a GNU extension.
target_compile_options(jangbu_options INTERFACE -Wno-pedantic)
# Messages and debug information name files from the root of the project, wherever it was built.
target_compile_options(jangbu_options INTERFACE -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
# In a batch, what only one source knows looks as if the next ones knew it, too.
if(CMAKE_UNITY_BUILD)
  target_compile_options(jangbu_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
else()
  target_compile_options(jangbu_options INTERFACE -Wshadow)
endif()
target_include_directories(jangbu_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

# Sources are compiled some at a time (CMAKE_UNITY_BUILD): most of the work is in headers that they share. So names
# without a namespace of their own differ within a folder. The preset dev takes each source by itself, and tools/check
# what changed.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)

include(GoogleTest)

# The programs that the sanitizer presets build, and those of them in which threads meet.
add_custom_target(test_programs)
add_custom_target(thread_test_programs)
set(JANGBU_THREADED engine http payment delivery affiliate)
# The fuzzers; empty unless JANGBU_FUZZERS is on.
add_custom_target(fuzzers)

# jangbu_library(name SOURCES ... DEPS ... [TESTS ...] [TEST_DEPS ...])
#
# One static library for each folder under src/, and one test program made of the *_test.cpp files that
# stand beside its code.
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
    set_tests_properties(unit.${name} PROPERTIES TIMEOUT 900)
    add_dependencies(test_programs ${name}_test)
    if(name IN_LIST JANGBU_THREADED)
      set_tests_properties(unit.${name} PROPERTIES LABELS threads)
      add_dependencies(thread_test_programs ${name}_test)
    endif()
  endif()
endfunction()

# jangbu_fuzzer(name SOURCES ... DEPS ...)
#
# A libFuzzer target, build/asan/fuzz/<name>, from sources beside the code that it feeds (<name>_fuzz.cpp). Inputs that
# it starts from, and those that once broke something, stand in tests/fuzz/<name>/. Does nothing without JANGBU_FUZZERS.
function(jangbu_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(NOT JANGBU_FUZZERS)
    return()
  endif()
  add_executable(${name}_fuzz EXCLUDE_FROM_ALL ${ARG_SOURCES})
  set_target_properties(${name}_fuzz PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  target_link_libraries(${name}_fuzz PRIVATE ${ARG_DEPS} jangbu_options -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name}_fuzz)
endfunction()
