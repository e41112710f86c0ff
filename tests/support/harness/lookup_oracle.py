"""What each lookup must find, written from the contract (P14 to P19) and not from Portico: plain Python over plain rows."""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cmp_to_key

EPOCH = datetime(1970, 1, 1)
WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_instant(text):
    """Microseconds since 1970 of `2015-10-02T18:15:45.101838Z`; the forms that the requests use, all UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(leaf, value):
    """The wall time (UTC) of a stored timestamp or date."""
    if leaf.type == "date":
        return datetime.fromisoformat(value)
    return EPOCH + timedelta(microseconds=value)


def typed(leaf, text):
    """A filter's value as the column holds it."""
    if leaf.type in ("integer", "money", "rate"):
        return int(text)
    if leaf.type == "timestamp":
        return parse_instant(text)
    if leaf.type == "choice":
        return next(choice for choice in leaf.choices if str(choice) == text)
    if leaf.type == "boolean":
        return 1 if text.lower() in ("yes", "true", "1") else 0
    return text


def without_marks(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M"))


def plain(text):
    """Case-folded and freed of accents; folding may bring marks of its own (İ)."""
    return without_marks(without_marks(text).casefold())


def is_word_character(char):
    return unicodedata.category(char)[0] in "LN"


def word_parts(text):
    """P18: the parts of a text, each to the end of its run of letters and digits."""
    parts = []
    for run in word_runs(text):
        for begin in range(len(run)):
            if begin == 0 or begins_part(run[begin - 1], run[begin]):
                parts.append(plain(run[begin:]))
    return parts


def word_runs(text):
    """Runs of letters and digits; an accent of its own breaks none."""
    spaced = "".join(char if is_word_character(char) else " " for char in without_marks(text))
    return spaced.split()


def begins_part(before, char):
    digits = unicodedata.category(before)[0] == "N", unicodedata.category(char)[0] == "N"
    return digits[0] != digits[1] or (before.islower() and unicodedata.category(char) in ("Lu", "Lt"))


def search_words(text):
    return [plain(run) for run in word_runs(text)]


def searches(value, text):
    parts = word_parts(value)
    return all(any(part.startswith(word) for part in parts) for word in search_words(text))


# RE2's meaning in Python's words, for the patterns of lookup_requests.
def regex_found(pattern, value, flags):
    return re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), value, flags) is not None


TEXT_LOOKUPS = {
    "exact": lambda value, text: value == text,
    "iexact": lambda value, text: value.casefold() == text.casefold(),
    "contains": lambda value, text: text in value,
    "icontains": lambda value, text: text.casefold() in value.casefold(),
    "startswith": lambda value, text: value.startswith(text),
    "istartswith": lambda value, text: value.casefold().startswith(text.casefold()),
    "endswith": lambda value, text: value.endswith(text),
    "iendswith": lambda value, text: value.casefold().endswith(text.casefold()),
    "regex": lambda value, text: regex_found(text, value, 0),
    "iregex": lambda value, text: regex_found(text, value, re.IGNORECASE),
    "search": searches,
}
RANGE_LOOKUPS = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}
DATE_LOOKUPS = {
    "year": lambda moment, text: moment.year == int(text),
    "month": lambda moment, text: moment.month == int(text),
    "day": lambda moment, text: moment.day == int(text),
    "hour": lambda moment, text: moment.hour == int(text),
    "week_day": lambda moment, text: WEEK_DAYS[moment.weekday()] == text.lower(),
}


def matches(leaf, lookup, value, text):
    """Whether a stored value is found. Null is found by isnull=yes alone."""
    if lookup == "isnull":
        return (value is None) == (text.lower() in ("yes", "true", "1"))
    if value is None:
        return False
    if lookup == "in":
        return value in [typed(leaf, item) for item in text.split(",")]
    if lookup in DATE_LOOKUPS:
        return DATE_LOOKUPS[lookup](moment_of(leaf, value), text)
    if lookup in RANGE_LOOKUPS:
        return RANGE_LOOKUPS[lookup](value, typed(leaf, text))
    if isinstance(value, str) and leaf.type != "choice":
        return TEXT_LOOKUPS[lookup](value, text)
    return value == typed(leaf, text)


def q_matches(resource, row, text):
    """P15: every term is part of some searched field."""
    terms = [term.casefold() for term in re.split(r"[,\s]+", text) if term]
    values = [(row[resource.leaves[path].column] or "").casefold() for path in resource.searched]
    return all(any(term in value for value in values) for term in terms)


def filtered(resource, rows, filters):
    """The rows that all (path, lookup, text) find; a choice that is given several times matches any of its values."""
    gathered = {}
    for path, lookup, text in filters:
        leaf = resource.leaves[path]
        name = (path, lookup) if leaf.type == "choice" and lookup == "exact" else (path, lookup, text)
        gathered.setdefault(name, []).append(text)
    found = []
    for row in rows:
        if all(any(matches(resource.leaves[name[0]], name[1], row[resource.leaves[name[0]].column], text)
                   for text in texts) for name, texts in gathered.items()):
            found.append(row)
    return found


def compare_values(left, right):
    """Null is the largest value (P14); text compares by its bytes."""
    if left is None or right is None:
        return (left is None) - (right is None)
    if isinstance(left, str):
        left, right = left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass")
    return (left > right) - (left < right)


def ordered(resource, rows, terms):
    """Rows in the order of `-path` terms, ties broken by the key in the direction of the last term."""
    terms = list(terms or resource.default_order)
    terms.append(("-" if terms[-1].startswith("-") else "") + resource.key)

    def compare(left, right):
        for term in terms:
            column = resource.leaves[term.lstrip("-")].column
            order = compare_values(left[column], right[column])
            if order:
                return -order if term.startswith("-") else order
        return 0

    return sorted(rows, key=cmp_to_key(compare))
