#include "tests/runtime/tst_clientlibrary.h"

#include "core/db/clientlibrary.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

class Mathematics final : public ClientLibrary
{
public:
    explicit Mathematics(const QString &name, const char *function = "cbrt")
        : ClientLibrary(name, 6, u"libc6"_s)
        , cubeRoot(this, function)
    {}
    const Function<double(double)> cubeRoot;
};

} // namespace

void tst_ClientLibrary::missingLibrary()
{
    const Mathematics none(u"tribikos-has-none"_s);
    const Status usable = none.usable();
    QVERIFY(!usable);
    QCOMPARE(usable.error().code, ErrorCode::Connection);
    QVERIFY2(usable.error().message.contains(u"tribikos-has-none"_s),
             qPrintable(usable.error().message));
    QVERIFY2(usable.error().message.endsWith(u"install libc6."_s),
             qPrintable(usable.error().message));
}

void tst_ClientLibrary::missingFunction()
{
    const Mathematics old(u"m"_s, "rootOfANewerVersion");
    QVERIFY(!old.usable());
    QVERIFY2(old.usable().error().message.contains(u"it has no rootOfANewerVersion()"_s),
             qPrintable(old.usable().error().message));
}

void tst_ClientLibrary::callsWhatItFound()
{
    const Mathematics library(u"m"_s);
    QVERIFY(library.usable());
    QCOMPARE(library.cubeRoot(27.0), 3.0);
}
