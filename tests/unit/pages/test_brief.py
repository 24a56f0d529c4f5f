"""What an offer's page says first, part by part."""

from search_app.pages.offer.brief import seats_texts
from search_app.search.present.seat_lines import build_seat_line, build_seat_lines
from tests.unit.pages.pages_samples import seats


def test_seats_of_several_funders_are_told_with_their_names() -> None:
    one, other = build_seat_line(seats(3)), build_seat_line(seats(7, funder="4", label="France Travail"))
    assert seats_texts([one]) == [one.compact]
    assert seats_texts([one, other]) == [f"{one.compact} (Région)", f"{other.compact} (France Travail)"]
    assert seats_texts(build_seat_lines([])) == ["À demander"]
