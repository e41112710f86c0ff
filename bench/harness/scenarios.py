"""What is asked, of whom, on which store and how many cores."""

import itertools
from dataclasses import dataclass, field

ACCEPT_JSON = "application/vnd.aplazame.v4+json"
ACCEPT_XML = "application/vnd.aplazame.v4+xml"
STORES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}

PORTICO, LOGGED, DJANGO, FASTIFY, FLOOR, NGINX = "Portico", "Portico with log", "Django REST", "Fastify", "floor", "nginx"
SERVERS = (PORTICO, LOGGED, DJANGO, FASTIFY, NGINX)

# Lists counted anew are told from each other by an instant long before the first order: more of them than a loop
# remembers counts, and other ones in each measurement.
FRESH_LISTS = 12_000
NAMES = ("garcia", "lopez", "martin", "sanchez", "perez", "gomez", "ruiz", "diaz", "moreno", "munoz", "romero", "alonso")


@dataclass(frozen=True)
class Scenario:
    key: str
    name: str
    paths: tuple = ()              # asked in turn; empty: lists that nobody has asked for before
    accept: str = ACCEPT_JSON
    subjects: tuple = (PORTICO, DJANGO, FLOOR)
    stores: tuple = tuple(STORES)
    cores: tuple = (1,)
    no_floor_on: tuple = ()        # stores whose statements call functions of Portico's
    counted: bool = field(default=False)  # the floor counts too
    writes: bool = field(default=False)   # another process commits to the database meanwhile
    in_quick: bool = field(default=True)


@dataclass(frozen=True)
class Case:
    """One scenario on one store and some cores; what is compared with each other."""
    scenario: Scenario
    store: str
    cores: int
    subjects: tuple

    def title(self):
        return f"{self.scenario.name}, {STORES[self.store]}, {self.cores} core{'s' if self.cores > 1 else ''}"


def _fresh_list(number):
    seconds, micros = divmod(number, 1_000_000)
    return f"/orders?created-gte=2010-01-01T00:{seconds // 60:02}:{seconds % 60:02}.{micros:06}Z"


_blocks = itertools.count()


def paths_of(scenario):
    """The paths of one measurement."""
    if scenario.paths:
        return scenario.paths
    first = next(_blocks) * FRESH_LISTS
    return tuple(_fresh_list(number) for number in range(first, first + FRESH_LISTS))


def _months():
    starts = [f"{year}-{month:02}-01T00:00:00Z" for year in (2022, 2023, 2024) for month in range(1, 13)]
    return tuple(f"/orders?status=ok&created-gte={since}&created-lt={until}" for since, until in zip(starts, starts[1:]))


@dataclass(frozen=True)
class Planned:
    """Data that are not made yet."""
    orders: int
    ids: tuple = ()


def all_of(data):
    middle = max(1, min(3000, data.orders // 25 - 1))
    return [
        Scenario("page", "page 1 of 25", ("/orders",), subjects=(PORTICO, LOGGED, FASTIFY, DJANGO, FLOOR, NGINX), cores=(1, 2)),
        Scenario("one", "one order by its id", tuple(f"/orders/{id_}" for id_ in data.ids),
                 subjects=(PORTICO, LOGGED, FASTIFY, DJANGO, FLOOR, NGINX), cores=(1, 2)),
        Scenario("counted", "page 1, counted anew for each request", counted=True),
        Scenario("filtered", "filtered by `status` and a month of `created`", _months(), cores=(1, 2)),
        Scenario("icontains", "filtered by `customer-email-icontains`",
                 tuple(f"/orders?customer-email-icontains={name}" for name in NAMES), no_floor_on=("sqlite",)),
        Scenario("deep", f"a deep page: `page={middle}`", (f"/orders?page={middle}",), in_quick=False),
        Scenario("written", "page 1 while another process commits 10 times a second", ("/orders",), writes=True,
                 subjects=(PORTICO, DJANGO), in_quick=False),
        Scenario("xml", "page 1 in XML", ("/orders",), accept=ACCEPT_XML, subjects=(PORTICO,), in_quick=False),
    ]


def _subjects(scenario, store, cores, quick):
    """The log is told of on SQLite only, where it weighs most; the static file has no store."""
    gone = {LOGGED} if quick or store != "sqlite" or cores > 1 else set()
    if store != "sqlite":
        gone.add(NGINX)
    if store in scenario.no_floor_on:
        gone.add(FLOOR)
    return tuple(subject for subject in scenario.subjects if subject not in gone)


def are_asked_for(arguments):
    """Whether there is a scenario of reading among those wanted."""
    return any(arguments.only in scenario.name for scenario in all_of(Planned(arguments.orders)))


def cases(data, arguments):
    """[Case]"""
    return [Case(scenario, store, cores, _subjects(scenario, store, cores, arguments.quick))
            for scenario in all_of(data) if arguments.only in scenario.name and (scenario.in_quick or not arguments.quick)
            for store in scenario.stores if store in arguments.stores
            for cores in scenario.cores if cores in arguments.cores
            if not (arguments.quick and cores > 1 and scenario.key == "filtered")]
