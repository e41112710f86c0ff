"""The commands on users and extensions, beside a server that sees at its next request what they did; on both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import json
import os
import pty
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT, OTHER_ACCOUNT, ROOT  # noqa: E402
from harness.space import PASSWORD, PORTICO, Space  # noqa: E402

DEVELOPER, OPERATOR, MEMBER = "dev@example.com", "ops@example.com", "member@example.com"


class Commands(Space):
    def setUp(self):
        self.begin()
        self.folder = Path(self.server.directory) / "plot"

    def portico(self, *arguments, status=0, stdin=subprocess.DEVNULL):
        """What a command printed; fails where it ends with another status."""
        command = [str(PORTICO), *arguments[:2], *map(str, arguments[2:]), str(self.server.description), "--store", self.server.store]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False, stdin=stdin)
        self.assertEqual(done.returncode, status, f"{command}\n{done.stdout}{done.stderr}")
        return done

    def as_json(self, *arguments):
        return json.loads(self.portico(*arguments, "--json").stdout)

    def extension(self, command, *arguments, user=DEVELOPER, **options):
        """`name` before the description, options behind it."""
        return self.portico("extension", command, *arguments, "--user", user, **options)

    def words(self, command, *arguments, user=DEVELOPER):
        """Of a command that fails."""
        done = self.extension(command, *arguments, user=user, status=1)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def declare(self, *options):
        self.extension("new", "plot", self.folder, *options)

    def test_an_extension_from_its_folder_to_production_and_down(self):
        self.declare("--title", "Orders by week", "--scope", "orders:read")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), [".portico", "app.js", "index.html", "style.css"])
        (self.folder / "js").mkdir()
        (self.folder / "js" / "plot.js").write_text("draw();\n", encoding="utf-8")
        pushed = self.as_json("extension", "push", self.folder, "--user", DEVELOPER, "--message", "A plot")
        self.assertEqual((pushed["extension"], pushed["label"], pushed["files"], pushed["begun"]), ("plot", "1.1", 4, False))

        self.extension("authorise", "plot", "--account", FIRST_ACCOUNT, "--yes")
        token = self.extension("token", "plot", "--account", FIRST_ACCOUNT).stdout.strip()
        self.assertRegex(token, "^test_[0-9a-f]{32}_[0-9a-f]{64}$")
        answer = self.api("GET", "/api/orders", token)
        self.assertEqual((answer.status, json.loads(answer.body)["code"]), (200, 0))
        self.assertEqual(json.loads(self.api("GET", "/api/notes", token).body)["code"], -1)

        self.assertIn("is in review now", self.extension("submit", "plot").stdout)
        self.assertEqual(json.loads(self.api("GET", "/api/orders", token).body)["code"], -3)
        self.assertIn("--reason: This field is required", self.words("return", "plot", user=OPERATOR))
        self.assertIn("Version 1 is in revision, not in production.",
                      self.words("down", "plot", "--version", "1", "--reason", "x", user=OPERATOR))
        self.extension("return", "plot", "--reason", "An axis, please", user=OPERATOR)
        self.extension("submit", "plot")
        self.assertIn("Only an operator may publish", self.words("publish", "plot"))
        published = self.as_json("extension", "publish", "plot", "--user", OPERATOR)
        self.assertEqual((published["version"], published["status"]), (1, "production"))

        self.assertIn("Version 2 begins", self.extension("push", self.folder).stdout)
        shown = self.as_json("extension", "list", "--user", DEVELOPER)["extensions"]
        self.assertEqual([(each["development"], each["revision"], each["production"]) for each in shown], [("2.1", None, "1.1")])
        self.assertIn("plot  Orders by week  dev@example.com  2.1", self.extension("list", user=OPERATOR).stdout)
        self.assertIn("No extensions", self.extension("list", user=MEMBER).stdout)

        self.extension("down", "plot", "--reason", "Replaced")
        self.assertIn("There is no such extension", self.words("run", "plot", "--account", OTHER_ACCOUNT, user=MEMBER))

    def test_a_run_is_an_address_that_is_good_once(self):
        self.declare("--scope", "orders:read")
        self.extension("submit", "plot")
        self.extension("publish", "plot", user=OPERATOR)
        run = ("--account", OTHER_ACCOUNT, "--public-url", f"http://localhost:{self.server.port}")
        self.assertIn("You have not authorised", self.words("run", "plot", *run, user=MEMBER))
        self.extension("authorise", "plot", "--account", OTHER_ACCOUNT, "--yes", user=MEMBER)
        url = self.extension("run", "plot", *run, user=MEMBER).stdout.strip()
        host, target = re.fullmatch(r"http://(plot\.ext\.localhost:\d+)(/\?run=[0-9a-f]{64})", url).groups()
        first, second = self.fetch(host, target), self.fetch(host, target)
        token = re.search(r"run_[0-9a-f]{32}_[0-9a-f]{64}", first.body.decode()).group()
        self.assertEqual((first.status, self.api("GET", "/api/orders", token).status), (200, 200))
        self.assertNotIn("run_", second.body.decode())
        self.portico("users", "remove", MEMBER)
        self.assertEqual(json.loads(self.api("GET", "/api/orders", token).body)["code"], -3)

    def fetch(self, host, target):
        connection = wire.Connection("127.0.0.1", self.server.port)
        try:
            connection.send(wire.request_bytes("GET", target, host, [], b""))
            return connection.read_answer("GET")
        finally:
            connection.close()

    def test_consent_is_given_by_someone_who_saw_what_is_asked(self):
        self.declare("--scope", "orders:read", "--host", "https://tiles.example.com")
        done = self.extension("authorise", "plot", "--account", FIRST_ACCOUNT, status=1)
        self.assertIn("  See orders (orders:read): Orders of the shop's customers\n", done.stderr)
        self.assertIn("https://tiles.example.com", done.stderr)
        self.assertIn("--yes", done.stderr)
        self.assertIn("You have not authorised", self.words("token", "plot", "--account", FIRST_ACCOUNT))
        self.assertIn("You do not act for this account", self.words("authorise", "plot", "--account", OTHER_ACCOUNT, "--yes"))
        self.assertIn("there is no row 'nobody' in shops", self.words("authorise", "plot", "--account", "nobody", "--yes"))

    def test_folders_hold_what_a_commit_takes_and_nothing_else(self):
        self.declare()
        self.assertIn("has something in it", self.words("new", "other", self.folder))
        self.assertNotIn("other", self.extension("list").stdout)
        link = self.folder / "passwd.txt"
        link.symlink_to("/etc/passwd")
        self.assertIn("links are not followed", self.words("push", self.folder))
        link.unlink()
        (self.folder / "run.exe").write_bytes(b"MZ")
        (self.folder / "picture.png").write_text("no picture", encoding="utf-8")
        (self.folder / "index.html").unlink()
        words = self.words("push", self.folder)
        for each in ("  run.exe: It is of no type", "  picture.png: It does not hold a PNG picture", "  the files: It holds no index.html"):
            self.assertIn(each, words)
        self.assertIn("say it with --extension", self.words("push", self.folder / "nothing here"))
        self.assertEqual(self.as_json("extension", "list", "--user", DEVELOPER)["extensions"][0]["development"], "1.0")

    def test_mistakes_say_what_would_have_been_right(self):
        self.declare()
        for words, arguments in (("--scope order:read: There is no such scope; did you mean orders:read?", ("push", self.folder, "--scope", "order:read")),
                                 ("https://tiles.example.com", ("push", self.folder, "--host", "tiles.example.com")),
                                 ("small letters", ("new", "Plot!", self.folder / "new")),
                                 ("is taken", ("new", "plot", self.folder / "new")),
                                 ("There is no such extension", ("submit", "other")),
                                 ("has no version in revision", ("publish", "plot"))):
            self.assertIn(words, self.words(*arguments))
        self.assertIn("--scope order:read: ", self.words("push", self.folder, "--scope", "order:read"))
        self.assertIn("there is no user 'nobody@example.com'", self.words("list", user="nobody@example.com"))
        self.portico("extension", "submit", "plot", status=2)  # --user is missing
        self.portico("users", "create", "--email", "a@example.com", "--name", "A", "--role", "king", status=2)
        old = Path(self.server.directory) / "old.yaml"
        old.write_text(re.sub(r"(?m)^extensions:.*\n|^limits:\n(  .*\n)+", "", Path(self.server.description).read_text("utf-8")), "utf-8")
        done = subprocess.run([str(PORTICO), "users", "list", str(old), "--store", self.server.store], capture_output=True, text=True,
                              cwd=ROOT, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has no `extensions:`", done.stderr)

    def test_what_fails_changes_nothing(self):
        outer = Path(self.server.directory) / "outer"
        for options in (("--scope", "order:read"), ("--host", "tiles"), ("--title", "x" * 200)):
            self.words("new", "plot", outer / "inner", *options)
            self.assertFalse(outer.exists(), options)
        file = Path(self.server.directory) / "file"
        file.touch()
        self.words("new", "plot", file / "folder")
        self.folder.mkdir()
        self.words("new", "Plot!", self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertIn("No extensions", self.extension("list").stdout)

        self.declare()
        self.extension("submit", "plot")
        self.extension("publish", "plot", user=OPERATOR)
        for options in (("--scope", "order:read"), ("--host", "tiles"), ("--message", "x" * 600)):
            self.words("push", self.folder, *options)
        shown = self.as_json("extension", "list", "--user", DEVELOPER)["extensions"]
        self.assertEqual([(each["development"], each["production"]) for each in shown], [(None, "1.0")])

    def test_accounts_are_not_changed_by_what_makes_no_sense(self):
        def shown():
            return self.as_json("users", "accounts", MEMBER)["accounts"]

        before = shown()
        other = FIRST_ACCOUNT
        for words, options in (("--take zz: member@example.com does not act for it", ("--take", "zz")),
                               ("name the account with --add", ("--scope", "orders:read")),
                               ("leave one of them out", ("--add", other, "--take", other)),
                               ("there is no row 'zz'", ("--add", other, "--add", "zz"))):
            self.assertIn(words, self.portico("users", "accounts", MEMBER, *options, "--json", status=1).stderr)
            self.assertEqual(shown(), before)
        self.assertIn("name the account with --account", self.portico(
            "users", "create", "--email", "z@example.com", "--name", "Z", "--scope", "orders:read", "--json", status=1).stderr)

    def test_users_are_made_changed_and_removed(self):
        done = self.portico("users", "create", "--email", "Eva@Example.com", "--name", "Eva", "--role", "developer",
                            "--account", FIRST_ACCOUNT, "--scope", "orders:read", "--locale", "es")
        password = done.stdout.strip()
        self.assertRegex(password, "^([0-9a-f]{8}-){3}[0-9a-f]{8}$")
        self.assertIn("not shown again", done.stderr)
        visitor = self.visitor()
        session = visitor.sign_in("eva@example.com", password)
        self.assertEqual((session["user"]["roles"], session["user"]["locale"]), (["developer"], "es"))
        self.assertEqual([each["scopes"] for each in session["accounts"]], [["orders:read"]])
        self.assertIn("already", self.portico("users", "create", "--email", "eva@example.com", "--name", "E", status=1).stderr)

        accounts = self.as_json("users", "accounts", "eva@example.com", "--add", OTHER_ACCOUNT, "--take", FIRST_ACCOUNT)["accounts"]
        self.assertEqual(accounts, [{"account": OTHER_ACCOUNT, "everything": True, "scopes": []}])
        # The description stands right behind: an option that may come again takes one value each time.
        self.portico("users", "accounts", "eva@example.com", "--add", FIRST_ACCOUNT)
        self.portico("users", "accounts", "eva@example.com", "--take", OTHER_ACCOUNT)
        accounts = self.as_json("users", "accounts", "eva@example.com")["accounts"]
        self.assertEqual(accounts, [{"account": FIRST_ACCOUNT, "everything": True, "scopes": []}])
        changed = self.as_json("users", "password", "eva@example.com")
        self.assertEqual(visitor.ask("GET", "/session").status, 401)
        self.assertEqual(self.visitor().sign_in("eva@example.com", password).status, 403)
        self.assertIsInstance(self.visitor().sign_in("eva@example.com", changed["password"]), dict)
        self.portico("users", "remove", "eva@example.com")
        self.assertEqual(self.visitor().sign_in("eva@example.com", changed["password"]).status, 403)
        self.assertIn("there is no user", self.portico("users", "remove", "eva@example.com", status=1).stderr)
        listed = {user["email"]: user["removed"] for user in self.as_json("users", "list")["users"]}
        self.assertIsNotNone(listed["Eva@Example.com"])
        self.assertIsNone(listed[DEVELOPER])

    def test_a_password_is_typed_unseen(self):
        terminal, end = pty.openpty()
        command = [str(PORTICO), "users", "password", MEMBER, str(self.server.description), "--store", self.server.store]
        asked = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, cwd=ROOT)
        os.close(end)
        seen = self.read_until(terminal, b"made up): ")
        os.write(terminal, b"a typed password\n")
        seen += self.read_until(terminal, b"Again: ")
        os.write(terminal, b"a typed password\n")
        seen += self.read_until(terminal, b"signed out everywhere.")
        self.assertEqual(asked.wait(60), 0)
        os.close(terminal)
        self.assertNotIn(b"typed", seen)
        self.assertEqual(self.visitor().sign_in(MEMBER, PASSWORD).status, 403)
        self.assertIsInstance(self.visitor().sign_in(MEMBER, "a typed password"), dict)

    def read_until(self, terminal, words):
        seen = b""
        while words not in seen:
            read = os.read(terminal, 1024)
            self.assertTrue(read, seen)
            seen += read
        return seen


class CommandsOnSqlite(Commands, unittest.TestCase):
    pass


class CommandsOnPostgres(Commands, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
