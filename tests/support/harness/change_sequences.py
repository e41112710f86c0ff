"""Random sequences of changes to the fixture `writes`, for tests/differential_changes: valid ones, broken ones, and nasty texts."""

import json
import random
import urllib.parse
from dataclasses import dataclass, field, replace

from . import differential_values

CALLERS = ("private_key",) * 9 + ("other_private_key", "sandbox_key", "public_key")
MIDS = ("A-1", "A-1", "A-2", "A-2", "A-3", "B-1", "N-1", "N-2", "N-3", "00000000000000000000000000000001", "none")
NAMES = ("Chair", "Table", "Lamp", "Straße", "STRASSE", "ñ", "Ñ")
DATES = ("2026-01-02", "2025-12-31", "2026-02-29", "2024-02-29", "0001-01-01", "9999-12-31", "x", "", "2026-1-2")
COUNTRIES = ("ES", "es", "XX", "PRT", "", "DE")
EMAILS = ("ana@example.com", "a@b.c", "a b@example.com", "@", "x" * 300 + "@example.com", "ñ@example.com", "")


@dataclass(frozen=True)
class Step:
    """One request. `{7}` in path and body stands for the id that the answer to the step of that number gave."""

    number: int
    caller: str
    method: str
    path: str
    body: str = ""  # broken UTF-8 as surrogates
    content_type: str = ""
    fields: tuple = field(default=())
    version: int = 2

    def shown(self):
        fields = "".join(f"\n    {name}: {value}" for name, value in self.fields)
        return f"  {self.number}. {self.caller} v{self.version}: {self.method} {self.path}{fields}\n    {self.content_type} {self.body!r}"


class Maker:
    """Makes a sequence of `count` steps of one seed."""

    def __init__(self, seed, count):
        self.source = random.Random(seed)
        self.steps = []
        self.ids = {"captures": [], "products": [], "makers": []}
        self.keys = []
        for number in range(count):
            self.steps.append(self.step(number))

    # Values

    def one(self, values):
        return self.source.choice(values)

    def rarely(self, share=0.06):
        return self.source.random() < share

    def text(self, usual):
        return self.one(differential_values.NASTY) if self.rarely(0.12) else self.one(usual)

    def number(self, most):
        if self.rarely():
            return self.one([None, True, "12.50", 12.5, -1, 0, "7", 2**31, 2**53 + 1, 2**63 - 1, 2**63, "x", [], {}])
        return self.source.randint(1, most)

    def article(self):
        return {"name": self.text(NAMES), "quantity": self.number(3), "price": self.number(2000)}

    def articles(self):
        return [self.article() for _ in range(self.source.choice((1, 1, 2, 3, 0)))]

    @staticmethod
    def total(articles):
        numbers = [each[name] for each in articles for name in ("quantity", "price")]
        return sum(each["quantity"] * each["price"] for each in articles) if all(type(one) is int for one in numbers) else 0

    def order(self):
        articles = self.articles()
        order = {"mid": self.text(MIDS), "total_amount": self.total(articles) if not self.rarely(0.15) else self.number(5000),
                 "placed": self.one(DATES[:4] + DATES if self.rarely() else DATES[:2]), "articles": articles}
        extras = {"due": lambda: self.one(("2026-03-01", "2025-01-01", None)), "note": lambda: self.text(("short", "x" * 21, None)),
                  "gift": lambda: self.one((True, False, None, "true", 1)), "postcode": lambda: self.text(("28001",)),
                  "zip": lambda: self.text(("28001",)), "status": lambda: "ok", "meta": lambda: self.meta(),
                  "customer": lambda: self.customer(), "id": lambda: "0" * 32, "unknown": lambda: 1, "stars": lambda: 3}
        for name, make in extras.items():
            if self.source.random() < (0.3 if name in ("due", "note", "gift", "customer", "meta") else 0.06):
                order[name] = make()
        if self.rarely():
            order.pop(self.one(sorted(order)))
        return order

    def customer(self):
        return self.one((None, {"email": self.text(EMAILS)}, {"email": "ana@example.com", "country": self.one(COUNTRIES)}, {}, []))

    def meta(self):
        return self.one((None, {}, [], {"k": [1, 2.5, None, True, {"ñ": self.text(NAMES)}]}, 1e300, -0.0, 10**18, "text", {"": ""}))

    # Steps

    def step(self, number):
        kinds = {self.create_order: 6, self.replace_order: 3, self.patch_order: 5, self.delete_order: 1, self.act: 6, self.capture: 4,
                 self.create_product: 4, self.create_maker: 2, self.delete_one: 3, self.patch_shop: 1, self.look: 4}
        method, path, body, made = self.source.choices(list(kinds), list(kinds.values()))[0]()
        step = Step(number, self.one(CALLERS), method, path, version=self.one((1, 2, 2)))
        step = self.with_body(step, body)
        step = self.with_fields(step)
        if made:
            self.ids[made].append(f"{{{number}}}")
        return step

    def create_order(self):
        return "POST", "/orders", self.wrapped(self.order()), None

    def wrapped(self, order):
        return order if self.rarely(0.04) else {"order": order}

    def replace_order(self):
        return "PUT", f"/orders/{self.one(MIDS)}", self.wrapped(self.order()), None

    def patch_order(self):
        order = self.order()
        kept = self.source.sample(sorted(order), self.source.randint(0, min(3, len(order))))
        return "PATCH", f"/orders/{self.one(MIDS)}", self.wrapped({name: order[name] for name in kept}), None

    def delete_order(self):
        return "DELETE", f"/orders/{self.one(MIDS)}", None, None

    def act(self):
        action = self.one(("confirm", "refund", "refund", "rate", "none"))
        body = {"refund": {"amount": self.number(4000)}, "rate": {"stars": self.number(6)}}.get(action, self.one((None, {}, {"x": 1})))
        return "POST", f"/orders/{self.one(MIDS)}/{action}", body, None

    def capture(self):
        return "POST", f"/orders/{self.one(MIDS)}/captures", {"amount": self.number(3000)}, "captures"

    def maker_name(self):
        return self.one(["00000000000000000000000000000011", "00000000000000000000000000000012", "none", None, *self.ids["makers"][-3:]])

    def product(self):
        product = {"name": self.text(NAMES), "price": self.number(3000)}
        if self.source.random() < 0.4:
            product["maker"] = self.maker_name()
        if self.rarely():
            product["unknown"] = self.text(NAMES)
        return product

    def create_product(self):
        if self.source.random() < 0.4:
            return "POST", "/products", [self.product() for _ in range(self.source.randint(0, 4))], None
        return "POST", "/products", self.product(), "products"

    def create_maker(self):
        return "POST", "/makers", {"name": self.text(NAMES)}, "makers"

    def delete_one(self):
        resource = self.one(("products", "makers", "captures"))
        known = {"products": "00000000000000000000000000000021", "makers": "00000000000000000000000000000011",
                 "captures": "00000000000000000000000000000031"}[resource]
        name = self.one([known, "none", *self.ids[resource][-4:]])
        return "DELETE", f"/orders/{self.one(MIDS)}/captures/{name}" if resource == "captures" else f"/{resource}/{name}", None, None

    def patch_shop(self):
        return "PATCH", "/me", {"name": self.text(NAMES), **({"url": self.text(("https://x.example/",))} if self.rarely(0.5) else {})}, None

    def look(self):
        return "GET", self.one(("/orders?page_size=10", "/products?page_size=25", "/orders/A-1/captures", "/orders/A-1/refund",
                                f"/orders/{self.one(MIDS)}", "/me")), None, None

    # How it is sent

    def with_body(self, step, body):
        if body is None:
            return step
        if self.source.random() < 0.2:
            return replace(step, body=urllib.parse.urlencode(list(form_of(body)), errors="surrogatepass"),
                           content_type="application/x-www-form-urlencoded")
        text = json.dumps(body, ensure_ascii=self.source.random() < 0.5)
        if self.rarely(0.04):
            at = self.source.randrange(len(text))
            text = text[:at] + self.one(differential_values.BROKEN + ["", ",", "}", "\\u0000", '"', "\x00"]) + text[at + 1:]
        return replace(step, body=text, content_type=self.one(("application/json",) * 20 + ("application/merge-patch+json", "text/plain", "")))

    def with_fields(self, step):
        fields = []
        if step.method != "GET" and self.source.random() < 0.25:
            if self.keys and self.source.random() < 0.5:
                key, first = self.one(self.keys)
                step = replace(first, number=step.number) if self.source.random() < 0.7 else step
                return replace(step, fields=(("Idempotency-Key", key),))
            key = f"key-{step.number}"
            self.keys.append((key, step))
            fields.append(("Idempotency-Key", key))
        if step.method != "GET" and self.rarely(0.05):
            fields.append((self.one(("If-Match", "If-None-Match")), self.one(("*", '"other"', 'W/"x"', "x"))))
        return replace(step, fields=tuple(fields))


def form_of(value, name=""):
    """(name, value) of a form that says the same, as far as forms can."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from form_of(item, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from form_of(item, f"{name}[{index}]")
    else:
        yield name, "" if value is None else {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


def without(steps, gone):
    """The steps but those of these numbers; the others keep their numbers, by which they refer to each other."""
    return [step for step in steps if step.number not in gone]


def shrunk(steps, fails, tries):
    """Fewer steps that still fail, by leaving out ever smaller parts."""
    size = max(1, len(steps) // 2)
    while tries > 0:
        begin = 0
        while begin < len(steps) and tries > 0:
            smaller = without(steps, {step.number for step in steps[begin:begin + size]})
            tries -= 1
            if smaller and fails(smaller):
                steps = smaller
            else:
                begin += size
        if size == 1:
            break
        size = max(1, size // 2)
    return steps
