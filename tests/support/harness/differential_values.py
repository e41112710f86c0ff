"""Values for the differential test: those of the data, what resembles them, and what breaks careless servers. Broken UTF-8 is
held as Python holds it, each wrong byte as a surrogate (surrogateescape)."""

import unicodedata
from datetime import datetime, timedelta

from . import description

BROKEN = ["\udcff", "\udced\udca0\udc80", "\udcc0\udc80", "a\udce2\udc82", "\udcf4\udc90\udc80\udc80"]
NASTY = [
    "", " ", "  ", "\t", "\n", "\r\n", "\x00", "a\x00b", "\x01", "\x1f", "\x7f", "\x80", "\x85", "\xa0", "\u2028", "\u3000", "\ufeff",
    "\u200b", "\u202e", "'", "''", '"', "\"\"", "`", "\\", "\\\\", "\\'", "%", "%%", "_", "\\%", "\\_", "a%b", "a_b", "$$", "$1", "$2",
    ":x", "?", "??", "?1", ";", "--", "/*", "*/", "E'\\n'", "' OR '1'='1", "'; DROP TABLE orders; --", "\\x41", "\\u0041", "U&'\\0061'",
    "null", "NULL", "Null", "NaN", "Infinity", "-infinity", "true", "t", "{}", "{a,b}", "[]", "[a-z]", "(", ")", "*", "+", "|", "^", "$",
    ",", ",,", "a,b", "&", "=", "#", "/", "//", ".", "..", "<b>", "&amp;", "\ufffd", "\ufffe", "\uffff", "\U0001ffff", "\U0010ffff",
    "\ue000", "\ud7ff", "ß", "ẞ", "ss", "SS", "sS", "ſ", "ſſ", "ﬀ", "ﬁ", "ﬃ", "ffi", "ﬅ", "ﬆ", "st", "İ", "ı", "i", "I", "i\u0307",
    "I\u0307", "ŉ", "ʼn", "ǰ", "j\u030c", "J\u030c", "ΐ", "ΰ", "Σ", "σ", "ς", "Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ", "ᾳ", "ᾼ", "αι", "K", "k", "K",
    "Å", "å", "Å", "Ω", "ω", "Ω", "µ", "μ", "ﬗ", "և", "ԵՒ", "ა", "Ა", "Ꭰ", "ꭰ", "ᲀ", "В", "в", "Ǆ", "ǅ", "ǆ", "Ⅷ", "ⅷ",
    "Ⓐ", "ⓐ", "Ａ", "ａ", "𐐀", "𐐨", "𞤀", "𞤢", "é", "e\u0301", "É", "E\u0301", "\u0301", "\u0301a", "ñ", "Ñ", "n\u0303", "ü", "u\u0308",
    "ạ\u0307", "a\u0323\u0307", "a\u0307\u0323", "가", "각", "각", "か\u3099", "が", "ｶﾞ", "漢", "漢", "🙂", "👍🏽", "👨‍👩‍👧", "🇪🇸",
    "٣", "३", "½", "²", "ﷺ", "אָ", "مرحبا", "ไทย", "x" * 127 + "y", "ß" * 60, "é" * 64, "🙂" * 32,
]
VERY_LONG = ["L" * 2000, "ñ" * 1024, "L" * 2049, "%" * 1500, "a," * 150]
NUMBERS = ["0", "-0", "+0", "1", "-1", "00", "007", "+5", " 5", "5 ", "5.0", "5.", ".5", "1e3", "0x10", "1_000", "1,000", "٣", "", "-",
           "--1", "9007199254740991", "9007199254740993", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
           "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "NaN", "inf", "x"]
STORED_NUMBERS = [0, 1, 99, 100, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1]
INSTANTS = [
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000001Z", "0001-12-31T23:59:59.999999Z", "1582-10-10T12:00:00Z", "1752-09-05T00:00:00Z",
    "1899-12-31T23:45:15Z", "1900-12-31T23:45:16Z", "1901-01-01T00:14:44Z", "1918-04-15T22:59:59.999999Z", "1938-04-02T23:00:00Z",
    "1942-05-02T22:30:00Z", "1949-04-30T22:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "1976-03-27T22:59:59.999999Z",
    "1999-12-31T22:59:59.999999Z", "1999-12-31T23:00:00Z", "2000-02-29T12:00:00.5Z", "2015-03-29T00:59:59.999999Z", "2015-03-29T01:00:00Z",
    "2015-10-25T00:30:00Z", "2015-10-25T01:30:00Z", "2016-02-29T23:30:00Z", "2016-12-31T23:59:59.999999Z", "2038-01-19T03:14:08Z",
    "2100-02-28T23:30:00Z", "9999-12-31T22:59:59.999999Z", "9999-12-31T23:59:59.999999Z",
]
ODD_INSTANTS = [
    "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+2015-01-01T00:00:00Z", "2015-02-29T00:00:00Z",
    "2015-13-01T00:00:00Z", "2015-00-10T00:00:00Z", "2015-01-32", "2015-01-01T24:00:00Z", "2015-01-01T25:00:00Z", "2015-06-30T23:59:60Z",
    "2015-01-01T12:60:00Z", "2015-01-01", "2015-01-01 10:00:00", "2015-01-01T10:00", "2015-01-01T10", "2015-01-01t10:00:00z",
    "2015-01-01T10:00:00.1234567Z", "2015-01-01T10:00:00,5Z", "2015-01-01T10:00:00+02:00", "2015-01-01T10:00:00-02:30",
    "2015-01-01T10:00:00+0200", "2015-01-01T10:00:00+02", "2015-01-01T10:00:00+23:59", "2015-01-01T10:00:00+24:00",
    "2015-01-01T10:00:00-00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2015-03-29T02:30:00", "2015-10-25T02:30:00",
    "20150101T100000Z", "2015-W01-1", "2015-001", "today", "now", "infinity", "-infinity", "epoch", "1", "", "2015", "01/02/2015",
    "2015-1-1", "2015-01-01T10:00:00 Europe/Madrid", "2015-01-01 BC", "\u0662015-01-01",
]
PARTS = {
    "year": ["-1", "0", "1", "1000", "1900", "1969", "1970", "1999", "2015", "2016", "9999", "10000", "2016.0", "x", "", "02016", "99999999999"],
    "month": ["0", "1", "2", "3", "6", "10", "12", "13", "01", "-1", "march", ""],
    "day": ["0", "1", "2", "28", "29", "30", "31", "32", "01", "-1", ""],
    "hour": ["-1", "0", "1", "2", "3", "12", "22", "23", "24", "00", ""],
    "week_day": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "Monday", "SUNDAY", "mon", "1", "", "lunes"],
}
TRUTHS = ["yes", "no", "Yes", "NO", "true", "false", "True", "FALSE", "1", "0", "y", "on", "", "2", "null", "ja"]
PATTERNS = [
    "", "^", "$", "^$", ".", ".*", ".+", "a", "A", "a|b", "|", "()", "(|a)", "(a)(b)?", "(?:ab)+c?", "(?P<name>a)", "(?P<1>a)", "(?<n>a)",
    "(?i)a", "(?i:a)b", "(?-i)a", "(?s).", "(?s)a.b", "(?m)^S", "(?m)e$", "(?U)a+", "(?x)a b", "(?i)ß", "(?i)ss", "(?i)k", "(?i)ſ", "(?i)σ",
    "(?i)[k-l]", "(?i)İ", "(?i)ı", "[a-z]", "[^a-z]", "[]a]", "[^]a]", "[a-]", "[z-a]", "[[:alpha:]]", "[[:^alpha:]]", "[[:word:]]",
    "[[:foo:]]", "[\\d]", "[\\D\\d]", "[\\d-z]", "[^\\n]", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "\\bA", "a\\b", "ñ\\b",
    "\\A", "\\z", "\\Z", "\\Aa", "a\\z", "\\C", "\\C\\C", "\\pL", "\\pN", "\\p{Lu}", "\\P{Lu}", "\\p{Greek}", "\\p{Nope}", "\\p{^Greek}",
    "\\x41", "\\x{41}", "\\x{10FFFF}", "\\x{110000}", "\\x{D800}", "\\x", "\\0", "\\07", "\\101", "\\1", "\\8", "\\Q.*\\E", "\\Qa", "\\E",
    "\\a", "\\f", "\\t", "\\n", "\\r", "\\v", "\\.", "\\\\", "\\", "\\ñ", "\\_", "\\-", "\\/", "\\<", "\\>", "\\y", "\\m", "\\h", "\\R", "\\X",
    "a*", "a+", "a?", "a*?", "a+?", "a??", "a**", "a*+", "a++", "+a", "*", "?", "a{0}", "a{2}", "a{,2}", "a{1,}", "a{2,1}", "a{1000}",
    "a{1001}", "(a{30}){30}", "((a{100}){100}){100}", "{", "}", "a{", "a{x}", "(", ")", "[", "]", "(?", "(?=a)", "(?!a)", "(?<=a)",
    "(?#x)a", "(?>a)", "a.c", "a..b", "^.{5}$", "^.{3,6}$", "(an|AN)+", "[áéíóú]", "[à-ÿ]", "é", "e\u0301", "\u0301", "[\u0300-\u036f]",
    "[^\\x00-\\x7f]", "[^[:ascii:]]", "\x00", "\\x00", "\n", "^\\s", "\\s$", "\\s\\s", "%", "_", "'", "--", "***:a", "***=a", "(?e)a", "(?q)a",
    "[[.a.]]", "[[=a=]]", "[[:<:]]a", "\\udcff", "$a", "a^", "^^a", "a$$", "(^a|b$)", "x*" * 20, "(x+x+)+y", "🙂", "[🙂-🙏]", "^.$", "\\u0041",
]
WORD_SIGNS = [" ", ",", "-", "_", ".", "/", "'", "\t", "\u00a0", "  "]
TEXT_MAX = 60  # characters of a text in a row made here


class Samples:
    """What the data hold: for each resource and path the values, none null and none twice."""

    def __init__(self, rows, resources):
        """`rows`: (resource, caller, row), rows as answers show them."""
        self.rows, self.values = {}, {}
        for name, caller, row in rows:
            self.rows.setdefault((name, caller), []).append(row)
            for leaf in resources[name].leaves.values():
                value = value_at(row, leaf)
                if isinstance(value, (str, int)):
                    self.values.setdefault((name, leaf.path), {})[value] = None
        self.values = {name: list(found) for name, found in self.values.items()}
        self.texts = [value for (name, path), found in self.values.items() for value in found
                      if isinstance(value, str) and resources[name].leaves[path].type == "string"]

    def one(self, resource, leaf, random):
        """A value that some row of anybody has there, as text; empty where none has one."""
        found = self.values.get((resource.name, leaf.path))
        return str(random.choice(found)) if found else ""


def value_at(row, leaf):
    """What an answer shows of a leaf, of one of several rows; None where that, or an object around it, is null."""
    for step in leaf.json:
        if isinstance(row, list):
            row = row[len(row) // 2] if row else None
        row = row.get(step) if isinstance(row, dict) else None
    return row


def fitting(leaf, lookup, value, random):
    """A filter's value that finds `value`, what a row has there; None where there is no such thing to say."""
    if lookup == "isnull":
        return "yes" if value is None else "no"
    if lookup in PARTS and leaf.type in ("timestamp", "date") and value:
        part = {"year": value[:4], "month": value[5:7], "day": value[8:10], "hour": value[11:13]}.get(lookup)
        return str(int(part)) if (part or "").isdigit() else random.choice(PARTS["week_day"][:7])
    if not isinstance(value, (str, int)):
        return None
    text = ("no", "yes")[value] if isinstance(value, bool) else str(value)
    if leaf.type not in description.TEXT_TYPES:
        return text
    begin, end = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    if lookup == "search":
        return " ".join(text.split()[:2])
    if lookup.endswith(("contains", "regex")):
        text = text[begin:end]
    elif lookup.endswith("startswith"):
        text = text[:end]
    elif lookup.endswith("endswith"):
        text = text[begin:]
    if lookup.startswith("i") and lookup != "in":
        text = random.choice((text.upper, text.lower, text.swapcase, text.casefold))()
    return escaped(text) if lookup.endswith("regex") else text


def mutated(text, random):
    """A text beside `text`: other case, other accents, cut, doubled, one character other."""
    at = random.randrange(len(text)) if text else 0
    kind = random.randrange(14)
    if kind < 5:
        return (text.upper, text.lower, text.swapcase, text.casefold, text.title)[kind]()
    if kind < 7:
        return unicodedata.normalize(("NFD", "NFC")[kind - 5], text)
    if kind == 7:
        return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if kind == 8:
        return text[:at + 1] + random.choice("\u0301\u0303\u0308\u0323\u0307") + text[at + 1:]
    if kind == 9:
        return text[random.randrange(at + 1):at + 1]
    if kind == 10:
        return text[at:]
    if kind == 11:
        return text * 2
    if kind == 12:
        return text[:at] + random.choice(["x", "%", "_", "\\", "ß", "İ", " ", "\x00", "🙂"]) + text[at + 1:]
    return text[:at] + neighbour(text[at:at + 1], random) + text[at + 1:]


def neighbour(char, random):
    """The code point before or after; surrogates are none."""
    code = ord(char or "a") + random.choice((-1, 1))
    return chr(code) if 0 <= code <= 0x10ffff and not 0xd800 <= code <= 0xdfff else "a"


def text_value(resource, leaf, samples, random):
    kind = random.random()
    if kind < 0.6:
        value = samples.one(resource, leaf, random)
    elif kind < 0.7 and samples.texts:
        value = random.choice(samples.texts)
    else:
        value = random.choice(NASTY if kind < 0.96 else BROKEN if kind < 0.985 else VERY_LONG)
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        value = mutated(value, random)
    return value


def escaped(text):
    return "".join("\\" + c if c in "\\.+*?()|[]{}^$" else c for c in text)


def pattern(resource, leaf, samples, random):
    """A regular expression, not always a good one."""
    kind = random.random()
    if kind < 0.45:
        return random.choice(PATTERNS)
    text = text_value(resource, leaf, samples, random)[:200]
    if kind < 0.6:
        return text
    text = escaped(text)
    cut = random.randint(0, len(text))
    joint = random.choice(["", "", ".*", ".?", "[^x]*", "(?:)", "\\b", "\\W*"])
    begin, end = random.choice([("", ""), ("", ""), ("^", ""), ("", "$"), ("^", "$"), ("(?i)", ""), ("(", ")")])
    return begin + text[:cut] + joint + text[cut:] + end


def words(resource, leaf, samples, random):
    """Words for `search` and `q`: begun, whole, out of order."""
    found = []
    for _ in range(random.choice((1, 1, 2, 3))):
        parts = text_value(resource, leaf, samples, random).split() or [""]
        word = random.choice(parts)
        found.append(word[:random.randint(1, max(1, len(word)))])
    return random.choice(WORD_SIGNS).join(found)


def number(resource, leaf, samples, random):
    sample = samples.one(resource, leaf, random)
    if sample and random.random() < 0.7:
        return str(int(sample) + random.choice((-1, 0, 0, 0, 1)))
    return random.choice(NUMBERS)


def instant(resource, leaf, samples, random):
    """An instant or a date, of the data, beside them, or odd; in any of the forms that clients write."""
    kind = random.random()
    if kind < 0.25:
        return random.choice(ODD_INSTANTS)
    if kind < 0.45:
        return random.choice(INSTANTS)
    text = samples.one(resource, leaf, random) or random.choice(INSTANTS)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    step = random.choice([timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)])
    try:
        moment += random.choice((-1, 1)) * step
    except OverflowError:
        return text
    hours = random.choice((0, 0, 2, -3, 5.5))
    zone = f"{'-' if hours < 0 else '+'}{int(abs(hours)):02}:{int(abs(hours) % 1 * 60):02}"
    written = moment.isoformat(timespec=random.choice(["microseconds", "microseconds", "seconds", "milliseconds", "minutes"]))
    return random.choice([written + "Z", written + "Z", written + zone, written, written[:10]])


def choice(leaf, random):
    value = str(random.choice(leaf.choices or ["x"]))
    return value if random.random() < 0.9 else mutated(value, random)


def value_for(resource, leaf, lookup, samples, random):
    """One value for a lookup, fitting or not."""
    if lookup == "isnull":
        return random.choice(TRUTHS)
    if lookup in PARTS:
        return random.choice(PARTS[lookup])
    if lookup == "in" and random.random() < 0.9:
        return ",".join(value_for(resource, leaf, "exact", samples, random) for _ in range(random.choice((1, 2, 3, 5))))
    if leaf.type == "choice":
        return choice(leaf, random)
    if leaf.type == "boolean":
        return random.choice(TRUTHS)
    if leaf.type in description.NUMBER_TYPES:
        return number(resource, leaf, samples, random)
    if leaf.type in ("timestamp", "date"):
        return instant(resource, leaf, samples, random)
    if lookup in ("regex", "iregex"):
        return pattern(resource, leaf, samples, random)
    if lookup == "search":
        return words(resource, leaf, samples, random)
    return text_value(resource, leaf, samples, random)


def nasty_row(resource, row, number_of_row, random):
    """A copy of a row in which most leaves hold values of the lists above; `row` is as a file of rows has it."""
    made = dict(row)
    for leaf in resource.leaves.values():
        value = nasty_cell(leaf, random)
        if leaf.path in resource.names:
            value = f"{number_of_row:032x}" if leaf.type == "id" else f"n{number_of_row} {value or chr(39)}"[:TEXT_MAX]
        elif value is None:
            continue
        target = made
        for step in leaf.json[:-1]:
            target[step] = dict(target.get(step) or {})
            target = target[step]
        target[leaf.json[-1]] = value
    return made


def nasty_cell(leaf, random):
    """None leaves what is there."""
    if random.random() < 0.2:
        return None
    if leaf.type in ("string", "email", "url"):
        text = random.choice([text for text in NASTY if "\x00" not in text])
        text = text if random.random() < 0.5 else text + random.choice(["a", " ", "Z", "ñ"]) + random.choice(NASTY[-60:])
        return text.replace("\x00", "")[:TEXT_MAX]
    if leaf.type in ("money", "integer"):
        return random.choice(STORED_NUMBERS)
    if leaf.type == "timestamp":
        return random.choice(INSTANTS)
    if leaf.type == "date":
        return random.choice(INSTANTS)[:10]
    return None
