"""What a description (api.yaml) says of resources, read apart from Portico: leaves, their columns and their lookups."""

from dataclasses import dataclass, field

import yaml

STRING = ("exact", "iexact", "regex", "iregex", "contains", "icontains", "startswith", "istartswith", "endswith",
          "iendswith", "in", "search")
FAMILIES = {
    "string": STRING,
    "date": ("year", "month", "week_day", "day", "hour"),
    "isnull": ("isnull",),
    "range": ("exact", "gt", "gte", "lt", "lte"),
    "choices": ("exact", "in"),
}
# Shown from elsewhere: no column of the resource's own that could be read beside it.
SHOWN_TYPES = ("reference", "rows", "file")
TEXT_TYPES = ("id", "string", "email", "url", "country", "currency", "language")
NUMBER_TYPES = ("integer", "money", "rate")


@dataclass
class Leaf:
    path: str
    column: str
    type: str
    lookups: tuple
    choices: list
    json: tuple  # names from the document's root


@dataclass
class Resource:
    name: str
    table: str
    owner_column: str
    key: str  # path
    names: list
    leaves: dict = field(default_factory=dict)
    through: dict = field(default_factory=dict)  # leaves of other resources' rows, that are shown as lists of this one's
    orderable: list = field(default_factory=list)
    default_order: list = field(default_factory=list)
    searched: list = field(default_factory=list)
    page_size: int = 25
    page_size_max: int = 100
    operations: list = field(default_factory=list)
    path: str = None
    has_summary: bool = False

    def __post_init__(self):
        self.path = self.path or f"/{self.name}"

    def address(self, account):
        """Where that account's rows are listed; None where they lie under other rows, or are named by several fields."""
        address = self.path.replace("{%s}" % self.owner_column, account)
        return address if "{" not in address and isinstance(self.key, str) else None


def merged_types(spec, types):
    """A field's keys, those of the type that it names beneath its own."""
    spec = dict(spec or {})
    while spec.get("type") in types:
        base = dict(types[spec.pop("type")] or {})
        spec = {**base, **spec}
    return spec


def lookups_of(spec, type_name):
    names = []
    for name in spec.get("filter", []):
        names += FAMILIES.get(name, (name,))
    if type_name == "date":
        names = [name for name in names if name != "hour"]
    if type_name == "boolean":
        names = [name for name in names if name != "in"]
    return tuple(dict.fromkeys(names))


def summary_of(resource):
    """A summary with all that there can be of the resource's own columns, as a line of a description."""
    aggregates = ["rows: count()"]
    for number, leaf in enumerate(resource.leaves.values()):
        name = leaf.path.replace("-", ".")
        aggregates.append(f"count{number}: count({name})")
        if leaf.type in NUMBER_TYPES:
            aggregates.append(f"sum{number}: sum({name})")
        if leaf.type in (*TEXT_TYPES, *NUMBER_TYPES, "timestamp", "date", "choice"):
            aggregates += [f"min{number}: min({name})", f"max{number}: max({name})"]
    return "summary: {fields: {" + ", ".join(aggregates) + "}}"


def add_leaves(resource, fields, types, path, latest):
    for name, raw in fields.items():
        name = "null" if name is None else str(name)
        spec = merged_types(raw, types)
        if spec.get("until", latest) < latest or spec.get("type") in SHOWN_TYPES:
            continue
        here = path + (name,)
        type_name = spec.get("type", "string")
        if type_name == "object":
            add_leaves(resource, spec.get("fields", {}), types, here, latest)
            continue
        leaf = Leaf("-".join(here), spec.get("column", "__".join(here)), type_name, lookups_of(spec, type_name),
                    spec["of"] if type_name == "choice" else [], here)
        resource.leaves[leaf.path] = leaf


def add_through(resource, fields, resources):
    for name, spec in fields.items():
        if (spec or {}).get("type") != "rows":
            continue
        resource.through[name] = Leaf(name, None, "list", ("isnull",), [], (name,))
        for leaf in resources[spec["of"]].leaves.values():
            if leaf.lookups:
                path = f"{name}-{leaf.path}"
                resource.through[path] = Leaf(path, None, leaf.type, leaf.lookups, leaf.choices, (name, *leaf.json))


def read_resource(name, spec, api):
    ordering = spec.get("ordering", {})
    key = spec.get("key", "id")
    resource = Resource(name, spec.get("table", name), spec.get("owner"), key, spec.get("names", key if isinstance(key, list) else [key]),
                        orderable=ordering.get("allowed", []), default_order=ordering.get("default", [key]),
                        searched=spec.get("search", []), operations=spec.get("operations", []), path=spec.get("path"),
                        has_summary="summary" in spec)
    resource.page_size = spec.get("page_size", {}).get("default", 25)
    resource.page_size_max = spec.get("page_size", {}).get("max", 100)
    add_leaves(resource, spec.get("fields") or {}, api.get("types") or {}, (), api["versions"][-1])
    if resource.owner_column is None and resource.leaves:
        resource.owner_column = resource.leaves[key].column
    return resource


def read_description(path):
    """The resources by name, as the latest version shows them, and the parsed description itself."""
    with open(path, encoding="utf-8") as file:
        api = yaml.safe_load(file)
    resources = {name: read_resource(name, spec, api) for name, spec in api["resources"].items()
                 if not spec.get("computed")}
    for name, resource in resources.items():
        add_through(resource, api["resources"][name].get("fields") or {}, resources)
    return resources, api
