"""A small language for the shape of JSON values.

A shape is a function that takes a value and its path and yields what is wrong with it.
"""

import base64
import binascii


def _wrong(path, value, expected):
    found = repr(value)
    return [f"{path}: {found[:80]}, expected {expected}"]


def exactly(*allowed):
    """One of these values; types count, so 1 is not True."""

    def check(value, path):
        if any(type(value) is type(one) and value == one for one in allowed):
            return []
        return _wrong(path, value, " or ".join(map(repr, allowed)))

    return check


def text(value, path):
    return [] if isinstance(value, str) else _wrong(path, value, "a text")


def some_text(value, path):
    return (
        [] if isinstance(value, str) and value else _wrong(path, value, "a text that isn't empty")
    )


def boolean(value, path):
    return [] if isinstance(value, bool) else _wrong(path, value, "true or false")


def null(value, path):
    return [] if value is None else _wrong(path, value, "null")


def anything(value, path):
    return []


def integer(low=0, high=2**53):
    def check(value, path):
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return []
        return _wrong(path, value, f"a whole number from {low} to {high}")

    return check


def number(low=float("-inf"), high=float("inf")):
    def check(value, path):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
            return []
        return _wrong(path, value, f"a number from {low} to {high}")

    return check


def base64_bytes(value, path):
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return _wrong(path, value, "base64 with padding")
    return []


def some_base64(value, path):
    return base64_bytes(value, path) or some_text(value, path)


def identifier(prefix):
    """An id that the server made: a prefix and letters and digits."""

    def check(value, path):
        if isinstance(value, str) and value.startswith(prefix) and value[len(prefix) :].isalnum():
            return []
        return _wrong(path, value, f"an id that begins with {prefix}")

    return check


def either(*shapes):
    """Fits one of the shapes; of the misfits the shortest is told."""

    def check(value, path):
        problems = [shape(value, path) for shape in shapes]
        return min(problems, key=len)

    return check


def nullable(shape):
    return either(null, shape)


def list_of(shape):
    def check(value, path):
        if not isinstance(value, list):
            return _wrong(path, value, "a list")
        return [
            problem for index, one in enumerate(value) for problem in shape(one, f"{path}[{index}]")
        ]

    return check


def members(required, optional=None):
    """An object with all of the required members, perhaps some optional ones, and no others."""
    known = {**required, **(optional or {})}

    def check(value, path):
        if not isinstance(value, dict):
            return _wrong(path, value, "an object")
        problems = [f"{path}.{name}: missing" for name in required if name not in value]
        for name, one in value.items():
            if name not in known:
                problems.append(f"{path}.{name}: {one!r:.60}, expected no such member")
            else:
                problems += known[name](one, f"{path}.{name}")
        return problems

    return check


def tagged(tag, cases):
    """An object whose member `tag` says which shape it has."""

    def check(value, path):
        if not isinstance(value, dict) or value.get(tag) not in cases:
            found = value.get(tag) if isinstance(value, dict) else value
            return _wrong(f"{path}.{tag}", found, " or ".join(map(repr, cases)))
        return cases[value[tag]](value, path)

    return check
