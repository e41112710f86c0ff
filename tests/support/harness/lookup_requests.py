"""Makes the requests of tests/lookups: every lookup of every field, with values of the caller's rows, of the rows it must
never see, and of what breaks careless servers; then random combinations."""

import re
from datetime import timedelta

from . import lookup_oracle

NASTY = ["%", "_", "\\", "'", "\"", "%%", "a%", "_b", "\\%", "\x00", "\x01", "\t", "\n", "\r\n", "ñ", "Ñ", "İ", "i", "ı", "ß",
         "ẞ", "ss", "SS", "e\u0301", "é", "\u0301", "ﬁ", "fi", "Σ", "ς", "σ", "🙂", "👍🏽", "Ａ", "' OR '1'='1", "'; DROP TABLE orders; --",
         "*", "?", "[a-z]", "null", "NULL", " ", "  ", "<b>", "&", ";", "{}", "\ufffd", "\uffff", "\U0010ffff", "L" * 200]
# In the part of RE2 and of Python's re that means the same.
PATTERNS = ["^A", "a$", "^$", ".", "..*", "[0-9]{3}", "a|b", "(an|AN)+", "\\.", "\\\\", "%", "_", "^.{5}$",
            "ñ", "^Ñ", "[áéó]", "\\x00", "a.b", "x{0}", "(?:ab)?c", "\\$", "DROP"]
# Where the letter i may be meant, they fold its dotted and dotless sisters differently.
CASE_SENSITIVE_PATTERNS = ["^[A-Z].*$", "[^a-z]"]
NASTY_PER_LOOKUP = 12
DIGITS = ["0", "1", "-1", "10000", "9007199254740993", "9223372036854775807", "-9223372036854775808", "42"]
INSTANTS = ["2015-10-02T18:15:45.101838Z", "2013-01-01T00:00:00.000000Z", "2016-12-31T23:59:59.999999Z", "2000-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z"]
DATE_VALUES = {
    "year": ["1", "1999", "2013", "2014", "2015", "2016", "9999"],
    "month": [str(month) for month in range(1, 13)],
    "day": ["1", "2", "28", "29", "30", "31"],
    "hour": ["0", "1", "12", "14", "18", "23"],
    "week_day": list(lookup_oracle.WEEK_DAYS),
}
VALUE_BYTES_MAX = 1500


def written(leaf, value):
    """A stored value as a filter writes it."""
    if leaf.type == "timestamp":
        return (lookup_oracle.EPOCH + timedelta(microseconds=value)).isoformat(timespec="microseconds") + "Z"
    if leaf.type == "boolean":
        return "yes" if value else "no"
    return str(value)


def escaped_pattern(text):
    """A literal pattern that RE2 takes too."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def pieces(text, lookup, random):
    """Parts of a text that the lookup may find: the whole, its ends, its middle, the other case."""
    cut = random.randint(0, len(text)) if text else 0
    found = {text, text[:cut], text[cut:], text[1:-1] or text}
    if lookup.startswith("i") and lookup != "in":
        found |= {text.upper(), text.lower(), text.casefold(), text.swapcase()}
    if lookup == "regex":
        return {escaped_pattern(piece) for piece in found}
    if lookup == "iregex":  # only letters that every engine folds alike
        return {escaped_pattern(p.swapcase()) for p in found if p.isascii() and not re.search("[iIkKsS]", p)}
    if lookup == "search":
        return {piece for piece in found if lookup_oracle.search_words(piece)}
    return found


def text_values(leaf, lookup, samples, random):
    values = set()
    for sample in samples:
        values |= pieces(str(sample), lookup, random)
    if lookup in ("regex", "iregex"):
        values |= set(PATTERNS) | set(CASE_SENSITIVE_PATTERNS if lookup == "regex" else ())
    elif lookup == "search":
        values |= {value for value in NASTY if lookup_oracle.search_words(value)} | {"Ap", "zame", "jose nu", "ALICE, gar"}
    else:
        values |= set(random.sample(NASTY, NASTY_PER_LOOKUP))
    if lookup == "in":
        whole = [str(sample) for sample in samples if "," not in str(sample)]
        values = {value for value in values if "," not in value}
        values |= {",".join(whole[:3]), ",".join([*whole[-2:], "%", "_", ""]), ","}
    return values


def values_for(leaf, lookup, samples, random):
    """Values to ask one lookup with, all of them well-formed; `samples` are stored values, none null."""
    if lookup == "isnull":
        return {"yes", "no", "True", "FALSE", "1", "0"}
    if lookup in DATE_VALUES:
        return set(DATE_VALUES[lookup])
    if leaf.type == "choice":
        choices = [str(choice) for choice in leaf.choices]
        return {",".join(choices[:2]), choices[-1], ",".join(choices)} if lookup == "in" else set(choices)
    if leaf.type == "boolean":
        return {"yes", "no"}
    if leaf.type in ("timestamp", "date"):
        extra = INSTANTS if leaf.type == "timestamp" else [text[:10] for text in INSTANTS]
        return {written(leaf, sample) for sample in samples} | set(extra)
    if leaf.type in ("integer", "money", "rate"):
        near = {str(sample + step) for sample in samples for step in (-1, 0, 1)}
        return {text for text in near | set(DIGITS) if -(2**63) <= int(text) < 2**63}
    return text_values(leaf, lookup, samples, random)


def fits(value):
    return len(value.encode("utf-8", "surrogatepass")) <= VALUE_BYTES_MAX


def single_filters(resource, own_rows, other_rows, random):
    """([(path, lookup, value)], [], 100) for every filterable path, lookup and value."""
    for leaf in resource.leaves.values():
        own = [row[leaf.column] for row in own_rows if row[leaf.column] is not None]
        other = [row[leaf.column] for row in other_rows if row[leaf.column] is not None]
        for lookup in leaf.lookups:
            samples = random.sample(own, min(4, len(own))) + random.sample(other, min(5, len(other)))
            for value in sorted(values_for(leaf, lookup, samples, random)):
                if fits(value):
                    yield [(leaf.path, lookup, value)], [], resource.page_size_max


def combinations(resource, own_rows, other_rows, random, count):
    """`count` random requests: up to three filters, up to two ordering terms, any page size."""
    filterable = [leaf for leaf in resource.leaves.values() if leaf.lookups]
    for _ in range(count):
        filters = []
        for leaf in random.sample(filterable, min(random.choice([0, 1, 2, 2, 3]), len(filterable))):
            lookup = random.choice(leaf.lookups)
            rows = own_rows + other_rows
            samples = [row[leaf.column] for row in random.sample(rows, min(3, len(rows))) if row[leaf.column] is not None]
            values = sorted(value for value in values_for(leaf, lookup, samples, random) if fits(value))
            filters.append((leaf.path, lookup, random.choice(values)))
        if filters and resource.leaves[filters[0][0]].type == "choice" and filters[0][1] == "exact":
            filters.append((filters[0][0], "exact", str(random.choice(resource.leaves[filters[0][0]].choices))))
        terms = random.sample(resource.orderable, min(random.choice([0, 1, 2]), len(resource.orderable)))
        yield filters, [random.choice(["", "-"]) + term for term in terms], random.randint(1, resource.page_size_max)
