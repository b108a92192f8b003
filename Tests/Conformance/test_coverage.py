"""The page of the protocol's coverage is complete and true."""

import pytest
from protocol import choices, page, reasons


@pytest.fixture(scope="module")
def proven():
    return page.shown()


def test_every_published_row_has_a_proof_or_a_reason(proven):
    assert page.uncovered(proven) == []


def test_no_reason_has_become_untrue(proven):
    assert page.untrue(proven) == []


def test_every_test_that_is_named_exists():
    tables = [*reasons.TESTS.values(), reasons.ENDPOINTS]
    named = [text for table in tables for text in table.values() if "::" in text]
    assert [one for one in named if not choices.exists(one)] == []


def test_the_page_is_what_its_command_writes(proven):
    assert page.PAGE.read_text(encoding="utf-8") == page.write(proven), (
        "run scripts/protocol-coverage"
    )
