"""What is open in the protocol is decided, what clients depend on is kept, and a test says so."""

import pathlib
import re

import pytest
from protocol import choices

HERE = pathlib.Path(__file__).parent
TRACES = HERE.parent / "ParleySessionTests" / "Traces"

ROWS = [*choices.OPEN_POINTS, *choices.CLIENTS]


def exists(proof):
    """Whether the test or the trace is there."""
    if proof.startswith("trace "):
        return (TRACES / f"{proof.removeprefix('trace ')}.trace").exists()
    file, _, test = proof.partition("::")
    path = HERE / file
    return path.exists() and re.search(rf"def {re.escape(test)}\(", path.read_text()) is not None


@pytest.mark.parametrize("row", ROWS, ids=[what for what, _, _ in ROWS])
def test_a_row_has_proofs_that_exist_or_a_reason(row):
    assert choices.proofs(row) or row[2] in choices.REASONS
    assert [proof for proof in choices.proofs(row) if not exists(proof)] == []


def test_every_open_point_of_the_reference_is_there():
    assert len(choices.OPEN_POINTS) == 25


def test_a_row_is_one_line_of_a_table():
    rows = [("What", "so", "test_a.py::test_b, trace c"), ("Else", "no", choices.CALLS)]
    assert choices.table("point", rows).splitlines() == [
        "| point | what Parley does | proof, or why not |",
        "| --- | --- | --- |",
        "| What | so | `test_a.py::test_b`, trace `c` |",
        f"| Else | no | {choices.CALLS} |",
    ]
