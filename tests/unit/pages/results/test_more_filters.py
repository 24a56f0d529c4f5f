"""Lists of the form that are counted on request: the link to them, and what the form sends of it."""

from typing import Any

from search_app.pages.search.chips import build_chips
from search_app.pages.search.facet_lists import FacetList, build_lists
from search_app.pages.search.form import build_form
from search_app.pages.search.more_filters import asked_lists
from search_app.pages.shared.render import environment
from search_app.search.params import parse_params
from search_app.search.results import FacetRow


def rows(*values: str) -> list[FacetRow]:
    return [FacetRow(value, f"Label {value}", 3, False) for value in values]


def test_link_adds_the_lists_that_are_not_there() -> None:
    form = build_form((("q", "soudeur"), ("market", "M1")), build_lists({}))
    assert form.more is not None
    assert form.more.href == (
        "/offres?q=soudeur&market=M1&facets=employment_zone&facets=programme&facets=trainer#champ-programme"
    )
    assert form.more.text.endswith(": zone d’emploi, programme, organisme formateur")


def test_lists_that_are_asked_for_stay_so_and_empty_ones_are_not_shown() -> None:
    names = ("employment_zone", "programme", "market", "trainer")
    form = build_form(tuple(("facets", name) for name in names), build_lists({"employment_zone": rows("7625")}))
    assert form.more is None
    assert form.hidden == tuple(("facets", name) for name in names)
    shown = [field.name for group in form.groups for field in group.fields if isinstance(field, FacetList)]
    assert shown == ["employment_zone"]


def test_a_list_that_is_asked_for_is_open_and_says_that_it_has_no_value() -> None:
    pairs = (("facets", "programme"), ("facets", "market"))
    lists = build_lists({"market": rows("M1")}, asked_lists(pairs))
    assert (lists["market"].opened, lists["programme"].shown, lists["trainer"].shown) == (True, True, False)
    form = build_form(pairs, lists)
    shown = [field.name for group in form.groups for field in group.fields if isinstance(field, FacetList)]
    assert shown == ["programme", "market"]
    (empty,) = [field for group in form.groups for field in group.fields if field is lists["programme"]]
    macros: Any = environment().get_template("components/fields.html").module
    assert "Aucune valeur parmi ces offres." in str(macros.facet_list(empty))


def test_the_link_leads_to_the_page_that_has_it() -> None:
    form = build_form((("rows", "region"),), build_lists({}), path="/pilotage")
    assert form.more is not None
    assert form.more.href.startswith("/pilotage?rows=region&facets=")


def test_a_zone_is_short_in_its_list_and_whole_on_its_chip() -> None:
    row = FacetRow("7625", "Zone d’emploi de Toulouse (7625)", 3, True)
    facets = {"employment_zone": [row]}
    assert [box.label for box in build_lists(facets)["employment_zone"].first] == ["Toulouse (7625)"]
    pairs = (("employment_zone", "7625"),)
    (chip,) = build_chips(parse_params(pairs), pairs, None, facets)
    assert chip.text == "Zone d’emploi de Toulouse (7625)"
