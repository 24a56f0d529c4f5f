"""What a reader is told of how the words were understood."""

from lxml import html
from msgspec.structs import replace

from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.search.results import CodeView, FilterView, OfferCard, Understood
from tests.unit.pages.pages_samples import card, results, search_html


def understood(
    *,
    filters: tuple[FilterView, ...] = (),
    others: tuple[str, ...] = (),
    unknown_code: str = "",
    loose: bool = False,
) -> Understood:
    return Understood("tapé", "mots", "mots", [], list(filters), [], [], [], list(others), unknown_code, loose)


def note_of(meant: Understood) -> UnderstoodNote:
    note = build_note(meant, (("q", "soudeur toulouse albi"),), (("q", "soudeur"), ("place", "Albi (81)")), found=True)
    assert note is not None
    return note


def told(meant: Understood, *cards: OfferCard) -> str:
    """What the page says of the words, before the results and below them."""
    page: html.HtmlElement = html.fromstring(search_html([("q", "mots")], results(*cards, understood=meant)))
    notes = [*page.find_class("understood"), *page.find_class("why")]
    return " ".join(" ".join(str(note.text_content()) for note in notes).split())


def test_of_a_radius_without_a_town_it_says_that_it_does_nothing() -> None:
    meant = understood(filters=(FilterView("radius", "20 km", {"radius": "20"}),))
    assert "« 20 km » : un rayon, sans effet tant qu’aucune ville n’est choisie" in told(meant)


def test_a_list_is_announced_only_if_there_is_one() -> None:
    assert "voici celles" in told(understood(loose=True), card())
    assert told(understood(loose=True)) == "Aucune offre ne contient ces mots, ni un mot qui leur ressemble."


def test_of_a_code_that_nothing_carries_it_says_so_and_nothing_else() -> None:
    assert told(understood(unknown_code="RS5130", loose=True)) == "Aucune offre n’est connue sous le code RS5130."


def test_another_town_is_a_link_that_searches_the_same_words_there() -> None:
    here = FilterView("place", "albi", {"place": "Albi (81)"})
    (link,) = note_of(understood(filters=(here,), others=("Toulouse (31)",))).other_places
    assert (link.text, link.href) == (
        "Chercher plutôt autour de Toulouse (31)",
        "/offres?q=soudeur&place=Toulouse+%2831%29",
    )


def test_other_wordings_can_be_taken_back() -> None:
    meant = replace(understood(), variants=["plombier", "électricien"])
    link = note_of(meant).without_also
    assert link is not None
    assert link.href == "/offres?q=soudeur+toulouse+albi&verbatim=synonyms"
    assert link.text in told(meant, card())
    assert note_of(understood(unknown_code="RS5130")).without_also is None


def test_of_a_town_that_was_misspelt_it_says_which_is_meant() -> None:
    written = {
        typed: note_of(understood(filters=(FilterView("place", typed, {"place": label}),))).filters[0]
        for typed, label in (("Alby", "Albi (81)"), ("à albi", "Albi (81)"), ("81", "Tarn (département 81)"))
    }
    assert written == {"Alby": "près d’Albi", "à albi": "près d’Albi", "81": "près de Tarn"}


def test_town_that_the_words_may_mean_is_searched_without_its_name_among_the_words() -> None:
    pairs = (("q", "coiffeur macon"), ("seats", "1"))
    note = build_note(understood(others=("Mâcon (71)",)), pairs, pairs, found=True)
    assert note is not None
    assert [link.href for link in note.other_places] == ["/offres?seats=1&place=M%C3%A2con+%2871%29&q=coiffeur"]
    alone = build_note(understood(others=("Mâcon (71)",)), (("q", "macon"),), (("q", "macon"),), found=True)
    assert alone is not None
    assert [link.href for link in alone.other_places] == ["/offres?place=M%C3%A2con+%2871%29"]
    assert "Ces mots sont aussi le nom d’une ville. Chercher plutôt" in told(understood(others=("Mâcon (71)",)))


def test_number_of_a_certification_leads_to_it() -> None:
    meant = replace(understood(), rncp_like=CodeView("4495", "CAP Cuisine"))
    assert "Le numéro d’une certification ? RNCP4495, CAP Cuisine" in told(meant)
    link = note_of(meant).certification
    assert link is not None
    assert link.href == "/offres?place=Albi+%2881%29&rncp=4495"


def test_who_has_no_idea_is_led_to_the_domains() -> None:
    meant = understood(filters=(FilterView("undecided", "je sais pas quoi faire", {}),))
    assert "Pas encore d’idée précise ? Parcourez les formations par domaine" in told(meant)


def test_unknown_words_are_told() -> None:
    assert "« zzzqq » n’est dans aucun titre" in told(replace(understood(), unknown_words=["zzzqq"]))
    assert "« zzq », « qqz » ne sont dans aucun titre" in told(replace(understood(), unknown_words=["zzq", "qqz"]))
