"""Lists of the form that are counted on request: the link to them, and what the form sends of it."""

from search_app.pages.search.facet_lists import FacetList, build_lists
from search_app.pages.search.form import build_form
from search_app.search.results import FacetRow


def rows(*values: str) -> list[FacetRow]:
    return [FacetRow(value, f"Label {value}", 3, False) for value in values]


def test_link_adds_the_lists_that_are_not_there() -> None:
    form = build_form((("q", "soudeur"), ("market", "M1")), build_lists({}))
    assert form.more is not None
    assert form.more.href == (
        "/offres?q=soudeur&market=M1&facets=employment_zone&facets=programme&facets=trainer#filtres"
    )
    assert form.more.text.endswith(": zone d’emploi, programme, organisme formateur")


def test_lists_that_are_asked_for_stay_so_and_empty_ones_are_not_shown() -> None:
    names = ("employment_zone", "programme", "market", "trainer")
    form = build_form(tuple(("facets", name) for name in names), build_lists({"employment_zone": rows("7625")}))
    assert form.more is None
    assert form.hidden == tuple(("facets", name) for name in names)
    shown = [field.name for group in form.groups for field in group.fields if isinstance(field, FacetList)]
    assert shown == ["employment_zone"]
