"""Writes docs/protocol-coverage.md."""

import collections

from protocol import choices, deviations, published, reasons, traces

PAGE = traces.ROOT / "docs" / "protocol-coverage.md"

_TITLES = {
    "ga client": "GA: what clients send",
    "ga server": "GA: what the server sends",
    "beta client": "Beta: what clients send",
    "beta server": "Beta: what the server sends",
    "translation client": "Translation: what clients send",
    "translation server": "Translation: what the server sends",
}

_HEAD = """\
# Protocol coverage

Every event, member and endpoint that the official SDK publishes, and what proves that Parley
speaks it: a golden trace that shows it on the wire, or a test with a live server. What has neither
has a reason. `scripts/protocol-coverage` writes this page from the SDK's models, the traces and the
tests; the tests fail when it is out of date, when a row has neither proof nor reason, and when a
reason has become untrue.
"""


def shown():
    """Surface → name → the first golden trace that shows it."""
    found = collections.defaultdict(dict)
    for name in traces.names():
        for message in traces.taken(name):
            for row in published.used(message.body):
                found[message.surface].setdefault(row, name)
    return found


def lookup(table, row):
    """What a table of names says of a row; a name may end in `*`."""
    for name, text in table.items():
        if name == row or (name.endswith("*") and row.startswith(name[:-1])):
            return text
    return None


def uncovered(proven):
    """The rows with neither proof nor reason."""
    return [
        f"{surface}: {row}"
        for surface in published.SURFACES
        for row in sorted(published.rows(surface))
        if not _proof(surface, row, proven) and not lookup(reasons.REASONS[surface], row)
    ]


def untrue(proven):
    """Names in tables that stand for no row, or only for rows that traces show."""
    found = []
    for table in (reasons.REASONS, reasons.TESTS):
        for surface, names in table.items():
            for name in names:
                rows = [row for row in published.rows(surface) if lookup({name: name}, row)]
                if all(row in proven[surface] for row in rows):
                    found.append(f"{surface}: {name} stands for {rows or 'no row'}")
    return found


def write(proven):
    """The whole page."""
    parts = [_HEAD, _summary(proven)]
    for surface, title in _TITLES.items():
        parts.append(f"## {title}\n\n" + _tables(surface, proven))
    parts.append("## Endpoints\n\n" + _table("endpoint", reasons.ENDPOINTS.items(), _cell))
    parts.append("## Deviations\n\n" + choices.table("the protocol", deviations.DEVIATIONS))
    parts.append("## Open points\n\n" + choices.table("open point", choices.OPEN_POINTS))
    parts.append("## What clients depend on\n\n" + choices.table("client", choices.CLIENTS))
    return "\n".join(parts)


def _proof(surface, row, proven):
    trace = proven[surface].get(row)
    return f"trace {trace}" if trace else lookup(reasons.TESTS[surface], row)


def _cell(text):
    """A test and a trace are named as such; everything else is a sentence."""
    if text.startswith("trace "):
        return f"trace `{text.removeprefix('trace ')}`"
    return f"`{text}`" if "::" in text else text


def _summary(proven):
    def counts(surface):
        rows = published.rows(surface)
        count = sum(1 for row in rows if _proof(surface, row, proven))
        return f"{count} of {len(rows)}, the rest for a reason" if count < len(rows) else "all"

    lines = [(_TITLES[surface], counts(surface)) for surface in published.SURFACES]
    return _table("surface", lines, str)


def _tables(surface, proven):
    """The events of a surface, then the members of each event and object."""
    groups = collections.defaultdict(list)
    for row in sorted(published.rows(surface)):
        owner, _, member = row.partition(": ")
        says = _cell(
            _proof(surface, row, proven) or lookup(reasons.REASONS[surface], row) or "**nothing**"
        )
        groups["event" if not member else owner].append((f"`{member or row}`", says))
    return "\n".join(
        _table(f"`{owner}`" if owner != "event" else owner, lines, str)
        for owner, lines in sorted(groups.items(), key=lambda one: (one[0] != "event", one[0]))
    )


def _table(head, lines, cell):
    rows = [f"| {name} | {cell(text)} |" for name, text in lines]
    return "\n".join([f"| {head} | proof, or why not |", "| --- | --- |", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(write(shown()), encoding="utf-8")
