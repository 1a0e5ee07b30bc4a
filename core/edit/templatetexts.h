#pragma once

#include <QByteArray>

/// The texts of projecttemplates.cpp.
namespace tribikos::templatetexts {

extern const char scriptTemplate[];
extern const char multidbScriptTemplate[];
extern const char genericImports[]; // of env.py, which goes on with environmentOffline
extern const char asyncImports[];
extern const char environmentOffline[];
extern const char genericOnline[]; // and with one of these
extern const char asyncOnline[];
extern const char multidbEnvironment[]; // the whole of it
extern const char iniMain[];    // [alembic] of a project that has no pyproject.toml
extern const char iniDatabase[];  // the end of that section
extern const char iniDatabases[]; // the same for several, with a section each
extern const char iniShort[];   // … that has one
extern const char iniLogging[]; // the rest of both
extern const char pyproject[];
extern const char tribikosToml[];

} // namespace tribikos::templatetexts
