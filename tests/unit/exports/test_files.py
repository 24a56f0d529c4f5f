"""A CSV file is for people: codes are in words, beside the few that are worth keeping."""

import csv
import io
from typing import Any

import pytest

from search_app.exports.files import COLUMNS, to_csv
from search_app.search.reference_data import Snapshot
from search_app.search.results import OfferCard, PlaceView
from tests.unit.pages.pages_samples import card, session


def rows_of(offer: OfferCard, **stored: Any) -> list[dict[str, str]]:
    record = {"sessions": [{"key": each.key} for each in offer.sessions], **stored}
    lines = csv.reader(io.StringIO(to_csv(offer, record, Snapshot().label)), delimiter=";")
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


def test_codes_are_told_by_the_labels_of_the_pages() -> None:
    dijon = PlaceView("Dijon", "21000", "21", "27", 47.3, 5.0)
    (row,) = rows_of(card(place=dijon, mode="onsite", entry="permanent", sessions=[session(precision="month")]))
    assert (row["region"], row["code_region"]) == ("Bourgogne-Franche-Comté", "27")
    assert (row["departement"], row["code_departement"]) == ("Côte-d’Or", "21")
    assert (row["modalite"], row["entrees"]) == ("En présentiel", "Entrée toute l’année")
    assert (row["precision_debut"], row["recrutement"]) == ("mois", "Inscriptions ouvertes")


@pytest.mark.parametrize(
    ("precision", "word"), [("day", "jour"), ("month", "mois"), ("year", "année"), ("unknown", "inconnue")]
)
def test_every_precision_has_its_own_french_word(precision: str, word: str) -> None:
    (row,) = rows_of(card(sessions=[session(precision=precision)]))
    assert row["precision_debut"] == word


def test_what_is_not_known_is_an_empty_cell() -> None:
    (row,) = rows_of(card(place=None, mode=None, entry=None, level=None, sessions=[]))
    empty = ("ville", "region", "code_region", "departement", "modalite", "entrees", "niveau", "session", "recrutement",
             "telephone", "courriel", "adresse_inscription", "inscription", "reunions")  # fmt: skip
    assert [row[name] for name in empty] == [""] * len(empty)


PROVIDER = {"contacts": [{"phones": ["0563000000"], "email": "accueil@example.org"}, {"email": "accueil@example.org"}]}


def test_each_line_says_whom_to_call_whom_to_write_to_and_where_to_register() -> None:
    first, second = session(), session(id="S2", key="s2")
    rows = [
        {"key": "s1", "contacts": [{"phones": ["3949"], "email": "session@example.org"}],
         "registration": {"address": "Mission locale, 81000 Albi", "start_text": "20270303", "end_text": "20270425"}},
        {"key": "s2"},
    ]  # fmt: skip
    one, other = rows_of(card(sessions=[first, second]), sessions=rows, provider=PROVIDER)
    assert one["telephone"] == "3949 | 05 63 00 00 00"  # spaces that one can search for
    assert one["courriel"] == "session@example.org | accueil@example.org"
    assert one["adresse_inscription"] == "Mission locale, 81000 Albi"
    assert (other["telephone"], other["courriel"]) == ("05 63 00 00 00", "accueil@example.org")
    assert one["inscription"] == "du 3 mars 2027 au 25 avril 2027"
    assert (other["adresse_inscription"], other["inscription"]) == ("", "")


def test_an_offer_without_a_session_has_the_contacts_of_the_offer_in_their_columns() -> None:
    (row,) = rows_of(card(sessions=[]), detail=PROVIDER)
    assert (row["telephone"], row["courriel"], row["correspond"]) == ("05 63 00 00 00", "accueil@example.org", "")


def test_no_contact_is_run_as_a_formula() -> None:
    row = {"key": "s1", "registration": {"address": "@SUM(A1)"},
           "contacts": [{"phones": ["+262262000000"], "email": "=HYPERLINK(1)"}]}  # fmt: skip
    (line,) = rows_of(card(), sessions=[row])
    assert [line[name][:2] for name in ("telephone", "courriel", "adresse_inscription")] == ["'+", "'=", "'@"]
