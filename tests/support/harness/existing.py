"""A description that `portico init` wrote, read on its own, and what its API must answer, from the rows as SQL gives them.

Nothing here comes from Portico but the description's text: types and orders are as docs/description.md says."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import yaml

from . import lookup_oracle

FAMILIES = {
    "string": ["exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "in", "regex",
               "search"],
    "range": ["exact", "gt", "gte", "lt", "lte"],
    "date": ["year", "month", "day", "hour", "week_day"],
    "choices": ["exact"],
}
PAGE_SIZE = 25
VALUE_BYTES_MAX = 1000


@dataclass
class Field:
    """A field that is a column."""

    name: str
    type: str
    stored: str
    column: str
    choices: list
    lookups: list

    def typed(self, raw):
        """A stored value, or PostgreSQL's text of it, as lookup_oracle takes it."""
        if raw is None:
            return None
        if self.type == "choice" and not isinstance(self.choices[0], int):
            return str(raw)
        if self.type in ("integer", "choice"):
            return int(Decimal(str(raw)))
        if self.type == "money":
            return int((Decimal(repr(raw) if isinstance(raw, float) else str(raw)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
        if self.type == "boolean":
            return {"true": 1, "false": 0, 1: 1, 0: 0}[raw]
        if self.type == "timestamp":
            return raw * 1_000_000 if self.stored == "seconds" else raw if isinstance(raw, int) else instant(raw)
        if self.type == "json":
            return json.loads(raw)
        return raw

    def shown(self, value):
        """As an answer shows it."""
        if value is None:
            return None
        if self.type == "boolean":
            return bool(value)
        if self.type == "timestamp":
            return written_instant(value)
        return value


def instant(text):
    """Microseconds since 1970 of `2005-05-24 22:53:30.5+00`."""
    text = text.removesuffix("+00")
    moment = datetime.fromisoformat(text if "." not in text else text.ljust(26, "0"))
    return (moment - lookup_oracle.EPOCH) // lookup_oracle.timedelta(microseconds=1)


def written_instant(value):
    moment = lookup_oracle.EPOCH + lookup_oracle.timedelta(microseconds=value)
    return moment.isoformat(timespec="microseconds") + "Z"


def order_of(value):
    """Null is the largest value (P14); text compares by its bytes."""
    if value is None:
        return 1, b""
    return 0, value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


@dataclass
class Reference:
    name: str
    to: str
    column: str
    show: list


@dataclass
class Resource:
    name: str
    table: str
    schema: str
    owner: str
    key: list
    operations: list
    orderable: list
    fields: dict = field(default_factory=dict)
    references: list = field(default_factory=list)

    def order_terms(self):
        """The default order: the key's, and without one all that can be sorted by."""
        return self.key or [name for name, leaf in self.fields.items() if leaf.type != "json"]


def read_field(name, keys):
    lookups = []
    for family in keys.get("filter", []):
        lookups += FAMILIES.get(family, [family])
    if keys["type"] == "date" and "hour" in lookups:
        lookups.remove("hour")
    return Field(name, keys["type"], keys.get("stored", ""), keys.get("column", name), keys.get("of", []),
                 list(dict.fromkeys(lookups)))


def read_api(text):
    """The resources of a description by name."""
    document = yaml.safe_load(text)
    resources = {}
    for name, keys in document["resources"].items():
        key = keys["key"]
        key = [] if key == "none" else key if isinstance(key, list) else [key]
        resource = Resource(name, keys.get("table", name), keys.get("schema", document["database"].get("schema", "")),
                            keys.get("owner", ""), key, keys["operations"], keys.get("ordering", {}).get("allowed", []))
        for field_name, field_keys in keys["fields"].items():
            if field_keys["type"] == "reference":
                resource.references.append(
                    Reference(field_name, field_keys["to"], field_keys["column"], field_keys["show"]))
            else:
                resource.fields[field_name] = read_field(field_name, field_keys)
        resources[name] = resource
    return resources


class Oracle:
    """What the API of a database must answer. `read_rows(resource, columns)` gives all rows as SQL gives them, each a list in
    the order of the columns asked for, (name, as text or as it is)."""

    def __init__(self, resources, read_rows):
        self.resources = resources
        self.read_rows = read_rows
        self.tables = {}

    def rows(self, name):
        """All rows of a resource: typed values by field; the references' columns and the key's by ("column", name), as SQL
        gives them."""
        if name not in self.tables:
            resource = self.resources[name]
            leaves = list(resource.fields.values())
            links = list({reference.column for reference in resource.references}
                         | {resource.fields[name].column for name in resource.key})
            columns = [(leaf.column, leaf.stored == "text") for leaf in leaves] + [(link, False) for link in links]
            rows = []
            for cells in self.read_rows(resource, columns):
                row = {leaf.name: leaf.typed(cell) for leaf, cell in zip(leaves, cells)}
                row |= {("column", link): cell for link, cell in zip(links, cells[len(leaves):])}
                rows.append(row)
            self.tables[name] = rows
        return self.tables[name]

    def by_key(self, name):
        """The rows of a resource by their key as SQL gives it."""
        resource = self.resources[name]
        column = resource.fields[resource.key[0]].column
        return {row["column", column]: row for row in self.rows(name)}

    def shown(self, name, row):
        """A row as an answer shows it."""
        resource = self.resources[name]
        answer = {leaf.name: leaf.shown(row[leaf.name]) for leaf in resource.fields.values()}
        for reference in resource.references:
            key = row["column", reference.column]
            target = self.resources[reference.to]
            if (reference.to, "by key") not in self.tables:
                self.tables[reference.to, "by key"] = self.by_key(reference.to)
            other = self.tables[reference.to, "by key"].get(key) if key is not None else None
            answer[reference.name] = None if other is None else {
                member: target.fields[member].shown(other[member]) for member in reference.show}
        return answer

    def ordered(self, name, rows, term=None):
        """Rows in the default order, or by `term` and then the key in its direction."""
        descends = bool(term and term.startswith("-"))
        terms = ([term.lstrip("-")] if term else []) + self.resources[name].order_terms()
        return sorted(rows, key=lambda row: [order_of(row[path]) for path in terms], reverse=descends)

    def filtered(self, name, path, lookup, text):
        leaf = self.resources[name].fields[path]
        return [row for row in self.rows(name) if lookup_oracle.matches(leaf, lookup, row[path], text)]


def sample_texts(leaf, lookup, rows):
    """What to filter by: from the data, as a client writes it."""
    if lookup == "isnull":
        return ["yes", "no"]
    values = [row[leaf.name] for row in rows if row[leaf.name] not in (None, "")]
    if leaf.type == "choice":
        return [str(leaf.choices[0]), str(leaf.choices[-1])]
    if leaf.type == "boolean":
        return ["yes", "no"]
    if not values:
        return []
    value = values[len(values) // 2]
    if lookup in FAMILIES["date"]:
        moment = lookup_oracle.moment_of(leaf, value)
        part = lookup_oracle.WEEK_DAYS[moment.weekday()] if lookup == "week_day" else getattr(moment, lookup)
        return [str(part)]
    if leaf.type == "timestamp":
        return [written_instant(value)]
    if isinstance(value, str):
        return sample_pieces(value, lookup)
    return [str(value)]


def sample_pieces(value, lookup):
    """The part of a text that the lookup should find it by."""
    value = value[:60] if lookup not in ("exact", "iexact", "in") else value
    if len(value.encode()) > VALUE_BYTES_MAX or (lookup == "in" and "," in value):
        return []
    if lookup == "search":
        words = lookup_oracle.search_words(value)
        return [words[0]] if words else []
    third = max(1, len(value) // 3)
    piece = {"startswith": value[:third], "endswith": value[-third:], "contains": value[third // 2:third * 2]}.get(
        lookup.removeprefix("i") if lookup != "in" else lookup, value)
    if lookup == "regex":
        return ["".join("\\" + c if c in "\\.+*?()|[]{}^$" else c for c in value[:third])]
    return [piece.swapcase() if lookup in ("iexact", "icontains", "istartswith", "iendswith") and piece.isascii() else piece]
