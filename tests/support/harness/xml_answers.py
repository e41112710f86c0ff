"""What an XML answer must be, given the JSON one (docs/xml.md): compared as trees, after expat has parsed it."""

import re
import xml.etree.ElementTree as ElementTree

from . import matching

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")  # others become <item name="…">
BY_CHANCE = re.compile(r"[0-9a-f]{32}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z|(?<=://127\.0\.0\.1:)\d+")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 §2.2


def expected_tree(value, name="root"):
    """The element that stands for a JSON value: (name, text) or (name, [elements])."""
    if isinstance(value, matching.Members):
        return (name, [expected_tree(member, element_name(key)) for key, member in value] or "")
    if isinstance(value, list):
        return (name, [expected_tree(item, "list-item") for item in value] or "")
    if value is None:
        return (name, "")
    if isinstance(value, bool):
        return (name, "True" if value else "False")
    return (name, NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else repr(value))


def without_chance(tree, seen):
    """The tree with its ids, timestamps and ports as numbers, in the order first seen: what two runs of the same requests
    have in common where each makes its own. `seen` is the run's, {} at first."""
    name, content = tree
    if not isinstance(content, str):
        return (name, [without_chance(child, seen) for child in content])
    return (name, BY_CHANCE.sub(lambda match: f"<{seen.setdefault(match[0], len(seen))}>", content))


def element_name(key):
    """A member's name as an element's; what XML does not allow for one is an attribute."""
    return key if NAME.match(key) else f"item name={NOT_IN_XML.sub(chr(0xFFFD), key)}"


def parsed_tree(element):
    """The same form from a parsed element. Raises ValueError for what the mapping never makes."""
    name = element.tag
    if element.tag == "item" and set(element.attrib) == {"name"}:
        name = f"item name={element.attrib['name']}"
    elif element.attrib:
        raise ValueError(f"<{element.tag}> has attributes")
    if (element.tail or "").strip():
        raise ValueError(f"text after </{element.tag}>")
    if len(element) == 0:
        return (name, element.text or "")
    if (element.text or "").strip():
        raise ValueError(f"<{element.tag}> mixes text and elements")
    return (name, [parsed_tree(child) for child in element])


def parse_xml(body):
    """Raises ValueError where `body` is not well-formed UTF-8 XML."""
    if not body.startswith(b"<?xml"):
        raise ValueError("no XML declaration")
    try:
        return parsed_tree(ElementTree.fromstring(body))
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from None


def differences(expected, actual, path=""):
    """A line for each place where two trees differ."""
    path = f"{path}/{expected[0]}"
    if expected[0] != actual[0]:
        return [f"{path}: is <{actual[0]}>"]
    want, have = expected[1], actual[1]
    if isinstance(want, str) or isinstance(have, str):
        return [] if want == have else [f"{path}: expected {matching.show(want)}, got {matching.show(have)}"]
    if [child[0] for child in want] != [child[0] for child in have]:
        return [f"{path}: elements {[c[0] for c in have]}, expected {[c[0] for c in want]}"]
    lines = []
    for want_child, have_child in zip(want, have):
        lines += differences(want_child, have_child, path)
    return lines
