"""What stands in for imports that are not installed while a project's revision files are run by the real Alembic.

A module of the project named in the project list's "real" is loaded from its own file; a module of KNOWN gets the few
names written there; everything else becomes a stub that swallows whatever is done with it and remembers that a step
has used it, so that the step's SQL is not taken for the truth."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types

INSTALLED = ("alembic", "sqlalchemy", "mako", "markupsafe", "typing_extensions")


class Usage:
    """The names of stubs that the running step has used."""

    def __init__(self):
        self.watching = False
        self.names = set()

    def start(self):
        self.watching = True
        self.names = set()

    def stop(self):
        self.watching = False
        return sorted(self.names)

    def note(self, name):
        if self.watching:
            self.names.add(name)


class Stub:
    def __init__(self, name, usage):
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_usage", usage)

    def _touch(self):
        self._usage.note(self._name)

    def _child(self, suffix):
        self._touch()
        return Stub(self._name + suffix, self._usage)

    def __getattr__(self, attribute):
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        return self._child("." + attribute)

    def __setattr__(self, attribute, value):
        self._touch()

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            self._touch()
            return args[0]  # as a decorator
        return self._child("()")

    def __iter__(self):
        self._touch()
        return iter(())

    def __len__(self):
        self._touch()
        return 0

    def __bool__(self):
        self._touch()
        return True

    def __str__(self):
        self._touch()
        return "stub:" + self._name

    __repr__ = __str__

    def __format__(self, spec):
        return str(self)

    def __mro_entries__(self, bases):
        return ()

    def __getitem__(self, key):
        return self._child("[]")

    def __or__(self, other):
        return self

    def __add__(self, other):
        self._touch()
        return self

    __ror__ = __or__
    __radd__ = __mod__ = __sub__ = __mul__ = __add__

    def __enter__(self):
        self._touch()
        return self

    def __exit__(self, *error):
        return False


class StubModule(types.ModuleType):
    def __getattr__(self, attribute):
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        finder = self.__spec__.loader.finder
        full = f"{self.__name__}.{attribute}"
        if finder.leads_to_known(full):
            return importlib.import_module(full)
        finder.usage.note(full)
        return Stub(full, finder.usage)


class Loader(importlib.abc.Loader):
    def __init__(self, finder):
        self.finder = finder

    def create_module(self, spec):
        return StubModule(spec.name)

    def exec_module(self, module):
        module.__path__ = []
        path = self.finder.real.get(module.__name__)
        known = self.finder.known.get(module.__name__)
        if path:
            module.__file__ = path
            with open(path, encoding="utf-8") as file:
                exec(compile(file.read(), path, "exec"), module.__dict__)
        elif known:
            module.__dict__.update(known() if callable(known) else known)


class Finder(importlib.abc.MetaPathFinder):
    """`real`: module -> file; `known`: module -> names, or a function that returns them."""

    def __init__(self, real, known, usage):
        self.real, self.known, self.usage = real, known, usage

    def leads_to_known(self, name):
        return any(n == name or n.startswith(name + ".") for n in (*self.real, *self.known))

    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top in INSTALLED:
            return None
        if name not in self.known and self._is_installed(top):
            return None
        if self._asked_by_a_library():
            return None
        return importlib.machinery.ModuleSpec(name, Loader(self), is_package=True)

    def _is_installed(self, top):
        """Packages beside SQLAlchemy that the recording Python has are used as they are."""
        if any(m.split(".")[0] == top for m in self.real):
            return False
        return importlib.machinery.PathFinder.find_spec(top) is not None

    @staticmethod
    def _asked_by_a_library():
        """An optional import of SQLAlchemy or of a package (a driver, greenlet) must fail as it would."""
        frame = sys._getframe(2)
        while frame and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        name = frame.f_globals.get("__name__", "") if frame else ""
        top = name.split(".")[0]
        return top in INSTALLED or (top in sys.modules and hasattr(sys.modules[top], "__spec__")
                                    and not isinstance(sys.modules[top], StubModule)
                                    and top not in ("__main__",) and not name.endswith("_py"))


def install(real, known):
    usage = Usage()
    sys.meta_path.append(Finder(real, known, usage))
    return usage
