#include "core/pyread/packagetexts.h"

namespace tribikos::py {

// alembic-postgresql-enum: op.sync_enum_values(). A column that is named by a tuple has its
// default looked up in the database, which the schema that the scripts have built up can answer.
const char *const postgresqlEnumText = R"py(
import sqlalchemy as sa
from enum import Enum

class ColumnType(Enum):
    COMMON = "Enum"
    ARRAY = "ARRAY"

_unspecified = object()

class TableReference:
    def __init__(self, table_name, column_name, table_schema=_unspecified,
                 column_type=ColumnType.COMMON, existing_server_default=None):
        self.table_name = table_name
        self.column_name = column_name
        self.table_schema = table_schema
        self.column_type = column_type
        self.existing_server_default = existing_server_default

class Config:
    def __init__(self, **settings):
        pass

def set_configuration(config):
    pass

def _known_default(bind, schema, table, column):
    inspector = sa.inspect(bind)
    for place in (schema, None):
        if inspector.has_table(table, schema=place):
            for one in inspector.get_columns(table, schema=place):
                if one["name"] == column:
                    default = one["default"]
                    if default is None:
                        return None
                    default = default._as_written
                    if isinstance(default, str):
                        return default if "::" in default else default + "::" + table
                    if hasattr(default, "value"):
                        return "'" + default.value.replace("'", "''") + "'::" + table
                    text = getattr(default, "text", "")
                    if text.startswith("'") and "(" not in text and text.count("::") <= 1:
                        return text if "::" in text else text + "::" + table
    return bind.scalar(sa.text("SELECT column_default FROM information_schema.columns"))

def _reference(bind, schema, given):
    if isinstance(given, TableReference):
        if given.table_schema is _unspecified:
            return TableReference(given.table_name, given.column_name, schema, given.column_type,
                                  given.existing_server_default)
        return given
    if not isinstance(given, tuple):
        raise ValueError("Affected columns must contain tuples or TableReferences")
    kind = given[2] if len(given) > 2 else ColumnType.COMMON
    return TableReference(given[0], given[1], schema, kind,
                          _known_default(bind, schema, given[0], given[1]))

def _renamed(text, renames):
    for old, new in renames:
        text = text.replace("'" + old + "'", "'" + new + "'")
        text = text.replace('"' + old + '"', '"' + new + '"')
    return text

def _default_of_new_type(schema, default, enum_name, renames):
    new = schema + "." + enum_name if schema else enum_name
    if default.startswith("ARRAY["):
        import re
        return re.sub(r"::[.\w]+", "::" + new, _renamed(default, renames))
    bare = _renamed(default[:default.find("::")], renames)
    return bare + "::" + new + ("[]" if default.endswith("[]") else "")

def _cast(bind, reference, table, column, new_type, renames):
    if reference.column_type == ColumnType.ARRAY:
        value = column + "::text[]"
        for old, new in renames:
            value = "array_replace(%s, '%s', '%s')" % (value, old, new)
        bind.execute(sa.text(f"""ALTER TABLE {table} 
            ALTER COLUMN {column} TYPE {new_type}[]
            USING {value}::{new_type}[]
            """))
    elif renames:
        cases = " ".join(f"WHEN {column}::text = '{old}' THEN '{new}'::{new_type}"
                         for old, new in renames)
        bind.execute(sa.text(f"""ALTER TABLE {table} 
                ALTER COLUMN {column} TYPE {new_type} 
                USING CASE 
                {cases}

                ELSE {column}::text::{new_type}
                END
                """))
    else:
        bind.execute(sa.text(f"""ALTER TABLE {table} 
                ALTER COLUMN {column} TYPE {new_type} 
                USING {column}::text::{new_type}
                """))

def _create_operator(bind, sign, function, new_type, old_type, renames):
    if renames:
        cases = " ".join(f"WHEN old_enum_val::text = '{old}' THEN '{new}'"
                         for old, new in renames)
        bind.execute(sa.text(f"""
            CREATE FUNCTION {function}(
                new_enum_val {new_type}, old_enum_val {old_type}
            )
            RETURNS boolean AS $$
                SELECT new_enum_val::text {sign} CASE
                    {cases}

                    ELSE old_enum_val::text
                END;
            $$ LANGUAGE SQL IMMUTABLE
        """))
    else:
        bind.execute(sa.text(f"""
            CREATE FUNCTION {function}(
                new_enum_val {new_type}, old_enum_val {old_type}
            )
            RETURNS boolean AS $$
                SELECT new_enum_val::text {sign} old_enum_val::text;
            $$ LANGUAGE SQL IMMUTABLE
        """))
    bind.execute(sa.text(f"""
        CREATE OPERATOR {sign} (
            leftarg = {new_type},
            rightarg = {old_type},
            procedure = {function}
        )
    """))

def sync_enum_values(enum_schema, enum_name, new_values, affected_columns,
                     enum_values_to_rename=()):
    from alembic import op
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    renames = list(enum_values_to_rename)
    references = [_reference(bind, enum_schema, one) for one in affected_columns]
    new_type = f'"{enum_schema}"."{enum_name}"'
    old_type = f'"{enum_schema}"."{enum_name}_old"'
    bind.execute(sa.text(f"""ALTER TYPE {new_type} RENAME TO {enum_name}_old"""))
    values = ", ".join(f"'{value}'" for value in new_values)
    bind.execute(sa.text(f"""CREATE TYPE {new_type} AS ENUM({values})"""))
    for sign, function in (("!=", "new_old_not_equals"), ("=", "new_old_equals")):
        _create_operator(bind, sign, function, new_type, old_type, renames)
    for reference in references:
        schema = reference.table_schema
        table = (f'"{schema}".' if schema else "") + f'"{reference.table_name}"'
        column = f'"{reference.column_name}"'
        default = reference.existing_server_default
        if default is not None:
            bind.execute(sa.text(f"""ALTER TABLE {table}
             ALTER COLUMN {column} DROP DEFAULT"""))
        _cast(bind, reference, table, column, new_type, renames)
        if default is not None:
            new_default = _default_of_new_type(enum_schema, default, enum_name, renames)
            bind.execute(sa.text(f"""ALTER TABLE {table}
            ALTER COLUMN {column} SET DEFAULT {new_default}"""))
    for function in ("new_old_not_equals", "new_old_equals"):
        bind.execute(sa.text(f"""
        DROP FUNCTION {function}(
            new_enum_val {new_type}, old_enum_val {old_type}
        ) CASCADE
    """))
    bind.execute(sa.text(f"""DROP TYPE {old_type}"""))
)py";

// alembic_utils: op.create_entity(), replace_entity() and drop_entity() with what they take.
const char *const alembicUtilsText = R"py(
from sqlalchemy import text as _text

def _words(text):
    return " ".join(text.split())

def _unquoted(text):
    return text.replace('"', "")

def _bare(text):
    return text.strip().rstrip('"').strip().lstrip('"').strip()

def _quoted(text):
    if "." in text:
        schema, _, name = text.partition(".")
        return f'"{_bare(schema)}"."{_bare(name)}"'
    return f'"{_bare(text)}"'

def _body(sql):
    return sql.strip().rstrip(";").strip()

def _escaped(sql, keeps=()):
    kept = ("::",) + tuple(keeps)
    for number, part in enumerate(kept):
        sql = sql.replace(part, "\x00%d\x00" % number)
    sql = sql.replace(":", r"\:")
    for number, part in enumerate(kept):
        sql = sql.replace("\x00%d\x00" % number, part)
    return sql

class ReplaceableEntity:
    def __init__(self, schema, signature, definition):
        self.schema = _unquoted(_words(schema))
        self.signature = _unquoted(_words(signature))
        self.definition = _escaped(_body(definition))

    @property
    def literal_schema(self):
        return _quoted(self.schema)

class PGFunction(ReplaceableEntity):
    def __init__(self, schema, signature, definition):
        super().__init__(schema, signature, definition)
        plain = _words(definition).lower().replace("'", "")
        keeps = (":=", r"\:") if "language plpgsql" in plain else ()
        self.definition = _escaped(_body(definition), keeps)

    def _literal_signature(self):
        name, remainder = self.signature.split("(", 1)
        return '"' + name.strip() + '"(' + remainder

    def to_sql_statement_create(self):
        return _text(f"CREATE FUNCTION {self.literal_schema}.{self._literal_signature()} "
                     f"{self.definition}")

    def to_sql_statement_drop(self, cascade=False):
        name, _, rest = self.signature.partition("(")
        parameters = [one[:len(one.lower().split("default")[0])].strip()
                      for one in rest[:-1].strip().split(",")]
        return _text(f'DROP FUNCTION {self.literal_schema}."{name.strip()}"'
                     f'({", ".join(parameters)}) {"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        return [_text(f"CREATE OR REPLACE FUNCTION {self.literal_schema}."
                      f"{self._literal_signature()} {self.definition}")]

class PGView(ReplaceableEntity):
    def __init__(self, schema, signature, definition):
        super().__init__(schema, signature, definition)
        self.definition = _body(definition)

    def _name(self):
        return f'{self.literal_schema}."{self.signature}"'

    def to_sql_statement_create(self):
        return _text(f"CREATE VIEW {self._name()} AS {self.definition};")

    def to_sql_statement_drop(self, cascade=False):
        return _text(f'DROP VIEW {self._name()} {"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        return [_text(f"""
        do $$
            begin
                CREATE OR REPLACE VIEW {self._name()} AS {self.definition};

            exception when others then
                DROP VIEW IF EXISTS {self._name()};

                CREATE VIEW {self._name()} AS {self.definition};
            end;
        $$ language 'plpgsql'
        """)]

class PGMaterializedView(PGView):
    def __init__(self, schema, signature, definition, with_data=True):
        super().__init__(schema, signature, definition)
        self.with_data = with_data

    def _create(self):
        definition = self.definition.rstrip().rstrip(";")
        return (f"CREATE MATERIALIZED VIEW {self._name()} AS {definition} "
                f'WITH {"NO" if not self.with_data else ""} DATA')

    def to_sql_statement_create(self):
        return _text(self._create() + ";")

    def to_sql_statement_drop(self, cascade=False):
        return _text(f'DROP MATERIALIZED VIEW {self._name()} {"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        return [_text(f"DROP MATERIALIZED VIEW IF EXISTS {self._name()}; "),
                _text(self._create())]

class _OnEntity(ReplaceableEntity):
    def __init__(self, schema, signature, definition, on_entity):
        super().__init__(schema, signature, definition)
        self.on_entity = _unquoted(on_entity if "." in on_entity else "public." + on_entity)

class PGTrigger(_OnEntity):
    def __init__(self, schema, signature, definition, on_entity, is_constraint=False):
        super().__init__(schema, signature, definition, on_entity)
        self.is_constraint = is_constraint

    def to_sql_statement_create(self):
        import re
        match = re.match(r"(?is)^(.+?)\s+ON\s+(\S+?)\s+(.+)$", self.definition)
        if not match:
            raise ValueError("Failed to parse SQL into PGTrigger.definition")
        event, target, action = match.groups()
        if "." in target:
            target = target.partition(".")[2]
        kind = "CONSTRAINT TRIGGER" if self.is_constraint else "TRIGGER"
        return _text(f'CREATE {kind} "{self.signature}" {event} ON {self.schema}.{target} {action}')

    def to_sql_statement_drop(self, cascade=False):
        return _text(f'DROP TRIGGER "{self.signature}" ON {self.on_entity} '
                     f'{"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        return [_text(f'DROP TRIGGER IF EXISTS "{self.signature}" ON {self.on_entity};'),
                self.to_sql_statement_create()]

class PGPolicy(_OnEntity):
    def to_sql_statement_create(self):
        return _text(f"CREATE POLICY {self.signature} on {self.on_entity} {self.definition}")

    def to_sql_statement_drop(self, cascade=False):
        return _text(f"DROP POLICY {self.signature} on {self.on_entity} "
                     f'{"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        return [_text(f"DROP POLICY IF EXISTS {self.signature} on {self.on_entity};"),
                _text(f"CREATE POLICY {self.signature} on {self.on_entity} {self.definition};")]

class PGExtension:
    def __init__(self, schema, signature):
        self.schema = _unquoted(_words(schema))
        self.signature = _unquoted(_words(signature))

    def to_sql_statement_create(self):
        return _text(f'CREATE EXTENSION "{self.signature}" WITH SCHEMA {_quoted(self.schema)};')

    def to_sql_statement_drop(self, cascade=False):
        return _text(f'DROP EXTENSION "{self.signature}" {"CASCADE" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        raise NotImplementedError()

class PGGrantTable:
    def __init__(self, schema, table, role, grant, columns=None, with_grant_option=False):
        self.schema = _unquoted(schema)
        self.table = _unquoted(table)
        self.columns = sorted(columns) if columns else []
        self.role = _unquoted(role)
        self.grant = grant if isinstance(grant, str) else grant.value
        self.with_grant_option = with_grant_option

    def to_sql_statement_create(self):
        option = " WITH GRANT OPTION" if self.with_grant_option else ""
        columns = f'( {", ".join(self.columns)} )' if self.columns else ""
        return _text(f"GRANT {self.grant} {columns} ON {_quoted(self.schema)}."
                     f"{_quoted(self.table)} TO {_quoted(self.role)} {option}")

    def to_sql_statement_drop(self, cascade=False):
        return _text(f"REVOKE {self.grant} ON {_quoted(self.schema)}.{_quoted(self.table)} "
                     f"FROM {_quoted(self.role)}")

    def to_sql_statement_create_or_replace(self):
        return [self.to_sql_statement_drop(), self.to_sql_statement_create()]

class PGGrantTableChoice:
    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    REFERENCES = "REFERENCES"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"
    TRIGGER = "TRIGGER"

def create_entity(target):
    from alembic import op
    op.execute(target.to_sql_statement_create())

def drop_entity(target, cascade=False):
    from alembic import op
    op.execute(target.to_sql_statement_drop(cascade=cascade))

def replace_entity(target):
    from alembic import op
    for statement in target.to_sql_statement_create_or_replace():
        op.execute(statement)
)py";

} // namespace tribikos::py
