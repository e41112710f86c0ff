"""The demo's API as shops use it, by a small client in the manner of those that are known: an address, a key, a version in
Accept, JSON bodies; errors read as error.message and error.type. On both stores, with the demo's generated rows.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import http.client
import json
import os
import sys
import unittest
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.receiver import Receiver, Reply  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ("--orders", "400", "--sandbox-orders", "60", "--quiet")
SHOP = "3f0a6c1be5d7429f8a11c0de70a2b951"  # the demo's first merchant
OTHER_SHOP = "b87d20c94e6a4d13a5f2917c3e0d4a68"
KEYS = {"private_key": (SHOP, "private", "both"), "public_key": (SHOP, "public", "both"),
        "other_private_key": (OTHER_SHOP, "private", "both")}


class ClientError(Exception):
    """An answer that is no success."""

    def __init__(self, status, body):
        error = json.loads(body)["error"]
        super().__init__(error.get("message") or error.get("type"))
        self.status, self.type, self.fields = status, error["type"], error.get("fields")


class Client:
    """One shop's access to the API; no connection is kept."""

    def __init__(self, address, key, version=4, sandbox=False):
        self.address, self.key = address, key
        self.media_type = f"application/vnd.aplazame{'.sandbox' if sandbox else ''}.v{version}+json"

    def request(self, method, path, data=None, **parameters):
        """The body of the answer, none for 204; raises ClientError."""
        body = None if data is None else json.dumps(data)
        target = path + ("?" + urlencode({name.replace("__", "-"): value for name, value in parameters.items()})
                         if parameters else "")
        connection = http.client.HTTPConnection(self.address, timeout=20)
        try:
            # These clients name a content type with every request.
            connection.request(method, target, body, {"Accept": self.media_type, "Authorization": f"Bearer {self.key}",
                                                      "Content-Type": "application/json", "User-Agent": "shop/1.0"})
            answer = connection.getresponse()
            text, self.location = answer.read(), answer.getheader("Location")
        finally:
            connection.close()
        if answer.status >= 400:
            raise ClientError(answer.status, text)
        return None if answer.status == 204 else json.loads(text)

    def get(self, path, **parameters):
        return self.request("GET", path, **parameters)

    def post(self, path, data=None):
        return self.request("POST", path, data)

    def all(self, path, **parameters):
        """The rows of all pages, as `cursor.after` leads from one to the next."""
        rows, page = [], 1
        while page:
            answer = self.get(path, page=page, **parameters)
            rows += answer["results"]
            page = answer["cursor"]["after"]
        assert len(rows) == answer["paging"]["count"]
        return rows


def checkout(mid, **merchant):
    return {
        "merchant": {"success_url": "https://shop.example/ok", "ko_url": "https://shop.example/ko", **merchant},
        "order": {"id": mid, "currency": "EUR", "tax_rate": 2100, "total_amount": 12705, "discount": 0, "articles": [
            {"id": "89793238462643383279", "name": "Reloj en oro blanco de 18 quilates y diamantes", "quantity": 2, "price": 5000,
             "url": "https://shop.example/product.html", "image_url": "https://shop.example/product.png", "tax_rate": 2100,
             "discount": 0}]},
        "customer": {"id": "1618", "email": "dev@example.com", "type": "e", "gender": 0, "first_name": "John", "last_name": "Coltrane",
                     "address": {"first_name": "John", "last_name": "Coltrane", "street": "Plaza del Ángel nº10", "city": "Madrid",
                                 "state": "Madrid", "country": "ES", "postcode": "28012"}},
        "billing": {"first_name": "Bill", "last_name": "Evans", "street": "Calle de Las Huertas 22", "city": "Madrid",
                    "state": "Madrid", "country": "ES", "postcode": "28014"},
        "shipping": {"first_name": "Django", "last_name": "Reinhard", "street": "Plaza del Ángel nº10", "city": "Madrid",
                     "state": "Madrid", "country": "ES", "postcode": "28012", "price": 500, "tax_rate": 2100, "name": "Planet Express"},
        "product": {"type": "instalments"},
    }


class Shop:
    """What shops do; the same on every store. One server for all tests, which keep to orders of their own."""

    cluster = None

    @classmethod
    def serve(cls):
        cls.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cls.cluster, keys=KEYS)
        cls.addClassCleanup(cls.server.remove)
        # The shop that is asked for confirmations runs here.
        allowed = DESCRIPTION.read_text(encoding="utf-8") + 'webhooks: {allow: ["127.0.0.0/8"]}\n'
        cls.server.description = str(cls.server.directory / "api.yaml")
        Path(cls.server.description).write_text(allowed, encoding="utf-8")
        cls.server.load()
        cls.server.start()
        cls.addClassCleanup(cls.end)

    @classmethod
    def end(cls):
        problem = cls.server.stop()
        if problem:
            raise AssertionError(problem)

    def client(self, key="private_key", **options):
        return Client(self.server.variables["host"], self.server.variables[key], **options)

    def refused(self, status, kind, ask, *arguments):
        with self.assertRaises(ClientError) as caught:
            ask(*arguments)
        self.assertEqual((caught.exception.status, caught.exception.type), (status, kind), caught.exception)
        return caught.exception

    def decided(self, client, mid):
        """The order's status when it is pending no more."""
        self.assertTrue(eventually(lambda: client.get(f"/checkout/{mid}/status")["status"] != "pending"), mid)
        return client.get(f"/checkout/{mid}/status")

    def test_the_shop_confirms_its_orders(self):
        client, receiver = self.client(), self.enterContext(Receiver())
        receiver.replies["/ko"] = [Reply(body=b'{"status": "ko"}')]
        made = client.post("/checkout", checkout("shop-1", notification_url=receiver.url("/ok")))
        self.assertEqual(self.decided(client, "shop-1")["status"], "ok")
        received, = receiver.at("/ok")
        self.assertEqual(received.json(), {"id": made["id"], "mid": "shop-1", "status": "pending", "sandbox": False,
                                           "status_reason": "confirmation_required", "total_amount": 12705, "currency": "EUR"})
        self.assertRegex(received.fields["Authorization"], "^Bearer webhook_")
        self.assertIsNotNone(client.get("/orders/shop-1")["confirmed"])
        capture = client.post("/orders/shop-1/captures", {"amount": 12705})
        client.post(f"/orders/shop-1/captures/{capture['id']}/refunds", {"amount": 5})
        refunds = client.get("/orders/shop-1/captures")["results"][0]["refunds"]
        self.assertEqual([refund["amount"] for refund in refunds], [5])
        self.assertIsNone(client.post("/orders/shop-1/cancel"))
        self.refused(403, "ForbiddenException", client.post, "/orders/shop-1/authorize")

        # An order without an address of its own: the account's.
        self.assertEqual(client.request("PATCH", "/me", {"confirmation_url": receiver.url("/ko")})["id"], SHOP)
        client.post("/checkout", checkout("shop-2"))
        refused = self.decided(client, "shop-2")
        self.assertEqual((refused["status"], refused["status_reason"]), ("ko", "confirmation_rejected_by_merchant"))
        self.refused(403, "ForbiddenException", client.post, "/orders/shop-2/captures", {"amount": 1})
        client.request("PATCH", "/me", {"confirmation_url": None})

    def test_a_checkout_to_its_end(self):
        client = self.client()
        made = client.post("/checkout", checkout("web-1"))
        self.assertEqual(urlsplit(client.location).path, f"/checkout/{made['id']}")
        status = client.get(f"/checkout/{made['id']}/status")
        self.assertEqual((status["mid"], status["status"], status["total_amount"]), ("web-1", "pending", 12705))
        self.refused(403, "ForbiddenException", client.post, "/orders/web-1/captures", {"amount": 1})

        client.post("/orders/web-1/authorize")
        self.assertEqual(client.get("/checkout/web-1/status")["status"], "ok")
        first = client.post("/orders/web-1/captures", {"amount": 10000})
        self.assertEqual((first["amount"], first["remaining_capture_amount"]), (10000, 2705))
        second = client.post(f"/orders/{made['id']}/captures", {"amount": 2000})
        self.assertEqual(second["remaining_capture_amount"], 705)
        over = self.refused(400, "ApiValidationException", client.post, "/orders/web-1/captures", {"amount": 706})
        self.assertIn("amount", over.fields)
        self.assertEqual(client.post("/orders/web-1/void", {"amount": 705}), {"remaining_capture_amount": 0})

        client.post(f"/orders/web-1/captures/{first['id']}/refunds", {"amount": 4000})
        shown = client.all("/orders/web-1/captures")
        self.assertEqual([(row["amount"], row["refunded_amount"], row["remaining_amount"]) for row in shown],
                         [(10000, 4000, 6000), (2000, 0, 2000)])
        self.assertEqual(client.get("/orders/web-1/refund"), {"remaining_amount": 8705})
        self.assertEqual(client.post("/orders/web-1/refund", {"amount": 705}), {"remaining_amount": 8000})

        open_orders = client.all("/orders", confirmed__isnull=False, cancelled__isnull=True, page_size=100)
        self.assertIn("web-1", [order["mid"] for order in open_orders])
        self.assertIsNone(client.post("/orders/web-1/cancel"))
        again = self.refused(403, "ForbiddenException", client.post, "/orders/web-1/cancel")
        self.assertIn("cancelled", str(again))
        self.assertEqual([order["id"] for order in client.all("/orders", mid="web-1", cancelled__isnull="False")], [made["id"]])

    def test_an_order_is_sent_once(self):
        client = self.client()
        client.post("/checkout", checkout("web-2"))
        twice = self.refused(409, "ConflictException", client.post, "/checkout", checkout("web-2"))
        self.assertIn("id", twice.fields["order"])
        # Another shop has numbers of its own.
        self.client("other_private_key").post("/checkout", checkout("web-2"))

    def test_the_newest_version_that_there_is(self):
        """Clients try version 4, then 3; earlier ones have no checkout."""
        for version in (4, 3):
            self.client(version=version).post("/checkout", checkout(f"web-v{version}"))
        self.refused(404, "ObjectNotFoundException", self.client(version=2).post, "/checkout", checkout("web-v2"))
        self.assertEqual(self.client(version=1).get("/orders/web-v3")["shipping"]["zip"], "28012")

    def test_an_order_is_changed_before_it_is_sent(self):
        client = self.client()
        client.post("/checkout", checkout("web-3"))
        articles = [{"id": "1", "name": "Otro", "quantity": 1, "price": 1000, "url": "https://shop.example/1"}]
        wrong = {"order": {"articles": articles, "shipping": None, "discount": 0, "currency": "EUR", "total_amount": 999}}
        fault = self.refused(400, "ApiValidationException", client.request, "PUT", "/orders/web-3", wrong)
        self.assertIn("total_amount", fault.fields["order"])
        right = {"order": dict(wrong["order"], total_amount=1000)}
        self.assertIsNone(client.request("PUT", "/orders/web-3", right))
        self.assertEqual(client.get("/orders/web-3")["total_amount"], 1000)

    def test_the_sandbox_is_apart(self):
        sandbox = self.client(sandbox=True)
        self.assertTrue(sandbox.get(f"/checkout/{sandbox.post('/checkout', checkout('try-1'))['id']}/status")["sandbox"])
        missing = self.refused(404, "ObjectNotFoundException", self.client().get, "/orders/try-1")
        self.assertEqual(missing.fields, {"order__id": "try-1"})

    def test_lists_begin_with_what_clients_look_for(self):
        client = self.client()
        first = client.get("/orders", ordering="-cancelled,confirmed", page_size=1)["results"][0]
        self.assertIsNotNone(first["confirmed"])
        self.assertIsNone(first["cancelled"])
        orders = client.all("/orders", page_size=50)
        self.assertEqual(len({order["id"] for order in orders}), len(orders))
        amount = sorted(order["total_amount"] for order in orders)[len(orders) // 2]
        found = client.all("/orders", total_amount__gte=amount, status="ok")
        self.assertEqual(sorted(order["id"] for order in found),
                         sorted(order["id"] for order in orders if order["total_amount"] >= amount and order["status"] == "ok"))
        self.refused(405, "MethodNotAllowedException", client.post, "//orders", {})

    def test_what_was_earned_adds_up(self):
        client = self.client()
        payment = client.get("/me/payments", page_size=1)["results"][0]
        operations = client.all("/me/operations", payment=payment["id"])
        sign = {"confirmation": 1, "capture": 0, "refund": -1, "cancellation": -1}
        self.assertEqual(sum(sign[each["type"]] * each["amount"] for each in operations), payment["amount"])
        self.assertEqual(client.all(f"/merchants/{SHOP}/operations", payment=payment["id"]), operations)
        self.refused(404, "ObjectNotFoundException", client.get, f"/merchants/{OTHER_SHOP}/operations")
        summary = client.get("/me/operations/summary", payment=payment["id"], type="confirmation")
        confirmations = [each["amount"] for each in operations if each["type"] == "confirmation"]
        self.assertEqual((summary["count"], summary["amount"]), (len(confirmations), sum(confirmations)))
        self.assertIsNone(client.get("/me/operations/summary", amount__lt=0))
        instalments = client.all("/me/instalment-payments", page_size=100)
        paid = {}
        for each in instalments:
            paid[each["order"]["mid"]] = paid.get(each["order"]["mid"], 0) + each["amount"]
        for mid, amount in list(paid.items())[:10]:
            self.assertEqual(client.get(f"/orders/{mid}")["total_amount"], amount, mid)

    def test_a_campaign(self):
        client = self.client()
        made = client.post("/me/campaigns", {"name": "Otoño", "start_date": "2026-10-01T00:00:00Z", "interest": 0, "partial": False,
                                             "num_instalments": [1, 2, 3], "min_order_amount": 5000})
        path = f"/me/campaigns/{made['id']}"
        self.assertIsNone(client.request("PATCH", path, {"end_date": "2026-10-31T23:59:59Z"}))
        self.assertEqual(client.get(path)["end_date"], "2026-10-31T23:59:59.000000Z")
        self.refused(404, "ObjectNotFoundException", self.client("other_private_key").get, path)
        article = {"name": "Reloj", "url": "https://shop.example/1", "image_url": "https://shop.example/1.png"}
        self.assertIsNone(client.post(f"{path}/articles", [dict(article, id=str(each)) for each in range(4)]))
        self.assertEqual([each["id"] for each in client.all("/me/campaigns", articles__mid="3")], [made["id"]])
        self.assertIsNone(client.request("DELETE", f"{path}/articles/0"))
        self.assertIsNone(client.request("DELETE", f"{path}/articles?article-mid=1,2"))
        self.assertEqual([each["id"] for each in client.all(f"{path}/articles")], ["3"])
        self.assertIsNone(client.request("DELETE", f"{path}/articles"))
        self.assertIsNone(client.request("DELETE", path))
        self.refused(404, "ObjectNotFoundException", client.get, path)

    def test_what_instalments_cost(self):
        answer = self.client("public_key").get("/instalment-plan-simulator", amount=99999)
        self.assertEqual([option["num_instalments"] for option in answer["options"]], list(range(2, 13)))
        for option in answer["options"]:
            paid = option["instalment"] * (option["num_instalments"] - 1) + option["last_instalment"]
            self.assertEqual((paid, option["total_amount"]), (option["total_amount"], 99999 + option["interest"]))
        self.assertEqual(self.client().get("/merchants/api-keys"), {"public_api_key": self.server.variables["public_key"]})

    def test_keys_that_may_not(self):
        self.refused(403, "ForbiddenException", self.client("public_key").get, "/orders")
        nobody = self.client()
        nobody.key = "unknown"
        self.refused(401, "UnauthorizedException", nobody.get, "/orders")


class OnSqlite(Shop, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve()


class OnPostgres(Shop, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())
        cls.serve()


if __name__ == "__main__":
    unittest.main()
