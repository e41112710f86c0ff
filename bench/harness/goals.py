"""The ratios that Portico is to reach, each of one run."""

from dataclasses import dataclass
from typing import Callable

from harness.scenarios import DJANGO, FASTIFY, FLOOR, NGINX, PORTICO


class Figures:
    """Medians by scenario, store, cores and subject; None where they were not measured."""

    def __init__(self, results):
        self._results = {(result.case.scenario.key, result.case.store, result.case.cores): result for result in results}

    def get(self, what, key, store, cores, subject):
        result = self._results.get((key, store, cores))
        return result.median(subject, what) if result and subject in result.samples else None

    def per_second(self, *which):
        return self.get("per_second", *which)

    def cpu(self, *which):
        return self.get("cpu_micros", *which)


def _ratio(above, below):
    return None if not above or not below else above / below


@dataclass(frozen=True)
class Goal:
    words: str
    needed: float
    at_most: bool
    value: Callable  # (Figures, cores) -> ratio or None

    def reached(self, ratio):
        return ratio <= self.needed if self.at_most else ratio >= self.needed


def _beside_floor_and_ceiling(figures, cores):
    floor, ceiling = (figures.cpu("page", "sqlite", cores, subject) for subject in (FLOOR, NGINX))
    return _ratio(figures.cpu("page", "sqlite", cores, PORTICO), floor and ceiling and floor + ceiling)


def _times(key, store, peer):
    def value(figures, cores):
        return _ratio(figures.per_second(key, store, cores, PORTICO), figures.per_second(key, store, cores, peer))
    return value


GOALS = (
    Goal("SQLite, page 1: CPU of Portico / (plain SQLite stepping the same rows + nginx sending the same bytes)", 1.5, True,
         _beside_floor_and_ceiling),
    Goal("PostgreSQL, page 1: requests/s of Portico / plain libpq in pipeline mode", 0.5, False,
         _times("page", "postgres", FLOOR)),
    Goal("PostgreSQL, by id: requests/s of Portico / plain libpq in pipeline mode", 0.5, False,
         _times("one", "postgres", FLOOR)),
    Goal("SQLite, by id: requests/s of Portico / Fastify with better-sqlite3", 3, False, _times("one", "sqlite", FASTIFY)),
    Goal("PostgreSQL, by id: requests/s of Portico / Fastify with pg", 3, False, _times("one", "postgres", FASTIFY)),
    Goal("SQLite, page 1 with exact count: requests/s of Portico / Django REST framework", 20, False,
         _times("page", "sqlite", DJANGO)),
    Goal("PostgreSQL, page 1 with exact count: requests/s of Portico / Django REST framework", 20, False,
         _times("page", "postgres", DJANGO)),
)
