"""The requests of the differential test: made at random, and made smaller where two servers differ."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from . import description, differential_values

LOOKUPS = (*description.STRING, *description.FAMILIES["date"], "isnull", "gt", "gte", "lt", "lte", "", "nope")
CALLERS = ("first_production", "other_production", "first_sandbox", "other_sandbox")
ZONES = ("UTC", "Europe/Madrid")
CHUNKS = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class Request:
    """What to ask, in parts that can be taken away one by one."""

    path: str  # /orders, /orders/summary, or /orders/NAME with NAME percent-encoded
    zone: str = ZONES[0]  # the description's time zone
    caller: str = CALLERS[0]
    method: str = "GET"
    version: int = None  # in the URL
    media_version: int = None
    form: str = "json"
    filters: tuple = ()  # (parameter's name, value)
    ordering: tuple = ()
    page: str = None
    page_size: str = None
    q: str = None

    def target(self):
        pairs = list(self.filters)
        pairs += [("q", self.q)] if self.q is not None else []
        pairs += [("ordering", ",".join(self.ordering))] if self.ordering else []
        pairs += [("page", self.page)] if self.page is not None else []
        pairs += [("page_size", self.page_size)] if self.page_size is not None else []
        query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)
        return (f"/v{self.version}" if self.version else "") + self.path + (f"?{query}" if query else "")

    def accept(self, vendor):
        mode = ".sandbox" if self.caller.endswith("sandbox") else ""
        return f"application/vnd.{vendor}{mode}" + (f".v{self.media_version}" if self.media_version else "") + f"+{self.form}"

    def shown(self):
        plain = "&".join(f"{name}={value!r}" for name, value in self.filters + ((("q", self.q),) if self.q is not None else ()))
        return (f"{self.method} {self.target()}\n  as {self.caller}, time zone {self.zone}, version {self.media_version or 'latest'}, {self.form}"
                + (f"\n  that is {plain}" if plain else ""))


def encoded(text):
    return quote(text, safe="[]-", errors="surrogateescape")


class Maker:
    """Makes requests for the resources of a description, with values from `samples`."""

    def __init__(self, resources, api, samples):
        self.resources = [resource for resource in resources.values()
                          if "list" in resource.operations and "{" not in resource.path]
        self.weights = [max(1, sum(len(leaf.lookups) for leaf in resource.leaves.values())) for resource in self.resources]
        self.vendor, self.versions, self.samples = api["vendor"], api["versions"], samples

    def request(self, number, random):
        resource = random.choices(self.resources, self.weights)[0]
        made = Request(resource.path, zone=ZONES[number % len(ZONES)], caller=random.choice(CALLERS),
                       media_version=random.choice(self.versions) if random.random() < 0.3 else None,
                       form="xml" if random.random() < 0.12 else "json", method="HEAD" if random.random() < 0.02 else "GET")
        if random.random() < 0.03:
            made = replace(made, version=random.choice([*self.versions, 99]))
        if "retrieve" in resource.operations and random.random() < 0.08:
            return replace(made, path=f"{made.path}/{encoded(self.name(resource, random))}")
        rows = self.samples.rows.get((resource.name, made.caller))
        row = random.choice(rows) if rows and random.random() < 0.7 else None
        filters = []
        for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3, 4))):
            filters += self.filter(resource, row, random)
        made = replace(made, filters=tuple(filters))
        if random.random() < 0.1:
            made = replace(made, path=f"{made.path}/summary")
            return self.arranged(resource, made, random) if random.random() < 0.05 else self.searched(resource, made, random)
        return self.arranged(resource, made, random)

    def arranged(self, resource, made, random):
        """With an order, a page and a page size, and perhaps words to look for."""
        if resource.orderable and random.random() < 0.5:
            terms = random.sample(resource.orderable, min(random.choice((1, 1, 2, 3)), len(resource.orderable)))
            terms += ["nope"] if random.random() < 0.02 else []
            made = replace(made, ordering=tuple(random.choice(("", "-")) + term for term in terms))
        if random.random() < 0.15:
            made = replace(made, page=random.choice(["1", "1", "2", "2", "3", "5", "10", "40", "0", "-1", "x", "", "99999999999999999999"]))
        if random.random() < 0.6:
            sizes = [str(size) for size in (1, 2, 3, 7, 25, resource.page_size_max, random.randint(1, resource.page_size_max))]
            made = replace(made, page_size=random.choice(sizes) if random.random() < 0.95 else random.choice(["0", "101", "-1", "x", ""]))
        return self.searched(resource, made, random)

    def searched(self, resource, made, random):
        if resource.searched and random.random() < 0.12:
            leaf = resource.leaves[random.choice(resource.searched)]
            made = replace(made, q=differential_values.words(resource, leaf, self.samples, random))
        return made

    def name(self, resource, random):
        leaf = resource.leaves[random.choice(resource.names)]
        value = self.samples.one(resource, leaf, random)
        return differential_values.mutated(value, random) if random.random() < 0.4 else value

    def filter(self, resource, row, random):
        """A filter, most often one that finds `row` where there is one; for a choice perhaps several."""
        leaves = [leaf for leaf in resource.leaves.values() if leaf.lookups] or list(resource.leaves.values())
        if resource.through and random.random() < 0.3:
            leaves = list(resource.through.values())
        leaf = random.choice(leaves if random.random() < 0.98 else list(resource.leaves.values()))
        lookup = random.choice(leaf.lookups) if leaf.lookups and random.random() < 0.97 else random.choice(LOOKUPS)
        name = leaf.path + ("" if lookup == "exact" and random.random() < 0.9 else f"-{lookup}")
        value = None
        if row and random.random() < 0.8:
            value = differential_values.fitting(leaf, lookup, differential_values.value_at(row, leaf), random)
        if value is None:
            value = differential_values.value_for(resource, leaf, lookup, self.samples, random)
        if leaf.type == "choice" and lookup == "exact" and random.random() < 0.5:
            more = differential_values.value_for(resource, leaf, lookup, self.samples, random)
            suffixes = random.choice([("", ""), ("[]", "[]"), ("[0]", "[1]"), ("", "[]")])
            return [(leaf.path + suffixes[0], value), (leaf.path + suffixes[1], more)]
        return [(name, value)]


def simpler(request):
    """Requests that say less, the largest steps first."""
    if len(request.filters) > 1:
        yield replace(request, filters=())
    for index in range(len(request.filters)):
        yield replace(request, filters=request.filters[:index] + request.filters[index + 1:])
    for name, plain in (("q", None), ("page", None), ("page_size", None), ("ordering", ()), ("version", None),
                        ("media_version", None), ("form", "json"), ("zone", ZONES[0]), ("method", "GET"), ("caller", CALLERS[0])):
        if getattr(request, name) != plain:
            yield replace(request, **{name: plain})
    if len(request.ordering) > 1:
        for index in range(len(request.ordering)):
            yield replace(request, ordering=request.ordering[:index] + request.ordering[index + 1:])
    for index, (name, value) in enumerate(request.filters):
        for shorter in shorter_texts(value):
            yield replace(request, filters=request.filters[:index] + ((name, shorter),) + request.filters[index + 1:])
    for shorter in shorter_texts(request.q or ""):
        yield replace(request, q=shorter)


def shorter_texts(text):
    """The text without a part of it, then with plain letters for others."""
    for chunk in (len(text) // part for part in CHUNKS if len(text) // part > 1):
        for begin in range(0, len(text), chunk):
            yield text[:begin] + text[begin + chunk:]
    if len(text) <= 40:
        for index in range(len(text)):
            yield text[:index] + text[index + 1:]
        for index, char in enumerate(text):
            if char not in "a0" and not char.isdigit():
                yield text[:index] + "a" + text[index + 1:]


def shrunk(request, differs, tries):
    """The smallest request found for which `differs(request)` still holds, asking at most `tries` times."""
    while True:
        for candidate in simpler(request):
            tries -= 1
            if tries < 0:
                return request
            if differs(candidate):
                request = candidate
                break
        else:
            return request
