"""What else there is beside an offer: neither the offer itself, nor the same one in two lists."""

from datetime import date

from msgspec.structs import replace

from search_app.pages.offer.related import NEAR_KM, SHOWN, build_related, related_searches
from search_app.search.results import OfferCard
from tests.unit.pages.pages_samples import card

TODAY = date(2026, 11, 23)
STORED = {
    "key": "self", "training_key": "t1", "places": [{"town": "Albi", "lat": 43.93, "lon": 2.13}],
    "certifications": [{"rncp": "38430"}, {"rncp": "38430"}, {"rs": "1"}],
}  # fmt: skip


def offers(*keys: str) -> list[OfferCard]:
    return [replace(card(), key=key, url=f"/offres/{key}") for key in keys]


def test_the_training_is_looked_for_far_and_the_certification_near() -> None:
    training, certification = related_searches(STORED)
    assert (training.training, training.rncp) == (("t1",), ())
    assert (certification.training, certification.rncp) == ((), ("38430",))
    assert certification.radius == NEAR_KM < training.radius
    for params in (training, certification):
        assert (params.lat, params.lon, params.sort, params.upcoming) == (43.93, 2.13, "distance", True)


def test_an_offer_without_a_place_has_no_neighbours_but_its_training() -> None:
    (training,) = related_searches(STORED | {"places": []})
    assert (training.lat, training.sort) == (None, None)
    assert related_searches(STORED | {"certifications": []})[0].training == ("t1",)
    assert len(related_searches(STORED | {"certifications": []})) == 1


def test_an_offer_is_neither_its_own_neighbour_nor_in_two_lists() -> None:
    searches = related_searches(STORED)
    found = [(3, offers("self", "a", "b")), (4, offers("a", "self", "b", "c"))]
    training, certification = build_related("self", searches, found, TODAY)
    assert [each.href for each in training.cards] == ["/offres/a", "/offres/b"]
    assert [each.href for each in certification.cards] == ["/offres/c"]
    assert training.every.text.startswith("Voir tout (3\u00a0offres)")
    assert "training=t1" in training.every.href
    assert "rncp=38430" in certification.every.href


def test_a_list_of_nothing_else_is_left_out_and_a_long_one_is_cut() -> None:
    searches = related_searches(STORED)
    (certification,) = build_related("self", searches, [(1, offers("self")), (9, offers(*"abcdefgh"))], TODAY)
    assert len(certification.cards) == SHOWN
    assert "certification" in certification.title
