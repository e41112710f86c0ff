"""The data that all servers share, made once: build/bench/store-N."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

SHARE = 0.70  # of the demo's orders belong to its largest merchant
SAMPLED_IDS = 2000


class DataError(Exception):
    pass


@dataclass
class Store:
    """A directory with Portico's databases and the peer's keys, and who asks."""
    directory: Path
    token: str
    account: str
    orders: int
    ids: list = field(default_factory=list)


def _description_hash(root):
    return hashlib.sha256((root / "apis" / "orders" / "api.yaml").read_bytes()).hexdigest()


def _known(root, directory):
    """What was written down of a store that is whole and fits the description of now, else None."""
    try:
        known = json.loads((directory / "bench.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return known if known.get("description") == _description_hash(root) else None


def _demo(root, arguments, made, count):
    program = arguments.build / "portico-demo"
    if not program.exists():
        raise DataError(f"{program} is missing; build it, or leave out --no-build")
    subprocess.run([str(program), str(root / "apis" / "orders" / "api.yaml"), "--store", f"sqlite:{made}",
                    "--orders", str(count), "--quiet"], check=True)


def _largest_account(database):
    return database.execute("SELECT merchant, count(*) FROM orders GROUP BY merchant ORDER BY 2 DESC LIMIT 1").fetchone()


def _trim(made, wanted):
    """Leaves the largest merchant exactly `wanted` orders, the latest; gives its id."""
    database = sqlite3.connect(made / "production.db", isolation_level=None)
    account, count = _largest_account(database)
    if count < wanted:
        raise DataError(f"the demo gave its largest merchant {count} orders instead of {wanted} or more")
    database.execute("DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE merchant = ? ORDER BY created, id LIMIT ?)",
                     (account, count - wanted))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return account


def _make_key(root, arguments, made, account):
    done = subprocess.run([str(arguments.build / "portico"), "keys", "create", str(root / "apis" / "orders" / "api.yaml"),
                           "--store", f"sqlite:{made}", "--account", account, "--kind", "private", "--label", "bench", "--json"],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["token"]


def _write_peer_keys(made, token, account):
    """The same key for the peer, beside others so that the lookup is one."""
    database = sqlite3.connect(made / "django-keys.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE keys (id TEXT PRIMARY KEY, secret_hash BLOB NOT NULL, account TEXT NOT NULL, "
                     "revoked INTEGER NOT NULL) STRICT")

    def hashed(secret):
        return hashlib.blake2b(secret.encode(), digest_size=32).digest()

    _, key_id, secret = token.split("_")
    rows = [(f"{number:016x}", hashed(str(number)), account, 0) for number in range(100)]
    database.executemany("INSERT INTO keys VALUES (?, ?, ?, ?)", [*rows, (key_id, hashed(secret), account, 0)])
    database.commit()
    database.close()


def _make(root, arguments, directory, say):
    say(f"Making {arguments.orders:,} orders of one merchant in {directory}.")
    made = directory.with_name(directory.name + ".incomplete")
    shutil.rmtree(made, ignore_errors=True)
    made.parent.mkdir(parents=True, exist_ok=True)
    _demo(root, arguments, made, int(arguments.orders / SHARE * 1.02) + 200)
    account = _trim(made, arguments.orders)
    token = _make_key(root, arguments, made, account)
    _write_peer_keys(made, token, account)
    known = {"token": token, "account": account, "description": _description_hash(root)}
    (made / "bench.json").write_text(json.dumps(known), encoding="utf-8")
    shutil.rmtree(directory, ignore_errors=True)
    made.rename(directory)


def prepare(root, arguments, say):
    """The store, made where it is missing. Raises DataError."""
    directory = (arguments.data / f"store-{arguments.orders}").absolute()
    if _known(root, directory) is None:
        _make(root, arguments, directory, say)
    known = _known(root, directory)
    database = sqlite3.connect(directory / "production.db")
    count = database.execute("SELECT count(*) FROM orders WHERE merchant = ?", (known["account"],)).fetchone()[0]
    if count != arguments.orders:
        raise DataError(f"{directory} holds {count} orders of the merchant, not {arguments.orders}; remove it")
    step = max(1, count // SAMPLED_IDS)
    ids = [row[0] for row in database.execute("SELECT id FROM orders WHERE merchant = ? ORDER BY created", (known["account"],))]
    database.close()
    return Store(directory=directory, token=known["token"], account=known["account"], orders=count, ids=ids[::step][:SAMPLED_IDS])
