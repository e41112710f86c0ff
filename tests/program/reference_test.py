"""The reference that the server publishes (E6), against the server: what it says of paths, methods, parameters, bodies and
answers is what the server does. On both stores, with the demo's generated rows.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import http.client
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path
from urllib.parse import urlencode

import jsonschema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness.postgres import Cluster  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ("--orders", "300", "--sandbox-orders", "30", "--quiet")
EXTENSION = ROOT / "tests/fixtures/apis/extension.yaml"
EXTENSION_ROWS = ROOT / "tests/fixtures/apis/extension.jsonl"
SHOP = "3f0a6c1be5d7429f8a11c0de70a2b951"  # the demo's first merchant
KEYS = {"private_key": (SHOP, "private", "both"), "public_key": (SHOP, "public", "both")}
METHODS = ("get", "put", "post", "patch", "delete")
FILTERS_AT_ONCE = 40

# A value of each kind that a schema tells apart, by its format or its pattern.
SAMPLES = {"date-time": "2026-01-02T03:04:05Z", "date": "2026-01-02", "email": "ana@example.com", "uri": "https://example.com/",
           "^[0-9a-f]{32}$": "a" * 32, "^[A-Z]{2}$": "ES", "^[A-Z]{3}$": "EUR", "^[a-z]{2}$": "es"}


def sample(schema):
    """A text that a parameter of that schema takes."""
    if "items" in schema:
        schema = schema["items"]
    if "enum" in schema:
        return str(schema["enum"][0])
    if schema["type"] == "boolean":
        return "true"
    if schema["type"] == "integer":
        return str(schema.get("minimum", 1))
    return SAMPLES.get(schema.get("format")) or SAMPLES.get(schema.get("pattern")) or "a"


class Reference:
    """One document, and what it says."""

    def __init__(self, document):
        self.document = document
        self.paths = document["paths"]

    def operations(self):
        for path, item in self.paths.items():
            for method in METHODS:
                if method in item:
                    yield path, method, item[method]

    def operation(self, name):
        return next(each for _, _, each in self.operations() if each["operationId"] == name)

    def resolved(self, part):
        for step in part["$ref"].split("/")[1:] if "$ref" in part else ():
            part = (part if isinstance(part, dict) and step in part else self.document)[step]
        return part

    def check(self, schema, value):
        """Raises jsonschema.ValidationError where the value is not as the schema says."""
        whole = {"components": self.document["components"], **schema}
        jsonschema.Draft202012Validator(whole).validate(value)

    def check_answer(self, operation, status, body):
        answer = operation["responses"][str(status)]
        if "$ref" in answer:
            answer = self.document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        self.check(answer["content"]["application/json"]["schema"], body)

    def schema_of_body(self, operation):
        """Of one row; nothing where the operation takes no JSON."""
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        schema = content["application/json"]["schema"]
        return self.resolved(schema.get("anyOf", [schema])[0])

    def check_body(self, operation, body):
        self.check(operation["requestBody"]["content"]["application/json"]["schema"], body)


class Asking:
    """Requests to one server."""

    def request(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection(self.server.variables["host"], timeout=20)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def reference(self, path):
        status, _, text = self.request("GET", path)
        self.assertEqual(status, 200, text)
        return Reference(json.loads(text))

    def authorized(self, name="private_key", **headers):
        return {"Authorization": f"Bearer {self.server.variables[name]}", "Content-Type": "application/json", **headers}

    @classmethod
    def serve(cls, description, rows, **options):
        cls.server = Portico(PORTICO, DEMO, description, rows, cls.cluster, **options)
        cls.addClassCleanup(cls.server.remove)
        cls.server.load()
        cls.server.start()
        cls.addClassCleanup(cls.end)

    @classmethod
    def end(cls):
        problem = cls.server.stop()
        if problem:
            raise AssertionError(problem)


class OfOrders(Asking):
    """The demo's partner API."""

    cluster = None

    def fill(self, path):
        """The path with rows of the shop in its parameters, or nothing where it has none of that kind."""
        def rows(collection):
            status, _, text = self.request("GET", self.base + collection + "?page_size=1", self.authorized())
            found = json.loads(text)["results"] if status == 200 else []
            return found[0] if found else None
        while parameter := re.search(r"/\{(\w+)\}", path):
            row = {"merchant": {"id": SHOP}}.get(parameter[1]) or rows(path[:parameter.start()])
            if row is None:
                return None
            path = path[:parameter.start()] + "/" + row["id"] + path[parameter.end():]
        return path

    def setUp(self):
        self.base = "/v4"
        self.of = self.reference("/openapi.json")

    # The demo has none of these rows but those that are made here.
    def prepare(self):
        _, _, text = self.request("GET", "/orders?confirmed-isnull=no&cancelled-isnull=yes&page_size=1&ordering=-total_amount", self.authorized())
        order = json.loads(text)["results"][0]["id"]
        create = self.of.operation("captures.create")
        self.of.check_body(create, {"amount": 1})
        status, _, text = self.request("POST", f"/orders/{order}/captures", self.authorized(), {"amount": 1})
        self.assertEqual(status, 200, text)
        self.of.check_answer(create, status, json.loads(text))
        return order

    def test_it_is_what_the_command_prints(self):
        for path, options in (("/openapi.json", ()), ("/v4//openapi.json/", ()), ("/v1/openapi.json", ("--version", "1")),
                              ("/api/openapi.json", ("--api", "extension")),
                              ("/api/v3/openapi.json", ("--api", "extension", "--version", "3"))):
            status, headers, text = self.request("GET", path, {"Accept": "text/html"})
            printed = subprocess.run([str(PORTICO), "openapi", str(DESCRIPTION), *options], capture_output=True, check=True).stdout
            self.assertEqual((status, headers["Content-Type"]), (200, "application/json; charset=utf-8"))
            self.assertEqual(text + b"\n", printed, path)
        self.assertEqual(json.loads(text)["servers"], [{"url": "/api/v3"}])
        self.assertEqual(self.request("GET", "/v9/openapi.json", self.authorized())[0], 406)

    def test_pages_and_caches_may_have_it(self):
        status, headers, text = self.request("GET", "/openapi.json", {"Origin": "https://docs.example"})
        self.assertEqual((status, headers["Access-Control-Allow-Origin"], headers["Cache-Control"]), (200, "*", "no-cache"))
        known = {"If-None-Match": headers["ETag"]}
        self.assertEqual((self.request("GET", "/openapi.json", known)[0], self.request("GET", "/v1/openapi.json", known)[0]), (304, 200))
        status, headers, body = self.request("HEAD", "/openapi.json")
        self.assertEqual((status, headers["Content-Length"], body), (200, str(len(text)), b""))
        status, headers, _ = self.request("OPTIONS", "/openapi.json", {"Origin": "https://docs.example", "Access-Control-Request-Method": "GET",
                                                                       "Access-Control-Request-Headers": "if-none-match"})
        self.assertEqual((status, headers["Allow"]), (204, "GET, HEAD, OPTIONS"))
        self.assertIn("If-None-Match", headers["Access-Control-Allow-Headers"])
        self.assertEqual(headers["Access-Control-Expose-Headers"], "ETag")
        status, headers, text = self.request("POST", "/openapi.json", self.authorized(), {})
        self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD, OPTIONS"))
        self.assertEqual(json.loads(text)["error"]["type"], "MethodNotAllowedException")

    def test_paths_have_the_methods_that_it_names(self):
        for version in (1, 4):
            of = self.reference(f"/v{version}/openapi.json")
            for path, item in of.paths.items():
                target = f"/v{version}" + re.sub(r"\{\w+\}", "a" * 32, path)
                status, headers, text = self.request("OPTIONS", target, self.authorized())
                self.assertEqual(status, 204, (path, text))
                named = {method.upper() for method in METHODS if method in item}
                self.assertEqual(set(headers["Allow"].split(", ")), named | {"OPTIONS"} | ({"HEAD"} if "GET" in named else set()), path)
        self.assertIn("/checkout", of.paths)
        self.assertNotIn("/checkout", self.reference("/v1/openapi.json").paths)

    def test_lists_take_every_parameter_that_it_names(self):
        tried = 0
        for version in (1, 4):
            of = self.reference(f"/v{version}/openapi.json")
            for path, _, operation in of.operations():
                named = [each for each in map(of.resolved, operation.get("parameters", [])) if each["in"] == "query"]
                if "delete" in of.paths[path] and operation is of.paths[path]["delete"]:
                    continue  # takes the same as the list, and its rows away
                self.base = f"/v{version}"
                target = self.base + re.sub(r"\{\w+\}", "a" * 32, path).replace("/merchants/" + "a" * 32, "/merchants/" + SHOP)
                for at in range(0, len(named), FILTERS_AT_ONCE):
                    asked = [(each["name"], sample(each["schema"])) for each in named[at:at + FILTERS_AT_ONCE] if "regex" not in each["name"]]
                    status, _, text = self.request("GET", f"{target}?{urlencode(asked)}", self.authorized())
                    self.assertIn(status, (200, 204, 404), (target, asked, text))
                    tried += len(asked)
        self.assertGreater(tried, 1000)

    def test_answers_are_as_it_says(self):
        self.prepare()
        for version in (1, 4):
            of, self.base, checked = self.reference(f"/v{version}/openapi.json"), f"/v{version}", set()
            for path, method, operation in of.operations():
                target = self.fill(path)
                if method != "get" or target is None or path.endswith("/image"):
                    continue
                amount = "?amount=50000" if "simulator" in path else ""
                status, headers, text = self.request("GET", self.base + target + amount, self.authorized())
                self.assertIn(str(status), operation["responses"], (target, text))
                if status != 204:
                    of.check_answer(operation, status, json.loads(text))
                    checked.add(operation["operationId"])
                    self.assertIn("ETag", headers)
            self.assertLessEqual({"orders.list", "orders.retrieve", "orders.refund.state", "articles.retrieve", "operations.summary", "me.retrieve",
                                  "merchant-api-keys.retrieve", "instalment-plan-simulator.retrieve", "captures.list"}, checked)

    def test_what_a_body_must_say_is_what_is_missing_in_an_empty_one(self):
        self.prepare()
        seen = 0
        for version in (1, 4):
            of, self.base = self.reference(f"/v{version}/openapi.json"), f"/v{version}"
            for path, method, operation in of.operations():
                schema = of.schema_of_body(operation)
                if method != "post" or schema is None or (target := self.fill(path)) is None:
                    continue
                required = set(schema.get("required", ()))
                self.assertEqual(operation["requestBody"]["required"], bool(required), path)
                status, _, text = self.request("POST", self.base + target, self.authorized(), {})
                if required:
                    self.assertEqual((status, set(json.loads(text)["error"]["fields"])), (400, required), (path, text))
                    seen += 1
        self.assertGreater(seen, 5)

    def collection(self, *options):
        printed = subprocess.run([str(PORTICO), "postman", str(DESCRIPTION), *options], capture_output=True, check=True).stdout
        made = json.loads(printed)
        self.assertEqual(made["info"]["schema"], "https://schema.getpostman.com/json/collection/v2.1.0/collection.json")
        return made, {variable["key"]: variable["value"] for variable in made["variable"]}

    def test_the_collection_has_each_operation_and_its_requests_are_understood(self):
        self.prepare()
        made, variables = self.collection()
        self.assertEqual(variables, {"base_url": "http://localhost:8080", "key": "", "media_type": "application/vnd.aplazame.v4+json"})
        self.assertEqual(self.collection("--public-url", "https://api.example/x", "--version", "2")[1],
                         {"base_url": "https://api.example/x", "key": "", "media_type": "application/vnd.aplazame.v2+json"})
        self.base = ""
        seen, statuses = set(), set()
        for folder in made["item"]:
            for item in folder["item"]:
                request, url = item["request"], item["request"]["url"]
                path = re.sub(r":(\w+)", r"{\1}", url["raw"].removeprefix("{{base_url}}"))
                self.assertEqual("/".join(["{{base_url}}", *url["path"]]), url["raw"])
                operation = self.of.paths[path][request["method"].lower()]
                seen.add(operation["operationId"])
                self.assertEqual([folder["name"]], operation["tags"])
                named = {each["name"] for each in map(self.of.resolved, operation.get("parameters", ())) if each["in"] == "query"}
                self.assertEqual({each["key"] for each in url.get("query", ())}, named)
                self.assertEqual([each["key"] for each in url.get("variable", ())], re.findall(r"\{(\w+)\}", path))
                raw = request.get("body", {}).get("raw")
                if raw is not None:
                    self.of.check_body(operation, json.loads(raw))
                if request["method"] == "DELETE" or (target := self.fill(path)) is None:
                    continue
                asked = urlencode([(each["key"], each["value"]) for each in url.get("query", ()) if not each.get("disabled")])
                headers = {each["key"]: each["value"].replace("{{media_type}}", variables["media_type"])
                           for each in request["header"] if not each.get("disabled")}
                self.assertEqual(headers["Accept"], "application/vnd.aplazame.v4+json")
                status, _, text = self.request(request["method"], f"{target}?{asked}" if asked else target, {**self.authorized(), **headers},
                                               None if raw is None else json.loads(raw))
                statuses.add(status)
                self.assertIn(str(status), operation["responses"], (path, text))
                self.assertNotIn(status, (405, 406, 500), (path, text))
        self.assertEqual(seen, {operation["operationId"] for _, _, operation in self.of.operations()})
        self.assertLessEqual({200, 201}, statuses)

    def test_the_collection_of_the_extension_api_is_in_its_version_by_its_address(self):
        made, variables = self.collection("--api", "extension")
        self.assertEqual(variables, {"base_url": "http://localhost:8080/api/v4", "key": ""})
        self.assertEqual([header for folder in made["item"] for item in folder["item"] for header in item["request"]["header"] if header["key"] == "Accept"], [])

    def test_bodies_are_as_it_says(self):
        create, update = self.of.operation("campaigns.create"), self.of.operation("campaigns.update")
        campaign = {"name": "Spring", "start_date": "2026-03-01T00:00:00Z", "interest": 0, "num_instalments": [1, 2]}
        self.of.check_body(create, campaign)
        status, headers, text = self.request("POST", "/me/campaigns", self.authorized(), campaign)
        self.assertEqual(status, 201, text)
        self.of.check_answer(create, status, json.loads(text))
        for wrong in (campaign | {"color": 1}, {"name": "Spring"}, campaign | {"name": 7}, campaign | {"interest": "0"}):
            with self.assertRaises(jsonschema.ValidationError):
                self.of.check_body(create, wrong)
            status, _, text = self.request("POST", "/me/campaigns", self.authorized(), wrong)
            self.assertEqual(status, 400, text)
            self.of.check_answer(create, status, json.loads(text))
        self.of.check_body(update, {"end_date": None})
        made = headers["Location"].split("//", 1)[1].split("/", 1)[1]
        self.assertEqual(self.request("PATCH", "/" + made, self.authorized(), {"end_date": None})[0], 204)
        # Wrapped, and as it is.
        replace = self.of.operation("orders.update")
        self.of.check_body(replace, {"order": {"discount": 0}})
        self.of.check_body(replace, {"discount": 0})

    def test_keys_may_do_what_it_says(self):
        for path, method, operation in self.of.operations():
            if method != "get":
                continue
            is_public = {"public_key": []} in operation["security"]
            amount = "?amount=50000" if "simulator" in path else ""
            target = re.sub(r"\{\w+\}", "a" * 32, path)
            status, _, text = self.request("GET", target + amount, self.authorized("public_key"))
            (self.assertNotEqual if is_public else self.assertEqual)(status, 403, (path, text))


class OfOrdersOnSqlite(OfOrders, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve(DESCRIPTION, ROWS, keys=KEYS)


class OfOrdersOnPostgres(OfOrders, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())
        cls.serve(DESCRIPTION, ROWS, keys=KEYS)


class OfTheEnvelope(Asking, unittest.TestCase):
    """The API that extensions call."""

    cluster = None

    @classmethod
    def setUpClass(cls):
        cls.serve(EXTENSION, EXTENSION_ROWS)

    def setUp(self):
        self.of = self.reference("/api/openapi.json")

    def test_answers_are_as_it_says(self):
        checked = 0
        for path, method, operation in self.of.operations():
            if method != "get" or "{" in path:
                continue
            status, _, text = self.request("GET", "/api" + path, self.authorized("run_token"))
            if status == 200:
                self.of.check_answer(operation, status, json.loads(text))
                checked += 1
        self.assertGreater(checked, 2)
        refused = json.loads(self.request("GET", "/api/orders?nothing=1", self.authorized("run_token"))[2])
        self.of.check_answer(self.of.operation("orders.list"), 400, refused)

    def test_it_lists_all_codes(self):
        codes = self.of.document["x-codes"]
        self.assertEqual([each["code"] for each in codes[:8]], [0, -1, -2, -3, -4, -5, -6, -7])
        self.assertEqual(codes[2]["http"], [401])
        own = {(each["code"], each["operation"]) for each in codes[8:]}
        self.assertTrue(own)
        for code, name in own:
            words = json.dumps(self.of.operation(name)["responses"])
            self.assertIn(f"(code {code})", words, name)

    def test_it_names_scopes(self):
        scheme = self.of.operation("orders.list")["security"]
        self.assertEqual(scheme, [{"token": ["orders:read"]}])
        self.assertEqual(sorted(self.of.operation("parcels.clear")["security"][0]["token"]), ["notes:read", "orders:read", "parcels:write"])


class Unpublished(Asking, unittest.TestCase):
    cluster = None

    @classmethod
    def setUpClass(cls):
        cls.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, None, keys=KEYS)
        cls.addClassCleanup(cls.server.remove)
        hidden = DESCRIPTION.read_text(encoding="utf-8").replace("dialect: media-type}", "dialect: media-type, reference: no}")
        cls.server.description = str(cls.server.directory / "api.yaml")
        Path(cls.server.description).write_text(hidden, encoding="utf-8")
        cls.server.load()
        cls.server.start()
        cls.addClassCleanup(cls.end)

    def test_where_the_description_says_so(self):
        self.assertEqual(self.request("GET", "/openapi.json", self.authorized())[0], 404)
        self.assertEqual(self.request("GET", "/api/openapi.json")[0], 200)


if __name__ == "__main__":
    unittest.main()
