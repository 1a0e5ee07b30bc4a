import os

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
url = os.environ.get("LIVE_URL") or config.get_main_option("sqlalchemy.url")


def run_migrations_online():
    section = config.get_section(config.config_ini_section)
    section["sqlalchemy.url"] = url
    connectable = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
