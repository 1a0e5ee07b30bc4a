# tribikos_allocator(TARGET [SOURCES file...]): the program takes its memory from mimalloc where that is installed.
# Reading a history means hundreds of thousands of small pieces, of which the allocator of glibc makes a fifth of
# the time. SOURCES are what sets it up. Sanitizers bring an allocator of their own.
option(TRIBIKOS_MIMALLOC "Link the programs with mimalloc, when it is found" ON)
if(TRIBIKOS_MIMALLOC AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  find_package(mimalloc 2.0 CONFIG QUIET)
endif()

function(tribikos_allocator target)
  cmake_parse_arguments(ALLOCATOR "" "" "SOURCES" ${ARGN})
  if(TARGET mimalloc)
    # Few call it by its name: malloc() and operator new are its own, found before those of libc and libstdc++.
    target_link_options(${target} PRIVATE
        LINKER:--push-state,--no-as-needed $<TARGET_FILE:mimalloc> LINKER:--pop-state)
    target_sources(${target} PRIVATE ${ALLOCATOR_SOURCES})
    target_include_directories(${target} SYSTEM PRIVATE $<TARGET_PROPERTY:mimalloc,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
endfunction()
