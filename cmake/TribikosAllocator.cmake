# tribikos_allocator(TARGET): the program takes its memory from mimalloc where that is installed. Reading a history
# means hundreds of thousands of small pieces, of which the allocator of glibc makes a fifth of the time.
# Sanitizers bring an allocator of their own. Its large pages stay off (MIMALLOC_LARGE_OS_PAGES=1 turns them on): a
# virtual machine that has given its free memory back to the host waits milliseconds for each of them.
option(TRIBIKOS_MIMALLOC "Link the programs with mimalloc, when it is found" ON)
if(TRIBIKOS_MIMALLOC AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  find_package(mimalloc 2.0 CONFIG QUIET)
endif()

function(tribikos_allocator target)
  if(TARGET mimalloc)
    # Nothing calls it by its name: malloc() and operator new are its own, found before those of libc and libstdc++.
    target_link_options(${target} PRIVATE
        LINKER:--push-state,--no-as-needed $<TARGET_FILE:mimalloc> LINKER:--pop-state)
  endif()
endfunction()
