"""S5: what was asked for of TLS, on servers with none, a stranger's, the right and another host's certificate."""
import story
from lab import Tally

# Of a URL, by the strength that is asked for.
ASKED = {
    "off": ("sslmode=disable", "ssl_mode=DISABLED"),
    "encrypt": ("sslmode=require", "ssl_mode=REQUIRED"),
    "verify-ca": ("sslmode=verify-ca", "ssl_mode=VERIFY_CA"),
    "verify-full": ("sslmode=verify-full", "ssl_mode=VERIFY_IDENTITY"),
}
# Where it must be refused; elsewhere it must be let in, in clear text with "off" alone.
REFUSED = {("encrypt", "no TLS"), ("verify-ca", "no TLS"), ("verify-full", "no TLS"), ("verify-ca", "self-signed"),
           ("verify-full", "self-signed"), ("verify-full", "wrong host")}
HAS = {"PostgreSQL": "CREATE TABLE tls AS SELECT CASE WHEN ssl THEN 'yes' ELSE 'no' END AS t FROM pg_stat_ssl "
                     "WHERE pid = pg_backend_pid()",
       "MariaDB": "CREATE TABLE tls AS SELECT IF(variable_value = '', 'no', 'yes') AS t FROM "
                  "information_schema.session_status WHERE variable_name = 'Ssl_cipher'"}


def matrix(lab, program, kind, count):
    tally = Tally("S5", "TLS as asked for, or refused", kind, program.name)
    folder = lab.folder("tls") + "/p"
    story.write_project(folder, [("r001", None, ["op.execute(%r)" % HAS[kind]], ["pass"])])
    reload = "SELECT pg_reload_conf()" if kind == "PostgreSQL" else "FLUSH SSL"
    with lab.server(kind) as server:
        for shown in ("no TLS", "self-signed", "right", "wrong host"):
            if shown != "no TLS":
                lab.certificates.show(shown, kind)
                with server.database() as database:
                    database.execute(reload)
            for asked, words in ASKED.items():
                with server.database() if shown != "no TLS" else lab.database(kind) as database:
                    url = "%s?%s" % (database.url, words[kind == "MariaDB"])
                    if asked.startswith("verify"):
                        url += "&%s=%s/ca.pem" % (("sslrootcert", "ssl_ca")[kind == "MariaDB"],
                                                  lab.certificates.folder)
                    ended = program.run(folder, url, ["upgrade", "head"])
                    tally.check(judge(database, ended, asked, shown), "%s, %s" % (asked, shown))
        lab.certificates.show("right", kind)
    return [tally]


def judge(database, ended, asked, shown):
    state = database.state()
    # MariaDB's client verifies all or nothing: stronger than asked for, never weaker
    if (asked, shown) in REFUSED or (database.kind, asked, shown) == ("MariaDB", "verify-ca", "wrong host"):
        is_said = any(word in ended.out.lower() for word in ("ssl", "tls", "certificate"))
        return "" if ended.code == 5 and not state.facts and is_said else "it wasn't refused: %s" % ended
    is_encrypted = state.facts.get("tls", {}).get("rows") == ["yes"]
    wanted = asked != "off"
    return "" if ended.code == 0 and is_encrypted == wanted else "%s, encrypted: %s" % (ended, is_encrypted)
