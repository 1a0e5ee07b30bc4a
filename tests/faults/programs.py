"""The programs under test: tribikos-cli, and the real Alembic beside it."""
import os
import signal
import subprocess
import time


class Ended:
    def __init__(self, code, out, err, seconds):
        self.code = code  # negative: the signal that ended it; None: it had to be ended by us
        self.out = out
        self.err = err
        self.seconds = seconds
        self.said = (err + out).strip()

    def __str__(self):
        return "exit code %s, %.1f s: %s" % (self.code, self.seconds, self.said[-600:])


class Run:
    """A program that runs."""

    def __init__(self, command, folder, environment, text=None, setup=None, err=None):
        self.since = time.monotonic()
        self.text = text
        self.err = err
        self.process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, text=True,
                                        stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=open(err, "w") if err else subprocess.PIPE,
                                        errors="surrogateescape",
                                        preexec_fn=setup, restore_signals=setup is None)

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.end()

    def end(self, limit=120):
        try:
            out, err = self.process.communicate(self.text, timeout=limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            self.process.returncode = None  # what ended it was us
        if self.err:
            with open(self.err) as said:
                err = said.read()
        return Ended(self.process.returncode, out, err, time.monotonic() - self.since)


class Program:
    def __init__(self, command, home):
        self.command = command
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("ALEMBIC", "PG", "MYSQL", "LC_", "LANG"))}
        for name in ("STATE", "CONFIG", "CACHE", "DATA"):
            self.environment["XDG_%s_HOME" % name] = os.path.join(home, name.lower())
        self.environment.update(HOME=home, LANG="C.UTF-8")

    def start(self, folder, database, words, more=None, text=None, setup=None, err=None):
        """err: a file for what it says, for whoever reads along."""
        return Run(self.words(database, words), folder, {**self.environment, **(more or {})}, text, setup, err)

    def run(self, folder, database, words, more=None, text=None, setup=None, limit=120):
        return self.start(folder, database, words, more, text, setup).end(limit)


class Tribikos(Program):
    name = "Tribikos"

    def words(self, database, words):
        return self.command + (["--url", getattr(database, "url", database)] if database else []) + words


class Alembic(Program):
    name = "Alembic"

    def words(self, database, words):
        return self.command + (["-x", "url=" + getattr(database, "alembic_url", database)] if database else []) + words
