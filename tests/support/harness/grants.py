"""Tokens of extensions, and all that they depend on: rows of Portico's own tables, written beside the program as other programs
could, so that tests have every combination. The tables are there once a server of a description with `extensions:` was started."""

import hashlib
import secrets
import sqlite3
import time
from dataclasses import dataclass

import yaml

HOUR = 3_600_000_000  # microseconds
STATEMENTS_AT_ONCE = 200  # as many as fit into psql's command line


def now():
    return time.time_ns() // 1000


def new_id():
    return secrets.token_hex(16)


def all_scopes(description):
    """Those that a description has, and some that it has not: what there is none of means nothing."""
    with open(description, encoding="utf-8") as file:
        resources = yaml.safe_load(file)["resources"]
    return sorted(f"{name}:{access}" for name in resources for access in ("read", "write"))


def has_extensions(description):
    with open(description, encoding="utf-8") as file:
        return "extensions" in yaml.safe_load(file)


@dataclass
class Grant:
    """What one token stands for. A version was given its status two hours ago, and the token made one hour ago."""

    scopes: list
    account: str
    kind: str = "run"
    agreed: list = None  # None: all that the version asks for
    member: list = None  # scopes; None: everything, False: the user does not act for the account (any more)
    minted_status: str = "production"
    status: str = None  # None: as it was when the token was made
    status_age: int = 2 * HOUR
    expires_in: int = HOUR
    is_revoked: bool = False
    is_removed: bool = False  # the user
    extension: str = None


class Tables:
    """The tables of one store, of which `server` (harness.server.Portico) says where they are."""

    def __init__(self, server, schema="portico"):
        self.server = server
        self.schema = schema

    def execute(self, statements):
        if self.server.cluster:
            for begin in range(0, len(statements), STATEMENTS_AT_ONCE):
                text = "; ".join([f'SET search_path = "{self.schema}_access"', *statements[begin:begin + STATEMENTS_AT_ONCE]])
                self.server.cluster.sql(self.server.database, text)
            return
        with sqlite3.connect(self.server.data / "access.db", timeout=20) as database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def literal(self, value):
        if value is None:
            return "NULL"
        if isinstance(value, bytes):
            return f"decode('{value.hex()}', 'hex')" if self.server.cluster else f"X'{value.hex()}'"
        if isinstance(value, int):
            return str(int(value))
        return "'" + value.replace("'", "''") + "'"

    def insertion(self, table, **row):
        return f"INSERT INTO portico_{table}({', '.join(row)}) VALUES ({', '.join(map(self.literal, row.values()))})"

    def add(self, grants):
        """The tokens of these, in their order."""
        statements, tokens = [], []
        for grant in grants:
            rows, token = self.rows_of(grant)
            statements += rows
            tokens.append(token)
        self.execute(statements)
        return tokens

    def rows_of(self, grant):
        user, extension, version, authorisation, token_id = (new_id() for _ in range(5))
        secret = secrets.token_hex(32)
        at = now()
        asked = " ".join(grant.scopes)
        rows = [
            self.insertion("users", id=user, email=f"{user}@example.com", email_folded=f"{user}@example.com", name="U",
                           password="*", roles="", locale="en", created=at - 3 * HOUR, removed=at if grant.is_removed else None),
            self.insertion("extensions", id=extension, name=grant.extension or f"x{extension[:12]}", title="X", description="",
                           image_type="", owner=user, created=at - 3 * HOUR),
            self.insertion("versions", id=version, extension=extension, number=1, status=grant.status or grant.minted_status,
                           running=0, scopes=asked, hosts="", words="", created=at - 3 * HOUR, changed=at - grant.status_age),
            self.insertion("authorisations", id=authorisation, user_id=user, account=grant.account, extension=extension,
                           version=version, scopes=asked if grant.agreed is None else " ".join(grant.agreed), hosts="",
                           created=at - 2 * HOUR, revoked=at if grant.is_revoked else None),
            self.insertion("run_tokens", id=token_id, secret_hash=hashlib.blake2b(secret.encode(), digest_size=32).digest(),
                           kind=grant.kind, authorisation=authorisation, version=version, status=grant.minted_status,
                           commit_number=0, run="", created=at - HOUR, expires=at + grant.expires_in),
        ]
        if grant.member is not False:
            rows.append(self.insertion("members", user_id=user, account=grant.account, everything=int(grant.member is None),
                                       scopes=" ".join(grant.member or [])))
        return rows, f"{grant.kind}_{token_id}_{secret}"


def fixture_tokens(description, account, other_account):
    """What cases call by name: {name: grant}."""
    every = all_scopes(description)
    reading = [scope for scope in every if scope.endswith(":read")]
    return {
        "run_token": Grant(every, account, extension="plot"),
        "test_token": Grant(every, account, kind="test", minted_status="development", extension="drill"),
        "other_run_token": Grant(every, other_account, extension="saw"),
        "read_token": Grant(reading, account),
        "orders_token": Grant(["orders:read"], account),
        "expired_token": Grant(every, account, expires_in=-1),
        "expired_test_token": Grant(every, account, kind="test", minted_status="development", expires_in=-1),
        "revoked_token": Grant(every, account, is_revoked=True),
    }
