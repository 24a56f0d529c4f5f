"""Funding rules: who pays for a person, an offer and a session, as dated data with sources.

``rules/`` holds one scheme a file, ``scenarios/`` the cases that prove it, beside them amounts and contacts;
docs/funding.md describes them. ``facts`` says what rules may compare, ``reading`` validates files, ``lint`` checks all
of them together, ``evaluation`` answers, ``store`` packs the book into the document that the engine stores.
This package does not call the engine.
"""

from pathlib import Path
from typing import Final

from funding.book import Book, Reading, read_book, read_texts
from funding.check import Checked, check_folder
from funding.evaluation.contacts import Asked, find_contacts
from funding.evaluation.facet import FundingValue, best_value, facet_value
from funding.evaluation.judge import judge
from funding.evaluation.verdict import Answer, Cost, Met, Step, Verdict
from funding.facts.offer import OfferFacts, Period, SessionFacts, earliest_session
from funding.facts.person import BadPerson, Fault, Person, parse_form, parse_person
from funding.reading.table import FundingFileError
from funding.store import (
    DOCUMENT,
    PROJECT,
    StoredFunding,
    pack_funding,
    unpack_files,
    unpack_funding,
    without_scenarios,
)

OWN_FUNDING: Final = Path(__file__).parent

__all__ = [
    "DOCUMENT",
    "OWN_FUNDING",
    "PROJECT",
    "Answer",
    "Asked",
    "BadPerson",
    "Book",
    "Checked",
    "Cost",
    "Fault",
    "FundingFileError",
    "FundingValue",
    "Met",
    "OfferFacts",
    "Period",
    "Person",
    "Reading",
    "SessionFacts",
    "Step",
    "StoredFunding",
    "Verdict",
    "best_value",
    "check_folder",
    "earliest_session",
    "facet_value",
    "find_contacts",
    "judge",
    "pack_funding",
    "parse_form",
    "parse_person",
    "read_book",
    "read_texts",
    "unpack_files",
    "unpack_funding",
    "without_scenarios",
]
