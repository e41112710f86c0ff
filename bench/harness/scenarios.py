"""What is asked."""

from dataclasses import dataclass, field

ACCEPT_JSON = "application/vnd.aplazame.v4+json"
ACCEPT_XML = "application/vnd.aplazame.v4+xml"


@dataclass(frozen=True)
class Scenario:
    name: str
    paths: tuple  # asked in turn
    accept: str = ACCEPT_JSON
    subjects: tuple = ("portico", "django")
    goal: float = 0  # how many times the peer's requests per second are wanted; 0: none was set
    writes: bool = field(default=False)  # another process commits to the database meanwhile

    def compared(self):
        return "django" in self.subjects and not self.writes


def all_of(store):
    middle = max(1, min(3000, store.orders // 25 - 1))
    filtered = "/orders?status=ok&customer-phone-number-startswith=6"
    return [
        Scenario("page 1 of 25, exact count", ("/orders",), subjects=("portico", "portico with log", "django"), goal=20),
        Scenario("one order by its id", tuple(f"/orders/{id_}" for id_ in store.ids),
                 subjects=("portico", "portico with log", "django"), goal=40),
        Scenario(f"two filters, page 1: `{filtered.split('?')[1]}`", (filtered,)),
        Scenario(f"a deep page: `page={middle}`", (f"/orders?page={middle}",)),
        Scenario("page 1 while another process commits 10 times a second", ("/orders",), writes=True),
        Scenario("page 1 in XML", ("/orders",), accept=ACCEPT_XML, subjects=("portico",)),
    ]
