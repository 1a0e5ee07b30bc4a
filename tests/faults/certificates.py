"""Keys and certificates for the servers that are ours to kill."""
import os
import pwd
import shutil
import subprocess


class Certificates:
    """ca.pem, and for each server a key and a certificate that can be changed under it."""

    def __init__(self, folder):
        self.folder = folder
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", "/CN=Tests", "-keyout", "ca.key", "-out", "ca.pem")
        for name, host, issuer in (("right", "IP:127.0.0.1,DNS:localhost", "ca"),
                                   ("wrong host", "DNS:elsewhere.example", "ca"),
                                   ("self-signed", "IP:127.0.0.1,DNS:localhost", None)):
            subject = "/CN=" + host.split(",")[0].split(":")[1]
            signed = ["-CA", "ca.pem", "-CAkey", "ca.key"] if issuer else []
            self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                         "2", "-subj", subject, "-addext", "subjectAltName=" + host, "-addext",
                         "basicConstraints=critical,CA:FALSE", "-keyout", name + ".key", "-out", name + ".pem",
                         *signed)
        self.show("right", "PostgreSQL")
        self.show("right", "MariaDB")

    def openssl(self, *words):
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError("openssl: " + done.stderr)

    def file(self, kind, end):
        return os.path.join(self.folder, kind + end)

    def show(self, name, kind):
        """That certificate is the server's from its next look at its files on."""
        for end in (".pem", ".key"):
            shutil.copy(os.path.join(self.folder, name + end), self.file(kind, end))
            os.chmod(self.file(kind, end), 0o600)
            if os.getuid() == 0:
                shutil.chown(self.file(kind, end), account(kind))

    def options(self, kind):
        words = {"PostgreSQL": "-c ssl=on -c ssl_cert_file=%s -c ssl_key_file=%s",
                 "MariaDB": "--ssl-cert=%s --ssl-key=%s"}[kind]
        return words % (self.file(kind, ".pem"), self.file(kind, ".key"))


def account(kind):
    """Whose the servers are that root starts (servers.sh)."""
    name = "postgres" if kind == "PostgreSQL" else "mysql"
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        return "nobody"
