"""./run and README as a newcomer meets them: the demo is made, the lines to try work as they stand, Ctrl-C ends it."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import sys
import xml.etree.ElementTree
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness.postgres import free_port  # noqa: E402
from harness.space import Visitor  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 120
# What the lines of ./run are answered, one after the other.
STATUSES = ["200", "200", "200", "400", "201", "204", "200", "400", "200", "200", "200", "200"]
README_STATUSES = ["200", "201", "204", "200", "400", "200"]


class Run(unittest.TestCase):
    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="portico-run-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"

    def start(self, **environment):
        """Runs ./run until it has printed its lines; the process and what it printed."""
        output = open(self.directory / "output", "w+", encoding="utf-8")
        self.addCleanup(output.close)
        process = subprocess.Popen(["./run"], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True,
                                   start_new_session=True,
                                   env=dict(os.environ, PORT=str(free_port()), DATA=str(self.data), **environment))
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            text = (self.directory / "output").read_text(encoding="utf-8")
            if text.count("\ncurl ") == len(STATUSES) and text.endswith("\n\n"):
                return process, text
            time.sleep(0.05)
        self.fail(f"./run did not come to its curl lines:\n{(self.directory / 'output').read_text(encoding='utf-8')}")

    def run_lines(self, text):
        """(body, status) of the text's curl commands, which run one after the other in one shell as they stand."""
        # A command goes on in lines that are indented.
        lines = re.findall(r"^(?:(?:source|MID=).*|curl .*(?:\n +.*)*)$", text, re.M)
        script = "".join(f"{line} -sS -w '\\n%{{http_code}}\\n=====\\n'\n" if line.startswith("curl") else f"{line}\n" for line in lines)
        done = subprocess.run(["bash", "-ec", script], cwd=ROOT, text=True, capture_output=True, check=True)
        return [answer.rstrip("\n").rsplit("\n", 1) for answer in done.stdout.split("=====\n")[:-1]]

    def look_at_the_developer_space(self, keys, text):
        """Who signs in with what ./run prints finds something in every list."""
        port = int(keys["PORTICO_URL"].rsplit(":", 1)[1])
        self.assertIn(f"http://localhost:{port}/developers", text)
        people = {}
        for who in ("DEVELOPER", "OPERATOR", "MEMBER"):
            self.assertIn(keys[f"{who}_EMAIL"], text)
            self.assertIn(keys[f"{who}_PASSWORD"], text)
            people[who] = Visitor(port)
            self.assertIsInstance(people[who].sign_in(keys[f"{who}_EMAIL"], keys[f"{who}_PASSWORD"]), dict)
        extensions = {each["name"]: each["status"] for each in people["DEVELOPER"].get("/extensions")["results"]}
        self.assertEqual(extensions, {"orders-by-week": {"development": None, "revision": None, "production": 1},
                                      "big-orders": {"development": None, "revision": 1, "production": None},
                                      "first-steps": {"development": 1, "revision": None, "production": None}})
        self.assertEqual([each["extension"]["name"] for each in people["OPERATOR"].get("/review")["results"]], ["big-orders"])
        self.assertEqual([each["name"] for each in people["MEMBER"].get("/marketplace")["results"]], ["orders-by-week"])
        self.assertEqual(len(people["MEMBER"].get("/authorisations")["results"]), 1)
        for who in ("DEVELOPER", "MEMBER"):
            account = people[who].get("/session")["accounts"][0]["id"]
            self.assertTrue(people[who].get(f"/accounts/{account}/keys")["results"])
            self.assertGreater(people[who].get(f"/accounts/{account}/requests?status=4xx")["count"], 0)
            now = datetime.now(timezone.utc)
            since = (now - timedelta(days=27)).strftime("%Y-%m-%dT00:00:00Z")
            points = people[who].get(f"/accounts/{account}/usage?since={since}&step=86400")["results"]
            self.assertGreaterEqual(len(points), 27)

    def end(self, process):
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to the script and the server alike
        self.assertEqual(process.wait(WAIT_SECONDS), 0)

    def test_its_lines_work_and_a_second_run_keeps_data_and_keys(self):
        process, text = self.start(ORDERS="300")
        self.assertEqual((self.data / "demo.env").stat().st_mode & 0o777, 0o600)
        keys = dict(line.split("=", 1) for line in (self.data / "demo.env").read_text(encoding="utf-8").splitlines())
        for name in ("PRIVATE_KEY", "PUBLIC_KEY", "OTHER_PRIVATE_KEY"):
            self.assertRegex(keys[name], r"^(private|public)_[0-9a-f]{16}_[0-9a-f]{64}$")
        bodies = self.run_lines(text)
        self.assertEqual([status for _, status in bodies], STATUSES)
        self.assertIn('"cursor":{"after":3,"before":1}', bodies[0][0])
        self.assertEqual(xml.etree.ElementTree.fromstring(bodies[2][0]).tag, "root")
        self.assertIn("did you mean 'total_amount-gte'", bodies[3][0])
        self.assertIn('"remaining_capture_amount":1420', bodies[6][0])
        self.assertIn("Is more than what remains.", bodies[7][0])
        self.assertIn('"code":0', bodies[11][0])
        self.look_at_the_developer_space(keys, text)
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        shown = readme[readme.index("source data/demo.env"):readme.index("## Your own API")]
        bodies = self.run_lines(shown.replace("data/demo.env", str(self.data / "demo.env")))
        self.assertEqual([status for _, status in bodies], README_STATUSES)
        self.end(process)

        process, text = self.start(ORDERS="500")
        self.assertIn("holds a demo of 300 orders", text)
        again = dict(line.split("=", 1) for line in (self.data / "demo.env").read_text(encoding="utf-8").splitlines())
        self.assertEqual(again["PRIVATE_KEY"], keys["PRIVATE_KEY"])
        self.assertNotEqual(again["PORTICO_URL"], keys["PORTICO_URL"])
        self.end(process)


class OwnApi(unittest.TestCase):
    def test_the_readme_s_lines_work_as_they_stand(self):
        """But `serve`, which does not end: a description, tables, the first account by `import`, its key, the references."""
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        text = readme[readme.index("## Your own API"):]
        description = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1]
        lines = re.search(r"```\nPATH=.*?\n(.*?)```", text, re.DOTALL)[1].splitlines()
        served = [line for line in lines if line.startswith("portico serve ")]
        self.assertEqual(len(served), 1)
        with tempfile.TemporaryDirectory(prefix="portico-readme-") as folder:
            (Path(folder) / "api.yaml").write_text(description, encoding="utf-8")
            script = "\n".join(["set -e", *(line for line in lines if line not in served)])
            ran = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False,
                                 env=dict(os.environ, PATH=f"{ROOT / 'build/release'}:{os.environ['PATH']}"))
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertIn("shops: 1 row loaded, 0 refused\n", ran.stdout)
            self.assertIn("private_", ran.stdout)
            for name in ("openapi.json", "example.postman.json"):
                self.assertGreater((Path(folder) / name).stat().st_size, 1000, name)


if __name__ == "__main__":
    unittest.main()
