"""What is open or done otherwise is decided, what clients depend on is kept, a test says so."""

import pytest
from protocol import choices, deviations

ROWS = [*choices.OPEN_POINTS, *choices.CLIENTS, *deviations.DEVIATIONS]


@pytest.mark.parametrize("row", ROWS, ids=[what for what, _, _ in ROWS])
def test_a_row_has_proofs_that_exist_or_a_reason(row):
    assert choices.proofs(row) or row[2] in choices.REASONS
    assert [proof for proof in choices.proofs(row) if not choices.exists(proof)] == []


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
