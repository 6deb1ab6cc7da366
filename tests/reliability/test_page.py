"""What the long campaigns came to, as it is committed."""

import json

from tests.reliability.__main__ import NUMBERS, PAGE
from tests.reliability.page import write

FOUND = json.loads(NUMBERS.read_text(encoding="utf-8"))


def test_the_page_says_the_committed_numbers() -> None:
    assert PAGE.read_text(encoding="utf-8") == write(FOUND)


def test_nothing_was_lost() -> None:
    for campaign, least in (("crash", 1_000), ("damage", 1_000), ("hostile", 100_000)):
        assert FOUND[campaign]["lost"] == []
        assert sum(row["trials"] for row in FOUND[campaign]["rows"]) >= least


def test_whole_commands_were_killed_at_random_moments() -> None:
    kills = [row for row in FOUND["crash"]["rows"] if "at a random moment" in row["what"]]
    assert {row["what"].split()[0] for row in kills} == {"worker", "parent", "group"}
