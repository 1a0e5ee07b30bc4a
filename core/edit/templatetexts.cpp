#include "core/edit/templatetexts.h"

namespace tribikos::templatetexts {

// Revisions come out of it byte for byte as out of Alembic's own template.
const char scriptTemplate[] = R"mako("""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    """Upgrade schema."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Downgrade schema."""
    ${downgrades if downgrades else "pass"}
)mako";

// The same with a pair of functions for each database.
const char multidbScriptTemplate[] = R"mako(<%!
import re

%>"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    """Upgrade schema."""
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name: str) -> None:
    """Downgrade schema."""
    globals()["downgrade_%s" % engine_name]()

<%
    db_names = config.get_main_option("databases")
%>

## a pair of functions for each database that alembic.ini names

% for db_name in re.split(r',\s*', db_names):

def upgrade_${db_name}() -> None:
    """Upgrade ${db_name} schema."""
    ${context.get("%s_upgrades" % db_name, "pass")}


def downgrade_${db_name}() -> None:
    """Downgrade ${db_name} schema."""
    ${context.get("%s_downgrades" % db_name, "pass")}

% endfor
)mako";

const char multidbEnvironment[] =
    R"python("""How migrations run: on each of the databases that alembic.ini names."""
import re
from contextlib import ExitStack
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)

# The models' metadata of each database, to compare it with:
#     from shop.models import Orders, Stock
#     target_metadata = {"engine1": Orders.metadata, "engine2": Stock.metadata}
target_metadata = {}

db_names = re.split(r",\s*", config.get_main_option("databases", ""))


def run_migrations_offline() -> None:
    """Write the SQL of each database to a file of its name; nothing is connected."""
    for name in db_names:
        with open(name + ".sql", "w") as script:
            context.configure(
                url=config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=script,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """One transaction on each database; none is committed before all have gone well."""
    with ExitStack() as running:
        connections = {}
        for name in db_names:
            engine = engine_from_config(
                config.get_section(name, {}),
                prefix="sqlalchemy.",
                poolclass=pool.NullPool,
            )
            connections[name] = running.enter_context(engine.connect())
            running.enter_context(connections[name].begin())
        for name, connection in connections.items():
            context.configure(
                connection=connection,
                upgrade_token="%s_upgrades" % name,
                downgrade_token="%s_downgrades" % name,
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
)python";

// Of both env.py files: between their imports and what they do online.
const char environmentOffline[] = R"python(config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)

# The models' metadata, to compare the database with:
#     from shop.models import Base
#     target_metadata = Base.metadata
target_metadata = None


def run_migrations_offline() -> None:
    """Print the SQL; the URL says the dialect, and nothing is connected."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


)python";

const char genericImports[] =
    R"python("""How migrations run: offline as a script, online against a database."""
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

)python";

const char genericOnline[] = R"python(def run_migrations_online() -> None:
    """Run the migrations on a connection of their own."""
    engine = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
)python";

const char asyncImports[] =
    R"python("""How migrations run: offline as a script, online through an asynchronous driver."""
import asyncio
from logging.config import fileConfig

from alembic import context
from sqlalchemy import pool
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import async_engine_from_config

)python";

const char asyncOnline[] = R"python(def run_on(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_migrations_online() -> None:
    """Run the migrations on a connection of their own."""
    engine = async_engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        await connection.run_sync(run_on)
    await engine.dispose()


if context.is_offline_mode():
    run_migrations_offline()
else:
    asyncio.run(run_migrations_online())
)python";

const char iniMain[] = R"ini(# Configuration of the migrations in this project.

[alembic]
# The folder with env.py, script.py.mako and versions/; %(here)s is the folder of this file.
script_location = ${script_location}

# Put in front of Python's search path when env.py and the revisions are imported.
prepend_sys_path = .

# What parts the entries of prepend_sys_path and version_locations:
# os (a colon, on Windows a semicolon), space, newline, : or ;
path_separator = os

# Where revisions are looked for, when that is more than script_location/versions.
# version_locations = %(here)s/alembic/versions:%(here)s/shop/versions

# Look into sub-folders of the version locations, too.
# recursive_version_locations = false

# Names of new revision files; % is written %%. There are rev, slug, epoch, year, month, day, hour,
# minute and second; a / makes folders and needs recursive_version_locations.
# file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s

# How long the message may be in such a name.
# truncate_slug_length = 40

# The time zone of "Create Date"; without it: local time that doesn't say so.
# timezone = UTC

# The encoding of new revision files.
# output_encoding = utf-8

)ini";

const char iniDatabase[] =
    R"ini(# The database: DIALECT://USER:PASSWORD@HOST/NAME, or sqlite:///FILE. A % in it is written %%.
sqlalchemy.url = driver://user:pass@localhost/dbname

)ini";

const char iniDatabases[] =
    R"ini(# The databases, each with a section below; env.py and script.py.mako go by these names.
databases = engine1, engine2

# DIALECT://USER:PASSWORD@HOST/NAME, or sqlite:///FILE. A % in it is written %%.
[engine1]
sqlalchemy.url = driver://user:pass@localhost/dbname

[engine2]
sqlalchemy.url = driver://user:pass@localhost/dbname2

)ini";

const char iniShort[] =
    R"ini(# The database and the logging of the migrations; their other settings are in pyproject.toml.

[alembic]
# DIALECT://USER:PASSWORD@HOST/NAME, or sqlite:///FILE. A % in it is written %%.
sqlalchemy.url = driver://user:pass@localhost/dbname

)ini";

const char iniLogging[] =
    R"ini(# Logging, to standard error; standard output is for answers and scripts.
[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
)ini";

const char pyproject[] = R"toml([tool.alembic]
# The folder with env.py, script.py.mako and versions/; %(here)s is the folder of this file.
script_location = "${script_location}"

# Put in front of Python's search path when env.py and the revisions are imported.
prepend_sys_path = ["."]

# Where revisions are looked for, when that is more than script_location/versions.
# version_locations = ["%(here)s/alembic/versions", "%(here)s/shop/versions"]

# Look into sub-folders of the version locations, too.
# recursive_version_locations = false

# Names of new revision files; % is written %%. There are rev, slug, epoch, year, month, day, hour,
# minute and second; a / makes folders and needs recursive_version_locations.
# file_template = "%%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s"

# How long the message may be in such a name.
# truncate_slug_length = 40

# The time zone of "Create Date"; without it: local time that doesn't say so.
# timezone = "UTC"

# The encoding of new revision files.
# output_encoding = "utf-8"
)toml";

const char tribikosToml[] = R"toml([project]
# The folders with the revisions: plain SQL scripts, see "tribikos-cli revision --help".
versions = ["${script_location}"]

# The databases. ${VAR} is taken from the process's environment or a .env file beside this one.
[environments.local]
url = "sqlite:///local.sqlite"

# [environments.production]
# url = "postgresql://app@db.example/shop"
# protected = true
)toml";

} // namespace tribikos::templatetexts
