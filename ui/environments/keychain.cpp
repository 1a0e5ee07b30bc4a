#include "ui/environments/keychain.h"

#include "core/project/serverconnection.h"

#include <QCoreApplication>
#include <QUrl>
#include <qt6keychain/keychain.h>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

const QString &keychainService()
{
    static const QString name = u"Tribikos"_s;
    return name;
}

} // namespace

QString Keychain::entryOf(const DatabaseUrl &url)
{
    const Result<ConnectionSpec> spec = serverConnection(url);
    if (!spec)
        return {};
    QStringList parts{backendName(spec->backend),  spec->user,   spec->host,
                      QString::number(spec->port), spec->socket, spec->database};
    for (const QString &name : {u"hostaddr"_s, u"service"_s})
        parts << spec->clientOptions.value(name);
    if (spec->tls != Tls::Automatic)
        parts << u"tls %1"_s.arg(int(spec->tls));
    for (QString &part : parts)
        part = QString::fromLatin1(QUrl::toPercentEncoding(part));
    return parts.join(u'/');
}

void Keychain::read(const QString &entry, QObject *context,
                    std::function<void(const std::optional<QString> &)> answer)
{
    auto *job = new QKeychain::ReadPasswordJob(keychainService()); // deletes itself
    job->setKey(entry);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, context,
                     [job, answer = std::move(answer)](QKeychain::Job *) {
                         answer(job->error() == QKeychain::NoError ? std::optional(job->textData())
                                                                   : std::nullopt);
                     });
    job->start();
}

void Keychain::write(const QString &entry, const QString &password, QObject *context,
                     std::function<void(const QString &problem)> answer)
{
    auto *job = new QKeychain::WritePasswordJob(keychainService());
    job->setKey(entry);
    job->setTextData(password);
    job->setInsecureFallback(false); // in clear it is kept nowhere
    QObject::connect(
        job, &QKeychain::Job::finished, context,
        [answer = std::move(answer)](QKeychain::Job *done) {
            answer(
                done->error() == QKeychain::NoError
                    ? QString()
                    : QCoreApplication::translate(
                          "Keychain",
                          "The keychain did not keep the password (%1); it holds until you quit.")
                          .arg(done->errorString()));
        });
    job->start();
}

void Keychain::remove(const QString &entry)
{
    auto *job = new QKeychain::DeletePasswordJob(keychainService());
    job->setKey(entry);
    job->setInsecureFallback(false);
    job->start();
}

} // namespace tribikos
