"""Labels of facets that the reference tables make: employment zones by their largest town, names of trainers."""

from typing import Any

from mappings.reference import build_reference, pack_table
from search_app.search.reference_data import Snapshot

TABLES: dict[str, Any] = {
    "communes": [
        ["81004", "Albi", ["81000"], 49_000, "81", "76", 43.9, 2.1],
        ["81105", "Gaillac", ["81600"], 15_000, "81", "76", 43.9, 1.9],
        ["76351", "Le Havre", ["76600"], 166_000, "76", "28", 49.5, 0.1],
    ],
    "employment_zones": {"81004": "7601", "81105": "7601", "76351": "2803", "99999": "9999"},
    "providers:one": {"111111111": "GRETA", "222222222": "AFPA"},
    "trainers:one": {"111111111": "Greta du Tarn", "333333333": "CCI"},
    "trainers:two": {"444444444": "CMA"},
}
SNAPSHOT = Snapshot(build_reference(pack_table(name, data, "2026-11-23") for name, data in TABLES.items()))


def test_zone_is_named_after_its_largest_town() -> None:
    assert SNAPSHOT.label("employment_zone", "7601") == "Zone d’emploi d’Albi (7601)"
    assert SNAPSHOT.label("employment_zone", "2803") == "Zone d’emploi du Havre (2803)"


def test_zone_without_a_known_town_has_a_label() -> None:
    assert SNAPSHOT.label("employment_zone", "9999") == "Zone d’emploi 9999"


def test_name_of_a_trainer_never_replaces_that_of_a_provider() -> None:
    assert SNAPSHOT.label("provider", "111111111") == "GRETA"
    assert SNAPSHOT.label("trainer", "111111111") == "GRETA"
    assert [SNAPSHOT.label("trainer", siren) for siren in ("222222222", "333333333", "444444444")] == [
        "AFPA", "CCI", "CMA",
    ]  # fmt: skip
    assert SNAPSHOT.label("provider", "333333333") == "SIREN 333333333"


def test_offers_without_a_value_have_a_label() -> None:
    assert SNAPSHOT.label("level", "unknown") == "Niveau non précisé"
    assert SNAPSHOT.label("market", "unknown") == "Marché non précisé"
    assert SNAPSHOT.label("market", "2027-LOT-12") == "2027-LOT-12"
