#include "core/pyread/packagetexts.h"

namespace tribikos::py {

// A service without configuration files: every option has its default.
const char *const osloConfigText = R"py(
import importlib
from oslo_config_values import unregistered, interpolated

class Opt:
    def __init__(self, name, type=None, dest=None, short=None, default=None, **more):
        self.name = name
        self.dest = dest if dest is not None else name.replace("-", "_")
        self.default = default

class _TypedOpt(Opt):
    def __init__(self, name, dest=None, short=None, default=None, **more):
        super().__init__(name, dest=dest, default=default)

class StrOpt(_TypedOpt):
    pass

class BoolOpt(_TypedOpt):
    pass

class IntOpt(_TypedOpt):
    pass

class FloatOpt(_TypedOpt):
    pass

class PortOpt(_TypedOpt):
    pass

class ListOpt(_TypedOpt):
    pass

class DictOpt(_TypedOpt):
    pass

class IPOpt(_TypedOpt):
    pass

class HostnameOpt(_TypedOpt):
    pass

class HostAddressOpt(_TypedOpt):
    pass

class HostDomainOpt(_TypedOpt):
    pass

class URIOpt(_TypedOpt):
    pass

class MultiOpt(Opt):
    pass

class MultiStrOpt(_TypedOpt):
    pass

class SubCommandOpt(Opt):
    pass

class OptGroup:
    def __init__(self, name, title=None, help=None, **more):
        self.name = name
        self.title = title
        self.help = help

def _value(opt):
    if isinstance(opt.default, str) and "$" in opt.default:
        return interpolated.value
    return opt.default

class GroupAttr:
    def __init__(self, name):
        self._name = name
        self._options = {}

    def __getattr__(self, name):
        if name in self._options:
            return _value(self._options[name])
        return getattr(unregistered, name)

    __getitem__ = __getattr__

def _group_name(group):
    return group.name if isinstance(group, OptGroup) else group

class ConfigOpts:
    def __init__(self):
        self._root = GroupAttr("DEFAULT")
        self._groups = {}
        self._configured = []

    def _group(self, group):
        name = _group_name(group)
        if name is None or name == "DEFAULT":
            return self._root
        if name not in self._groups:
            self._groups[name] = GroupAttr(name)
        return self._groups[name]

    def register_group(self, group):
        self._group(group)

    def register_opt(self, opt, group=None, cli=False):
        self._group(group)._options[opt.dest] = opt
        return True

    def register_opts(self, opts, group=None):
        for opt in opts:
            self.register_opt(opt, group)

    register_cli_opt = register_opt
    register_cli_opts = register_opts

    def import_opt(self, name, module, group=None):
        importlib.import_module(module)

    def import_group(self, group, module):
        importlib.import_module(module)

    def set_default(self, name, default, group=None):
        self._group(group)._options[name] = Opt(name, dest=name, default=default)

    set_override = set_default

    def __call__(self, *args, **kwargs):
        return []

    def __getattr__(self, name):
        if name not in self._root._options and name not in self._groups:
            self._configure()
        if name in self._root._options:
            return _value(self._root._options[name])
        if name in self._groups:
            return self._groups[name]
        return getattr(unregistered, name)

    # A service registers its options when it starts, with its PROJECT.conf.configure().
    def _configure(self):
        import sys
        for name, module in list(sys.modules.items()):
            if name.endswith(".conf") and name not in self._configured:
                self._configured.append(name)
                if hasattr(module, "configure"):
                    module.configure(self)

    __getitem__ = __getattr__

CONF = ConfigOpts()
)py";

const char *const osloDbText = R"py(
import sqlalchemy as sa

def get_indexes(engine, table_name):
    return sa.inspect(engine).get_indexes(table_name)

def index_exists(engine, table_name, index_name):
    return index_name in [index["name"] for index in get_indexes(engine, table_name)]

def index_exists_on_columns(engine, table_name, columns):
    for index in get_indexes(engine, table_name):
        if index["column_names"] == list(columns):
            return True
    return False

def column_exists(engine, table_name, column):
    return column in [one["name"] for one in sa.inspect(engine).get_columns(table_name)]

def get_table(engine, name):
    return sa.Table(name, sa.MetaData(), autoload_with=engine)

def get_foreign_key_constraint_name(engine, table_name, column_name):
    for key in sa.inspect(engine).get_foreign_keys(table_name):
        if column_name in key["constrained_columns"]:
            return key["name"]

class _Reader:
    def get_engine(self):
        from alembic import op
        return op.get_bind()

reader = _Reader()
writer = _Reader()
)py";

// Registers options of its own, which no migration asks for.
const char *const osloCacheText = R"py(
def configure(conf):
    pass
)py";

const char *const osloTimeText = R"py(
import datetime

def utcnow(with_timezone=False):
    if with_timezone:
        return datetime.datetime.now(datetime.timezone.utc)
    return datetime.datetime.utcnow()
)py";

const char *const osloUuidText = R"py(
import uuid

def generate_uuid(dashed=True):
    made = uuid.uuid4()
    return str(made) if dashed else made.hex
)py";

const char *const octaviaLibText = R"py(
ACTIVE = "ACTIVE"
DELETED = "DELETED"
ERROR = "ERROR"
PENDING_CREATE = "PENDING_CREATE"
PENDING_UPDATE = "PENDING_UPDATE"
PENDING_DELETE = "PENDING_DELETE"
ONLINE = "ONLINE"
OFFLINE = "OFFLINE"
DEGRADED = "DEGRADED"
DRAINING = "DRAINING"
NO_MONITOR = "NO_MONITOR"
)py";

} // namespace tribikos::py
