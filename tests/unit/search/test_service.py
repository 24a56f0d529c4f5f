"""What the services tell before the engine is asked: every fault, a place's among them."""

import pytest

from mappings.reference import Commune, Reference
from search_app.base.errors import BadParameters
from search_app.base.settings import Settings
from search_app.base.turns import Turns
from search_app.search.engine.client import Engine
from search_app.search.engine.scans import Scans
from search_app.search.places.finder import build_place_finder
from search_app.search.reference_data import ReferenceData, Snapshot
from search_app.search.service import Services, to_place_found

ALBI = Commune("81004", "Albi", ("81000",), 49714, "81", "76", 43.93, 2.15)
ISLE = Commune("81999", "L'Isle", ("81998",), 10, "81", "76", 43.93, 2.15)
NOWHERE = Commune("01033", "Valserhône", ("01200",), 16000, "01", "84", None, None)


class Known(ReferenceData):
    """Knows some communes, or none, and asks nobody."""

    def __init__(self, *communes: Commune) -> None:
        super().__init__(Engine.connect(Settings()), 10, 8)
        reference = Reference(communes={commune.insee: commune for commune in communes})
        self.snapshot = Snapshot(reference, build_place_finder(reference))

    def current(self) -> Snapshot:
        return self.snapshot


def services(*communes: Commune) -> Services:
    reference = Known(*communes)
    engine = Engine.connect(Settings())
    return Services(
        Settings(),
        engine,
        reference,
        Scans(engine, 1, 1),
        Turns(),
        lambda: -1,
    )


def faults_of(known: Services, *pairs: tuple[str, str]) -> list[str]:
    with pytest.raises(BadParameters) as caught:
        known.read_params(pairs)
    return [fault.parameter for fault in caught.value.faults]


def test_a_place_that_is_unknown_is_told_beside_every_other_fault() -> None:
    known = services(ALBI, NOWHERE)
    assert faults_of(known, ("place", "Nowhereville"), ("funder", "99")) == ["funder", "place"]
    assert faults_of(known, ("place", "Valserhône"), ("x", "1")) == ["x", "place"]
    assert faults_of(known, ("place", "81"), ("sort", "distance"), ("seats", "0")) == ["seats", "sort"]
    assert faults_of(known, ("place", "Nowhereville")) == ["place"]
    assert known.read_params([("place", "Albi")]).place == "Albi"


def test_while_no_place_is_known_at_all_only_what_is_certain_is_a_fault() -> None:
    assert faults_of(services(), ("place", "Albi"), ("funder", "99")) == ["funder"]
    assert services().read_params([("place", "Albi")]).place == "Albi"


def test_a_place_is_shown_with_a_typographic_apostrophe_and_still_asked_for_as_it_is_written() -> None:
    snapshot = services(ISLE).reference.current()
    place = to_place_found(snapshot.places.find("l'isle"), 30)
    assert place.label == "L’Isle (81)"
    assert snapshot.places.find(place.label)[0].code == "81999"


def test_code_tables_are_shown_with_typographic_apostrophes_and_their_codes_stay() -> None:
    snapshot = Snapshot(Reference(formacode={"320": "Direction d'entreprise"}, providers={"041427865": "L'Atelier"}))
    assert snapshot.label("domain", "320") == "Direction d’entreprise"
    assert snapshot.label("region", "93") == "Provence-Alpes-Côte d’Azur"
    assert snapshot.label("provider", "041427865") == "L'Atelier"


@pytest.mark.parametrize(
    ("kind", "code", "label"),
    [
        ("domain", "455", "Code 455 (libellé inconnu)"),
        ("rome", "N9999", "Code N9999 (libellé inconnu)"),
        ("audience", "11111", "Code 11111 (libellé inconnu)"),
        ("provider", "123456789", "SIREN 123456789"),
    ],
)
def test_a_code_without_a_label_says_that_it_is_one(kind: str, code: str, label: str) -> None:
    assert Snapshot().label(kind, code) == label
