#include "tests/fuzz/readers.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// libFuzzer's entry; which reader it feeds is said by the build (TRIBIKOS_FUZZ_READER).
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    if (!tribikos::fuzz::readAs(QStringLiteral(TRIBIKOS_FUZZ_READER), text))
        std::abort();
    return 0;
}
