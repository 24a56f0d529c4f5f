"""A CSV file is for people: codes are in words, beside the few that are worth keeping."""

import csv
import io

import pytest

from search_app.directory import Snapshot
from search_app.exports import COLUMNS, to_csv
from search_app.results import OfferCard, PlaceView
from tests.unit.pages_samples import card, session


def rows_of(offer: OfferCard) -> list[dict[str, str]]:
    lines = csv.reader(io.StringIO(to_csv(offer, Snapshot().label)), delimiter=";")
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


def test_codes_are_told_by_the_labels_of_the_pages() -> None:
    dijon = PlaceView("Dijon", "21000", "21", "27", 47.3, 5.0)
    (row,) = rows_of(card(place=dijon, mode="onsite", entry="permanent", sessions=[session(precision="month")]))
    assert (row["region"], row["code_region"]) == ("Bourgogne-Franche-Comté", "27")
    assert (row["departement"], row["code_departement"]) == ("Côte-d’Or", "21")
    assert (row["modalite"], row["entrees"]) == ("En présentiel", "Entrées permanentes")
    assert (row["precision_debut"], row["recrutement"]) == ("mois", "Recrutement ouvert")


@pytest.mark.parametrize("precision", ["day", "month", "year", "unknown"])
def test_every_precision_has_a_french_word(precision: str) -> None:
    (row,) = rows_of(card(sessions=[session(precision=precision)]))
    assert row["precision_debut"] in ("jour", "mois", "année", "inconnue")


def test_what_is_not_known_is_an_empty_cell() -> None:
    (row,) = rows_of(card(place=None, mode=None, entry=None, level=None, sessions=[]))
    empty = ("ville", "region", "code_region", "departement", "modalite", "entrees", "niveau", "session", "recrutement")
    assert [row[name] for name in empty] == [""] * len(empty)
