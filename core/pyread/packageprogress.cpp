#include "core/pyread/packagetexts.h"

/// Progress bars, which hand on what they are given, and reports: what they write is no part of an offline script, and
/// files can't be opened in a run.
namespace tribikos::py {

const char *const csvText = R"py(
from _csv import reader, DictReader


class writer:
    def __init__(self, file, *arguments, **options):
        self.file = file

    def writerow(self, row):
        self.file.write("")

    def writerows(self, rows):
        self.file.write("")


class DictWriter(writer):
    def writeheader(self):
        self.file.write("")
)py";

const char *const richProgressText = R"py(
def track(sequence, *arguments, **options):
    for item in sequence:
        yield item
)py";

const char *const tqdmText = R"py(
class tqdm:
    def __init__(self, iterable=(), *arguments, **options):
        self.iterable = iterable
        self.n = 0

    def __iter__(self):
        for item in self.iterable:
            yield item

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def update(self, n=1):
        self.n += n

    def close(self):
        pass

    def refresh(self):
        pass

    def set_description(self, *arguments, **options):
        pass

    def set_postfix(self, *arguments, **options):
        pass

    @staticmethod
    def write(*arguments, **options):
        pass


def trange(*arguments, **options):
    return tqdm(range(*arguments))
)py";

} // namespace tribikos::py
