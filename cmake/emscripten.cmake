# The flags of the WebAssembly builds, chosen by the version of em++ where versions disagree.

# Debian's acorn, which em++ runs when it links, lies where only Debian's own node looks. Set for every link, whatever
# the caller's environment says; elsewhere the directory is missing and the variable harmless.
if(NOT CMAKE_CXX_LINKER_LAUNCHER)
  set(CMAKE_CXX_LINKER_LAUNCHER "${CMAKE_COMMAND};-E;env;NODE_PATH=/usr/share/nodejs")
endif()

execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -dumpversion
  OUTPUT_VARIABLE em_version OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "em++ ${em_version}")

# Without RTTI, of which nothing of ours asks anything: type names and the machinery of `dynamic_cast` would come along.
# The strings of the installed libc++ were compiled without inlining: instantiated here they are smaller and a tenth faster.
set(linktrail_wasm_compile_options
  -fno-exceptions -fno-rtti -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0 -D_LIBCPP_DISABLE_EXTERN_TEMPLATE)
# em++ turns inlining off where it optimises for size, which costs size and time alike: with it the module is a tenth smaller
# after brotli, and an event takes two thirds of the time.
set(CMAKE_CXX_FLAGS_RELEASE "-Oz -flto -finline-functions -DNDEBUG")
# Binaryen's passes for speed over code compiled for size: 0.5 KB more, and a fifth of an onSuccess less.
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-O3")
# For contributors: what the optimised core would carry on after stops here, and says where. Checked are the runtime's own
# assertions, each access to memory, each frame of the stack, and what libc++ demands of its callers.
if(em_version VERSION_EQUAL 3.1.6)
  set(libcxx_checks -D_LIBCPP_DEBUG=0)
else()
  set(libcxx_checks -D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_DEBUG)
endif()
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g ${libcxx_checks}")
set(CMAKE_EXE_LINKER_FLAGS_DEBUG "-sASSERTIONS=2 -sSAFE_HEAP=1 -sSTACK_OVERFLOW_CHECK=2")

# The lexer words errors that nobody reads. That nobody does, the optimiser finds out only if it looks farther than it does by itself.
if(em_version VERSION_EQUAL 3.1.6)
  string(APPEND CMAKE_EXE_LINKER_FLAGS_RELEASE
    " -Wl,-mllvm,-capture-tracking-max-uses-to-explore=2000 -Wl,-mllvm,-dse-memoryssa-walklimit=100000")
endif()

# Small and measured: 64 KiB of stack at address 0, so that an overflow traps before it reaches data. The frames of unoptimised
# code are larger, and what checks them there wants the stack where em++ puts it.
set(stack_bytes 65536)
set(stack_first -Wl,--stack-first)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(stack_bytes 1048576)
  set(stack_first "")
endif()
if(em_version VERSION_LESS 3.1.25)
  set(stack ${stack_first} -sTOTAL_STACK=${stack_bytes})
else()
  set(stack ${stack_first} -sSTACK_SIZE=${stack_bytes})
endif()

# `-lembind` would link a list of forty types and the glue for each; ours has the three that cross, and nothing else of embind's is linked
# (docs/decisions/010-later-emscripten.md).
set(linktrail_embind "${PROJECT_SOURCE_DIR}/wasm/embind.js")

set(linktrail_module_link_options
  ${stack} --no-entry "SHELL:--js-library ${linktrail_embind}"
  # Only what embind needs of the runtime: no files, no XMLHttpRequest, no life cycle.
  -sMINIMAL_RUNTIME=1 -sSTRICT=1 -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=createCore -sEXPORTED_FUNCTIONS=_malloc,_free
  # The bytes are handed over by our loader: the glue never looks for a file, and never calls eval.
  -sENVIRONMENT=web -sDYNAMIC_EXECUTION=0 -sFILESYSTEM=0
  -sTEXTDECODER=2 -sSUPPORT_LONGJMP=0
  -sALLOW_MEMORY_GROWTH=1)
if(em_version VERSION_LESS 4.0.4)
  list(APPEND linktrail_module_link_options -sUSE_ES6_IMPORT_META=0)
endif()
set(linktrail_malloc_sources "")
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  # What checks each access to memory asks the C library where memory ends, so an allocator of the library's has to be there.
  list(APPEND linktrail_module_link_options -sMALLOC=emmalloc)
else()
  set(linktrail_malloc_sources "${PROJECT_SOURCE_DIR}/wasm/small_malloc.cpp")
  set_source_files_properties(${linktrail_malloc_sources} PROPERTIES COMPILE_OPTIONS -fno-builtin)
  list(APPEND linktrail_module_link_options -sMALLOC=none -sINITIAL_MEMORY=262144)
endif()

set(linktrail_js_link_options -sWASM=0)
if(em_version VERSION_LESS 3.1.55)
  list(APPEND linktrail_js_link_options --memory-init-file 0)
endif()

# Test programs run in Node, in the shipped configuration: without exceptions, with the shipped stack.
set(linktrail_test_definitions DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS DOCTEST_CONFIG_NO_POSIX_SIGNALS)
set(linktrail_test_link_options
  ${stack} -sSINGLE_FILE=1 -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1)
