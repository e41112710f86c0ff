"""Who may do what on the API for extensions: every kind of token, every state of what it depends on, every kind of
operation, each with the exact code; against rules that are written here and nowhere else. And what ends while the server
runs. On both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import http.client
import itertools
import json
import os
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import grants  # noqa: E402
from harness.grants import Grant, Tables  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT, ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "tests/fixtures/apis/extension.yaml"
ROWS = ROOT / "tests/fixtures/apis/extension.jsonl"
GIF = b"GIF89a small"
JSON = {"Content-Type": "application/json"}

# --- The rules. What stands in none of these tables is not allowed.

# What a token can have been made for: its kind, and the status of its version. Still the version's, it is good.
MINTED_FOR = {("run", "development"), ("run", "revision"), ("run", "production"), ("test", "development")}

# The scopes without which an operation is refused.
NEEDS = {
    "list": {"orders:read"},
    "retrieve": {"orders:read"},
    "head": {"orders:read"},
    "summary": {"orders:read"},
    "state of an action": {"orders:read"},
    "create": {"orders:write"},
    "replace": {"orders:write"},
    "update": {"orders:write", "orders:read"},  # which answers with the row
    "action": {"orders:write"},
    "delete": {"parcels:write"},
    "clear": {"parcels:write", "orders:read", "notes:read"},
    "read a file": {"articles:read"},
    "put a file": {"articles:write"},
    "computed": {"instalments:read"},
    "the account": {"shops:read"},
    "change the account": {"shops:write"},
    "rows below": {"lines:read", "orders:read"},
    "write rows below": {"lines:write", "orders:read"},
    "rows with others'": {"parcels:read", "orders:read", "notes:read"},
}

SCOPES = sorted(set().union(*NEEDS.values()))
READING = [scope for scope in SCOPES if scope.endswith(":read")]
ORDERS = [scope for scope in SCOPES if scope.startswith("orders:")]

STATUSES = ("development", "revision", "production", "denied", "down")
AUTHORISATIONS = {"standing": SCOPES, "of less": READING, "revoked": SCOPES}
USERS = {"of everything": SCOPES, "of less": ORDERS, "gone": [], "removed": SCOPES}


@dataclass(frozen=True)
class State:
    """What one token depends on."""

    kind: str
    minted: str
    status: str
    authorisation: str
    user: str
    expired: bool
    came_back: bool = False  # the version left its status, and has it again

    def grant(self):
        member = {"of everything": None, "of less": ORDERS, "gone": False, "removed": None}[self.user]
        return Grant(SCOPES, FIRST_ACCOUNT, kind=self.kind, minted_status=self.minted, status=self.status,
                     agreed=AUTHORISATIONS[self.authorisation], is_revoked=self.authorisation == "revoked", member=member,
                     is_removed=self.user == "removed", expires_in=-1 if self.expired else grants.HOUR,
                     status_age=0 if self.came_back else 2 * grants.HOUR)

    def expected(self, operation):
        """(HTTP's status, code)"""
        stands = ((self.kind, self.minted) in MINTED_FOR and self.status == self.minted and not self.came_back
                  and self.authorisation in ("standing", "of less") and self.user in ("of everything", "of less"))
        if not stands:
            return 401, -3
        if self.expired:
            return 401, -2
        has = set(AUTHORISATIONS[self.authorisation]) & set(USERS[self.user])
        return (200, 0) if NEEDS[operation] <= has else (403, -1)


def all_states():
    kinds = itertools.product(("run", "test"), ("development", "revision", "production"), STATUSES, AUTHORISATIONS, USERS,
                              (False, True))
    return [State(*state) for state in kinds] + [State("run", "development", "development", "standing", "of everything", False,
                                                       came_back=True)]


class Caller:
    """One connection that stays open."""

    def __init__(self, portico):
        self.portico = portico
        self.connection = http.client.HTTPConnection("127.0.0.1", portico.port, timeout=20)
        self.made = 0

    def ask(self, token, method, path, body=None, fields=None):
        """(status, the body in JSON where it is)"""
        fields = dict(fields or {})
        if token is not None:
            fields["Authorization"] = f"Bearer {token}"
        self.connection.request(method, path, body, fields)
        answer = self.connection.getresponse()
        data = answer.read()
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(data) if is_json and data else None

    def perform(self, token, operation):
        self.made += 1
        parcel = f"{self.made:032x}"
        asked = {
            "list": ("GET", "/api/orders"),
            "retrieve": ("GET", "/api/orders/A-1"),
            "head": ("HEAD", "/api/orders/A-1"),
            "summary": ("GET", "/api/orders/summary"),
            "state of an action": ("GET", "/api/orders/A-1/refund"),
            "create": ("POST", "/api/orders", json.dumps({"mid": f"M{self.made}", "total": 1}), JSON),
            "replace": ("PUT", "/api/orders/A-2", json.dumps({"mid": "A-2", "total": self.made}), JSON),
            "update": ("PATCH", "/api/orders/A-2", json.dumps({"note": str(self.made)}), JSON),
            "action": ("POST", "/api/orders/A-1/refund", json.dumps({"amount": 1}), JSON),
            "delete": ("DELETE", f"/api/parcels/{self.parcel() if operation == 'delete' else parcel}"),
            "clear": ("DELETE", "/api/parcels?code=nothing"),
            "read a file": ("GET", "/api/articles/one/image"),
            "put a file": ("PUT", "/api/articles/one/image", GIF, {"Content-Type": "image/gif"}),
            "computed": ("GET", "/api/instalments?amount=300"),
            "the account": ("GET", "/api/me"),
            "change the account": ("PATCH", "/api/me", json.dumps({"name": "First"}), JSON),
            "rows below": ("GET", "/api/orders/A-1/lines"),
            "write rows below": ("POST", "/api/orders/A-1/lines", json.dumps({"name": "Bed"}), JSON),
            "rows with others'": ("GET", "/api/parcels"),
        }[operation]
        return self.ask(token, *asked)

    def parcel(self):
        """The id of one that is there, made by the partner's key."""
        status, _ = self.ask(self.portico.variables["private_key"], "POST", "/parcels", json.dumps({"code": f"P{self.made}"}), JSON)
        assert status == 204, status
        status, page = self.ask(self.portico.variables["private_key"], "GET", f"/parcels?code=P{self.made}")
        return page["results"][0]["id"]

    def close(self):
        self.connection.close()


class Grants:
    """On a store; see SqliteGrants and PostgresGrants."""

    cluster = None

    @classmethod
    def setUpClass(cls):
        cls.portico = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cls.cluster)
        cls.portico.__enter__()
        cls.tables = Tables(cls.portico)
        cls.caller = Caller(cls.portico)
        cls.private = cls.portico.variables["private_key"]
        assert cls.caller.ask(cls.private, "PUT", "/articles/one/image", GIF, {"Content-Type": "image/gif"})[0] in (201, 204)

    @classmethod
    def tearDownClass(cls):
        cls.caller.close()
        problem = cls.portico.stop()
        cls.portico.__exit__()
        if problem:
            raise AssertionError(problem)

    def check(self, token, operation, expected, told):
        status, body = self.caller.perform(token, operation)
        if operation == "head" or (operation == "read a file" and status == 200):
            self.assertEqual(status, expected[0], told)
            return
        self.assertEqual((status, body["code"]), expected, f"{told}: {body}")
        if status == 403:
            self.assertTrue(any(f"'{scope}'" in body["msg"] for scope in NEEDS[operation]), f"{told}: {body}")
        self.assertEqual(body.get("msg") is None, expected[1] == 0, f"{told}: {body}")

    def test_every_state_and_every_operation(self):
        states = all_states()
        tokens = self.tables.add([state.grant() for state in states])
        orders = self.count_orders()
        allowed = dict.fromkeys(NEEDS, 0)
        for state, token in zip(states, tokens):
            for operation in NEEDS:
                expected = state.expected(operation)
                allowed[operation] += expected[1] == 0
                self.check(token, operation, expected, f"{operation}, {state}")
        self.assertGreater(min(allowed.values()), 3, allowed)  # the table allows something of each
        self.assertEqual(self.count_orders(), orders + allowed["create"])  # what was refused was not done

    def count_orders(self):
        return self.caller.ask(self.private, "GET", "/orders/summary")[1]["count"]

    def test_whatever_is_no_token_of_an_extension_is_none(self):
        good, = self.tables.add([Grant(SCOPES, FIRST_ACCOUNT)])
        kind, token_id, secret = good.split("_")
        others = {
            "none": None, "garbage": "garbage", "a run's that nobody has": f"run_{'0' * 32}_{'0' * 64}",
            "a wrong secret": f"{kind}_{token_id}_{'0' * 64}", "another kind": f"test_{token_id}_{secret}",
            "an access token's kind": f"access_{token_id}_{secret}", "a part of it": good[:-1], "more than it": good + "0",
            "in capitals": f"{kind}_{token_id}_{secret.upper()}", "a private key": self.private,
            "a public key": self.portico.variables["public_key"], "a revoked key": self.portico.variables["revoked_key"],
            "an expired key": self.portico.variables["expired_key"], "an access token": self.access_token(),
        }
        self.check(good, "list", (200, 0), "a good one")
        for name, token in others.items():
            for operation in NEEDS:
                self.check(token, operation, (401, -3), f"{operation}, {name}")

    def access_token(self):
        """Of the partner's API, where it works."""
        key = self.private
        form = urlencode({"grant_type": "client_credentials", "client_id": key.split("_")[1], "client_secret": key})
        status, issued = self.caller.ask(None, "POST", "/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(status, 200, issued)
        token = issued["access_token"]
        self.assertEqual(self.caller.ask(token, "GET", "/orders")[0], 200)
        self.assertEqual(self.caller.ask(token, "GET", "/orders/summary")[0], 200)
        return token

    def test_tokens_of_extensions_are_none_elsewhere(self):
        for state in all_states():
            if state.expected("list") != (200, 0):
                continue
            token, = self.tables.add([state.grant()])
            self.assertEqual(self.caller.ask(token, "GET", "/api/orders")[0], 200)
            for method, path in (("GET", "/orders"), ("GET", "/me"), ("DELETE", "/orders/A-3"), ("POST", "/orders/A-1/refund")):
                status, body = self.caller.ask(token, method, path)
                self.assertEqual((status, body["error"]["type"]), (401, "UnauthorizedException"), f"{path}, {state}")

    def test_what_a_version_does_not_ask_for_nobody_can_give(self):
        token, = self.tables.add([Grant(["orders:read", "nothing:read", "orders:reads"], FIRST_ACCOUNT, agreed=SCOPES)])
        for operation, needs in NEEDS.items():
            self.check(token, operation, (200, 0) if needs == {"orders:read"} else (403, -1), operation)

    def test_it_ends_with_the_very_next_request(self):
        """On one connection, whatever was asked before."""
        endings = {
            "revoked": "UPDATE portico_authorisations SET revoked = {now} WHERE id = (SELECT authorisation FROM portico_run_tokens "
                       "WHERE id = '{id}')",
            "version down": "UPDATE portico_versions SET status = 'down', changed = {now} WHERE id = (SELECT version FROM "
                            "portico_run_tokens WHERE id = '{id}')",
            "version denied": "UPDATE portico_versions SET status = 'denied', changed = {now} WHERE id = (SELECT version FROM "
                              "portico_run_tokens WHERE id = '{id}')",
            "user removed": "UPDATE portico_users SET removed = {now} WHERE id = (SELECT a.user_id FROM portico_run_tokens t JOIN "
                            "portico_authorisations a ON a.id = t.authorisation WHERE t.id = '{id}')",
            "membership gone": "DELETE FROM portico_members WHERE user_id = (SELECT a.user_id FROM portico_run_tokens t JOIN "
                               "portico_authorisations a ON a.id = t.authorisation WHERE t.id = '{id}')",
            "token swept": "DELETE FROM portico_run_tokens WHERE id = '{id}'",
        }
        for name, sql in endings.items():
            token, = self.tables.add([Grant(SCOPES, FIRST_ACCOUNT)])
            for operation in ("list", "create"):
                self.check(token, operation, (200, 0), name)
            self.tables.execute([sql.format(now=grants.now(), id=token.split("_")[1])])
            for operation in NEEDS:
                self.check(token, operation, (401, -3), f"{name}: {operation}")

    def test_less_is_less_with_the_very_next_request(self):
        token, = self.tables.add([Grant(SCOPES, FIRST_ACCOUNT)])
        self.check(token, "create", (200, 0), "before")
        self.tables.execute(["UPDATE portico_members SET everything = 0, scopes = 'orders:read' WHERE user_id = (SELECT a.user_id "
                             "FROM portico_run_tokens t JOIN portico_authorisations a ON a.id = t.authorisation WHERE t.id = "
                             f"'{token.split('_')[1]}')"])
        self.check(token, "create", (403, -1), "after")
        self.check(token, "list", (200, 0), "after")

    def test_a_version_that_comes_back_brings_no_token_back(self):
        token, = self.tables.add([Grant(SCOPES, FIRST_ACCOUNT, kind="test", minted_status="development")])
        self.check(token, "list", (200, 0), "before")
        of_version = f"WHERE id = (SELECT version FROM portico_run_tokens WHERE id = '{token.split('_')[1]}')"
        for status in ("revision", "development"):
            self.tables.execute([f"UPDATE portico_versions SET status = '{status}', changed = {grants.now()} {of_version}"])
            self.check(token, "list", (401, -3), status)

    def test_the_log_says_who_and_tells_no_secret(self):
        token, = self.tables.add([Grant(SCOPES, FIRST_ACCOUNT, extension="logged")])
        self.check(token, "list", (200, 0), "a good one")

        def logged():
            return [json.loads(line) for line in self.portico.read_log().splitlines() if '"extension":"logged"' in line]

        self.assertTrue(eventually(logged))  # lines are written a moment later
        line = logged()[0]
        self.assertEqual((line["key"], line["account"]), (token.split("_")[1], FIRST_ACCOUNT))
        self.assertEqual(len(line["user"]), 32)
        self.assertNotIn(token.split("_")[2], self.portico.read_log())


class SqliteGrants(Grants, unittest.TestCase):
    pass


class PostgresGrants(Grants, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.cluster.__enter__()
        cls.addClassCleanup(cls.cluster.remove)
        super().setUpClass()


class Rates(unittest.TestCase):
    """`rates: {extension: …}` counts for an authorisation: another token of it brings nothing."""

    def test_tokens_of_one_authorisation_share_a_rate(self):
        with tempfile.TemporaryDirectory() as folder:
            description = Path(folder) / "api.yaml"
            text = DESCRIPTION.read_text(encoding="utf-8")
            description.write_text(text.replace("oauth: {}", "oauth: {}\nrates: {extension: {requests: 3, seconds: 86400}}"),
                                   encoding="utf-8")
            with Portico(PORTICO, DEMO, description, ROWS) as portico:
                tables, caller = Tables(portico), Caller(portico)
                first, other = tables.add([Grant(SCOPES, FIRST_ACCOUNT), Grant(SCOPES, FIRST_ACCOUNT)])
                renewed = self.renewed(tables, first)
                codes = [caller.perform(token, "list")[0] for token in (first, renewed, first)]
                self.assertEqual(codes, [200, 200, 200])
                status, body = caller.perform(renewed, "list")
                self.assertEqual((status, body["code"]), (429, -1))
                self.assertEqual(caller.perform(other, "list")[0], 200)
                self.assertEqual(caller.ask(portico.variables["private_key"], "GET", "/orders")[0], 200)
                caller.close()

    @staticmethod
    def renewed(tables, token):
        """Another token of the same run."""
        kind, token_id, secret = token.split("_")
        renewed = grants.new_id()
        tables.execute([f"INSERT INTO portico_run_tokens SELECT '{renewed}', secret_hash, kind, authorisation, version, status, "
                        f"commit_number, run, created, expires FROM portico_run_tokens WHERE id = '{token_id}'"])
        return f"{kind}_{renewed}_{secret}"


if __name__ == "__main__":
    unittest.main()
