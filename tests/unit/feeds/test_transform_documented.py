"""Every fault and every reason for setting a record aside is in the documentation, and nothing else is."""

import re
from pathlib import Path

from indexer.transform.faults import REMEDIES

ROOT = Path(__file__).parents[3]
REASON = re.compile(r"""(?:RecordError|reject|_reject|Reject)\((?:[^"()]|\([^()]*\))*?"([a-z]+(?:-[a-z]+)+)\"""")


def first_column(heading: str) -> set[str]:
    section = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8").partition(f"\n## {heading}")[2]
    rows = re.findall(r"^\|([^|]*)\|", section.partition("\n## ")[0], re.M)
    return {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)}


def test_the_table_of_repairs_is_the_table_of_the_code() -> None:
    assert first_column("Repairs") == set(REMEDIES)


def test_the_table_of_what_is_set_aside_has_every_reason_of_the_reader() -> None:
    files = [
        ROOT / "indexer" / "load" / "convert.py",
        *(ROOT / "indexer").glob("sources/*.py"),
        *(ROOT / "indexer").glob("transform/*.py"),
    ]
    used = {reason for file in files for reason in REASON.findall(file.read_text(encoding="utf-8"))}
    assert {"no-title", "not-closed", "too-large", "repeated-session"} <= used
    assert first_column("Rejects") == used
