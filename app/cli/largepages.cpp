// Where the program takes its memory from mimalloc: in large pages, if the system has them.
#include <mimalloc.h>

namespace {

/// Every page of 4 KiB that is touched for the first time costs a visit to the kernel, which a run over a thousand
/// revisions makes four thousand times; Linux gives 2 MiB at once where it is asked to. MIMALLOC_LARGE_OS_PAGES=0 in
/// the environment has the last word.
void preferLargePages(int, char **, char **)
{
    mi_option_set_enabled_default(mi_option_large_os_pages, true);
}

} // namespace

/// Called before the libraries are initialised: once one of them has asked for memory it is too late.
[[gnu::section(".preinit_array"),
  gnu::used]] void (*const beforeAnyMemory)(int, char **, char **) = preferLargePages;
