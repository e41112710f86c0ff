"""The data that all servers share: SQLite's made once, in build/bench/store-N, PostgreSQL's loaded at each run."""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from harness import postgres

SHARE = 0.70  # of the demo's orders belong to its largest merchant
SAMPLED_IDS = 2000
TRIM = ("DELETE FROM {orders} WHERE id IN "
        "(SELECT id FROM {orders} WHERE merchant = '{account}' ORDER BY created, id LIMIT {surplus})")


class DataError(Exception):
    pass


@dataclass
class Data:
    """Portico's databases and the peers' keys, and who asks."""
    directory: Path
    account: str
    orders: int
    tokens: dict                    # {store: token}
    ids: list = field(default_factory=list)
    cluster: object = None          # None: PostgreSQL takes no part

    def address(self, store):
        """For `--store`."""
        return f"sqlite:{self.directory}" if store == "sqlite" else self.cluster.address()


def _description_hash(root):
    made_of = [root / "apis" / "orders" / "api.yaml", Path(__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()


def _known(root, directory):
    """What was written down of a store that is whole and fits the description of now, else None."""
    try:
        known = json.loads((directory / "bench.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return known if known.get("description") == _description_hash(root) else None


def _demo(root, arguments, address):
    program = arguments.build / "portico-demo"
    if not program.exists():
        raise DataError(f"{program} is missing; build it, or leave out --no-build")
    count = int(arguments.orders / SHARE * 1.02) + 200
    subprocess.run([str(program), str(root / "apis" / "orders" / "api.yaml"), "--store", address, "--orders", str(count),
                    "--quiet"], check=True)


def _make_key(root, arguments, address, account):
    done = subprocess.run([str(arguments.build / "portico"), "keys", "create", str(root / "apis" / "orders" / "api.yaml"),
                           "--store", address, "--account", account, "--kind", "private", "--label", "bench", "--json"],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["token"]


def _surplus(count, wanted):
    if count < wanted:
        raise DataError(f"the demo gave its largest merchant {count} orders instead of {wanted} or more")
    return count - wanted


# SQLite

def _trim(made, wanted):
    """Leaves the largest merchant exactly `wanted` orders, the latest; gives its id."""
    database = sqlite3.connect(made / "production.db", isolation_level=None)
    account, count = database.execute(
        "SELECT merchant, count(*) FROM orders GROUP BY merchant ORDER BY 2 DESC LIMIT 1").fetchone()
    database.execute(TRIM.format(orders="orders", account=account, surplus=_surplus(count, wanted)))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return account


def _peer_keys(token, account):
    """The same key for the peers, among others so that the lookup is one: (id, BLAKE2b, SHA-256, account)."""
    _, key_id, secret = token.split("_")
    secrets = [(f"{number:016x}", str(number)) for number in range(100)] + [(key_id, secret)]
    return [(id_, hashlib.blake2b(secret.encode(), digest_size=32).digest(), hashlib.sha256(secret.encode()).digest(), account)
            for id_, secret in secrets]


def _write_peer_keys(made, token, account):
    database = sqlite3.connect(made / "peer-keys.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE keys (id TEXT PRIMARY KEY, secret_hash BLOB NOT NULL, secret_sha256 BLOB NOT NULL, "
                     "account TEXT NOT NULL, revoked INTEGER NOT NULL) STRICT")
    database.executemany("INSERT INTO keys VALUES (?, ?, ?, ?, 0)", _peer_keys(token, account))
    database.commit()
    database.close()


def _make(root, arguments, directory, say):
    say(f"Making {arguments.orders:,} orders of one merchant in {directory}.")
    made = directory.with_name(directory.name + ".incomplete")
    shutil.rmtree(made, ignore_errors=True)
    made.parent.mkdir(parents=True, exist_ok=True)
    _demo(root, arguments, f"sqlite:{made}")
    account = _trim(made, arguments.orders)
    token = _make_key(root, arguments, f"sqlite:{made}", account)
    _write_peer_keys(made, token, account)
    known = {"token": token, "account": account, "description": _description_hash(root)}
    (made / "bench.json").write_text(json.dumps(known), encoding="utf-8")
    shutil.rmtree(directory, ignore_errors=True)
    made.rename(directory)


def _sqlite(root, arguments, say):
    directory = (arguments.data / f"store-{arguments.orders}").absolute()
    if _known(root, directory) is None:
        _make(root, arguments, directory, say)
    known = _known(root, directory)
    database = sqlite3.connect(directory / "production.db")
    account = known["account"]
    count = database.execute("SELECT count(*) FROM orders WHERE merchant = ?", (account,)).fetchone()[0]
    if count != arguments.orders:
        raise DataError(f"{directory} holds {count} orders of the merchant, not {arguments.orders}; remove it")
    ids = [row[0] for row in database.execute("SELECT id FROM orders WHERE merchant = ? ORDER BY created", (account,))]
    database.close()
    return Data(directory=directory, account=account, orders=count, tokens={"sqlite": known["token"]},
                ids=ids[::max(1, count // SAMPLED_IDS)][:SAMPLED_IDS])


# PostgreSQL

def _load(root, arguments, data, say):
    """The same rows and a key for the same account; vacuumed and analysed."""
    cluster = data.cluster
    cluster.create_database(postgres.DATABASE)
    say("Loading the same orders into PostgreSQL.")
    _demo(root, arguments, cluster.address())
    count = int(cluster.long_sql(f"SELECT count(*) FROM portico.orders WHERE merchant = '{data.account}'")[0][0])
    cluster.long_sql(TRIM.format(orders="portico.orders", account=data.account, surplus=_surplus(count, arguments.orders)))
    data.tokens["postgres"] = _make_key(root, arguments, cluster.address(), data.account)
    rows = ", ".join(f"('{id_}', '\\x{blake2b.hex()}', '\\x{sha256.hex()}', '{account}', false)"
                     for id_, blake2b, sha256, account in _peer_keys(data.tokens["postgres"], data.account))
    cluster.long_sql("CREATE SCHEMA bench; CREATE TABLE bench.keys (id text PRIMARY KEY, secret_hash bytea NOT NULL, "
                     "secret_sha256 bytea NOT NULL, account text NOT NULL, revoked boolean NOT NULL); "
                     f"INSERT INTO bench.keys VALUES {rows}; GRANT USAGE ON SCHEMA bench TO {postgres.USER}; "
                     f"GRANT SELECT ON bench.keys TO {postgres.USER}")
    cluster.long_sql("VACUUM (FREEZE, ANALYZE)")
    cluster.long_sql("CHECKPOINT")


@contextlib.contextmanager
def prepared(root, arguments, say):
    """Data, with PostgreSQL running while the block does. Raises DataError."""
    data = _sqlite(root, arguments, say)
    if "postgres" not in arguments.stores:
        yield data
        return
    with postgres.Cluster() as cluster:
        data.cluster = cluster
        _load(root, arguments, data, say)
        yield data
