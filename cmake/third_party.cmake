# Finds the headers of nlohmann/json and doctest, and puts them into one private include directory of the build tree.
#
# em++ sees only its own sysroot, and adding /usr/include to it would poison it with the host's libc headers. So each
# library's own directory is linked into the build tree, natively as well, and nothing else of the host is visible.
# Systems without the packages download a pinned release whose hash is checked.
set(linktrail_third_party_directory "${CMAKE_BINARY_DIR}/third_party")
file(MAKE_DIRECTORY "${linktrail_third_party_directory}")

# name: the directory of the headers. header: one file in it. include: where it lies in the archive.
function(linktrail_third_party name header include url hash)
  find_path(linktrail_${name}_root "${name}/${header}"
    PATHS /usr/include /usr/local/include /opt/homebrew/include NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  set(root "${linktrail_${name}_root}")
  if(NOT root)
    message(STATUS "${name}: no system package, downloading ${url}")
    include(FetchContent)
    FetchContent_Declare(linktrail_${name} URL "${url}" URL_HASH "SHA256=${hash}")
    # Headers only: the archive's own CMakeLists.txt is not run.
    FetchContent_GetProperties(linktrail_${name})
    if(NOT linktrail_${name}_POPULATED)
      FetchContent_Populate(linktrail_${name})
    endif()
    set(root "${linktrail_${name}_SOURCE_DIR}${include}")
  endif()
  file(CREATE_LINK "${root}/${name}" "${linktrail_third_party_directory}/${name}" SYMBOLIC)
endfunction()

linktrail_third_party(nlohmann json.hpp /include
  https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
if(LINKTRAIL_TESTS)
  linktrail_third_party(doctest doctest.h ""
    https://github.com/doctest/doctest/archive/refs/tags/v2.4.11.tar.gz
    632ed2c05a7f53fa961381497bf8069093f0d6628c5f26286161fbd32a560186)
endif()
