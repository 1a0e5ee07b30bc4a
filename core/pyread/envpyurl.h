#pragma once

#include "core/base/backend.h"
#include "core/pyread/envpypaths.h"

#include <functional>

namespace tribikos::py {

/// Where env.py gets the URL of its connection from.
struct EnvUrl
{
    enum class Origin {
        Configuration, // sqlalchemy.url of alembic.ini, as the templates do
        Known,         // text, a constant of the project, a variable of the environment that is set
        Code           // put together by code: nobody but the project knows
    };
    Origin origin = Origin::Configuration;
    QString url{}; // when Known
    int line = 0;
    std::optional<Backend> backend{}; // for offline scripts, as far as env.py tells
};

/// \a imported gives the constant that an imported name of the project stands for.
EnvUrl readEnvUrl(const ast::Module &tree, const StaticPaths &constants,
                  const std::function<std::optional<QString>(const QString &name)> &imported);

} // namespace tribikos::py
