"""Names that revision files of public projects import from packages which are rarely installed beside Alembic,
re-made as far as their SQL goes. module -> its names, or a function that returns them once SQLAlchemy is there."""

import logging
import types as pythontypes

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeDecorator


class AutoString(TypeDecorator):
    """sqlmodel"""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if self.impl.length is None and dialect.name == "mysql":
            return dialect.type_descriptor(sa.String(255))
        return super().load_dialect_impl(dialect)


class GUID(TypeDecorator):
    """fastapi_users_db_sqlalchemy"""

    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(sa.CHAR(36))

    def process_bind_param(self, value, dialect):
        return None if value is None else str(value)


class TIMESTAMPAware(TypeDecorator):
    """fastapi_users_db_sqlalchemy"""

    impl = sa.TIMESTAMP
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.DateTime())
        return dialect.type_descriptor(sa.TIMESTAMP(timezone=True))


class JsonEncoded(TypeDecorator):
    """oslo_db.sqlalchemy.types"""

    impl = sa.Text
    cache_ok = True

    def __init__(self, mysql_as_long=False, mysql_as_medium=False):
        super().__init__()
        self.mysql_as_long, self.mysql_as_medium = mysql_as_long, mysql_as_medium

    def load_dialect_impl(self, dialect):
        if dialect.name == "mysql" and self.mysql_as_long:
            return dialect.type_descriptor(mysql.LONGTEXT())
        if dialect.name == "mysql" and self.mysql_as_medium:
            return dialect.type_descriptor(mysql.MEDIUMTEXT())
        return self.impl


class Vector(sa.types.UserDefinedType):
    """pgvector.sqlalchemy"""

    cache_ok = True

    def __init__(self, dim=None):
        self.dim = dim

    def get_col_spec(self, **kw):
        return "VECTOR" if self.dim is None else f"VECTOR({self.dim})"


def decorator(implementation):
    class Decorated(TypeDecorator):
        impl = implementation
        cache_ok = True

    return Decorated


def indico():
    from indico.core.db.sqlalchemy.custom.int_enum import PyIntEnum
    from indico.core.db.sqlalchemy.custom.utcdatetime import UTCDateTime

    return {"PyIntEnum": PyIntEnum, "UTCDateTime": UTCDateTime}


def modules():
    sqltypes = pythontypes.SimpleNamespace(AutoString=AutoString, GUID=GUID)
    generics = {"GUID": GUID, "TIMESTAMPAware": TIMESTAMPAware}
    log = {name: getattr(logging, name) for name in dir(logging) if not name.startswith("__")}
    utc = decorator(sa.DateTime)
    rucio_lengths = {"ACCOUNT_LENGTH": 25, "SCOPE_LENGTH": 25, "NAME_LENGTH": 250}
    branches = {"CONTRACT_BRANCH": "contract", "EXPAND_BRANCH": "expand"}
    return {
        "sqlmodel": {"AutoString": AutoString, "sql": pythontypes.SimpleNamespace(sqltypes=sqltypes)},
        "sqlmodel.sql": {"sqltypes": sqltypes},
        "sqlmodel.sql.sqltypes": {"AutoString": AutoString, "GUID": GUID},
        "fastapi_users_db_sqlalchemy": {"generics": pythontypes.SimpleNamespace(**generics), **generics},
        "fastapi_users_db_sqlalchemy.generics": generics,
        "oslo_db.sqlalchemy.types": {"JsonEncodedDict": JsonEncoded, "JsonEncodedList": JsonEncoded},
        "oslo_log": {"log": logging},
        "oslo_log.log": log,
        "public": {"public": lambda thing: thing},
        "pgvector.sqlalchemy": {"Vector": Vector},
        "CTFd.models": {"db": sa},
        "airflow.utils.sqlalchemy": {"UtcDateTime": utc},
        "airflow.models.base": {"COLLATION_ARGS": {}, "ID_LEN": 250},
        "flaskbb.utils.database": {"UTCDateTime": utc},
        "indico.core.db.sqlalchemy": indico,
        "jupyterhub.orm": {"JSONDict": decorator(sa.Text), "JSONList": decorator(sa.Text)},
        "mealie.core.root_logger": {"get_logger": logging.getLogger},
        "neutron.db.migration.cli": branches,
        "neutron.db.migration": {"cli": pythontypes.SimpleNamespace(**branches)},
        "rucio.common.schema": {"get_schema_value": rucio_lengths.__getitem__},
    }
