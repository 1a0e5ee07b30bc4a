#pragma once

#include "core/pyread/function.h"
#include "core/pyread/interpreter.h"
#include "core/pyread/methods.h"

#include <span>

/// The slice of Python's standard library that revision scripts touch: one small file a module.
namespace tribikos::py::stdlib {

/// A function of a module: a row of a table.
struct Entry
{
    QStringView name;
    Value (*call)(Interpreter &, const CallArgs &);
};

/// A module of \a table's functions; what isn't among them is asked of \a more.
Module *makeModule(Interpreter &interpreter, const QString &name, std::span<const Entry> table,
                   Module::Resolver more = {});

/// \a value as plain text or whole number; an Unknown is refused, something else a TypeError.
QString textOf(Interpreter &interpreter, const Value &value);
qint64 numberOf(Interpreter &interpreter, const Value &value);

/// From the system's generator.
QByteArray randomBytes(qint64 count);

/// A class of ours, made once an interpreter by \a make and found again by \a key.
Class *sharedClass(Interpreter &interpreter, const QString &key,
                   const std::function<Class *()> &make);

/// A method of ours in a class that scripts see: bound like one of the script's.
class NativeMethod final : public Descriptor
{
public:
    explicit NativeMethod(NativeCall body) : m_body(std::move(body)) {}
    QString typeName() const override { return QStringLiteral("function"); }
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &args) override { return m_body(interpreter, args); }

private:
    const NativeCall m_body;
};

Module *abcModule(Interpreter &interpreter);
Module *base64Module(Interpreter &interpreter);
Module *collectionsModule(Interpreter &interpreter);
Module *contextlibModule(Interpreter &interpreter);
Module *copyModule(Interpreter &interpreter);
Module *dataclassesModule(Interpreter &interpreter);
Module *datetimeModule(Interpreter &interpreter);
Module *decimalModule(Interpreter &interpreter);
Module *enumModule(Interpreter &interpreter);
Module *functoolsModule(Interpreter &interpreter);
Module *hashlibModule(Interpreter &interpreter);
Module *importlibModule(Interpreter &interpreter);
Module *inertModule(Interpreter &interpreter, const QString &name);
Module *itertoolsModule(Interpreter &interpreter);
Module *jsonModule(Interpreter &interpreter);
Module *loggingModule(Interpreter &interpreter);
Module *mathModule(Interpreter &interpreter);
Module *operatorModule(Interpreter &interpreter);
Module *osModule(Interpreter &interpreter);
Module *osPathModule(Interpreter &interpreter);
Module *osloLogModule(Interpreter &interpreter);
Module *pathlibModule(Interpreter &interpreter);
Module *pytzModule(Interpreter &interpreter);
Module *randomModule(Interpreter &interpreter, const QString &name);
Module *reModule(Interpreter &interpreter);
Module *stringModule(Interpreter &interpreter);
Module *sysModule(Interpreter &interpreter);
Module *textDataModule(Interpreter &interpreter, const QString &name); // csv, io, html, unicodedata
Module *textwrapModule(Interpreter &interpreter);
Module *timeModule(Interpreter &interpreter);
Module *typesModule(Interpreter &interpreter);
Module *typingModule(Interpreter &interpreter, const QString &name);
Module *uuidModule(Interpreter &interpreter);
Module *warningsModule(Interpreter &interpreter);

} // namespace tribikos::py::stdlib
