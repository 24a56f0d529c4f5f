"""The table of facets: an incomplete row is an error that names what is missing, a complete one says everything."""

import pytest

from mappings.codes import BOOLEAN_LABELS
from mappings.reference import Reference
from search_app.search.facets import FACETS, AtLeast, CodePattern, Codes, Counting, Facet, FormGroup
from search_app.search.facets import row as rows
from search_app.search.facets.row import IncompleteFacet, check_facets
from search_app.search.params import PARAMETERS, SearchParams
from search_app.search.params import table as parameters
from search_app.search.params.parameter import parameter_of

GOOD = {
    "title": "Certifiante", "values": Codes(BOOLEAN_LABELS), "description": "Formation certifiante.",
    "example": "true", "group": FormGroup.TRAINING,
}  # fmt: skip


def facet(param: str = "certifying", **changes: object) -> Facet:
    return Facet(param, **{**GOOD, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "lacking"),
    [
        (facet(title=""), "its title in the row"),
        (facet(description=""), "its description in the row"),
        (facet(example=""), "its example in the row"),
        (facet(group=None), "its group in the row"),
        (facet(values=Codes({})), "its values in the row"),
        (facet(values=CodePattern(r"\d", "un chiffre", "colours")), "its table of labels: there is no 'colours'"),
        (facet(values=CodePattern(r"\d", "un chiffre", "version")), "its table of labels: there is no 'version'"),
        (facet("colour"), "its property: there is no 'colour' in mappings/offers.json"),
        (facet("colour"), "its field: there is no 'colour' in mappings.offer.Offer"),
        (facet(field="provider.colour"), "its property: there is no 'provider.colour'"),
        (facet(field="title"), "a property that can be counted: 'title' in mappings/offers.json is of type 'text'"),
        (facet(counting=Counting.SESSIONS), "its session_field in the row"),
        (facet(counting=Counting.SESSIONS, session_field="colour"), "no 'colour' in mappings.offer.Session"),
        (facet(counting=Counting.SESSIONS, session_field="colour"), "search_app.search.stored.StoredSession"),
        (facet(counting=Counting.SEATS, session_field="url"), "no 'url' in search_app.search.stored.StoredSession"),
    ],
)  # fmt: skip
def test_incomplete_row_is_an_error_that_names_what_it_lacks(wrong: Facet, lacking: str) -> None:
    with pytest.raises(IncompleteFacet, match=r"facet '\w+' lacks") as caught:
        check_facets([wrong])
    assert lacking in str(caught.value)


def test_complete_row_is_accepted() -> None:
    row = facet()
    assert check_facets([row]) == (row,)
    assert row.field == "certifying"


def test_model_without_mapping_and_mapping_without_model_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_properties", lambda: {"colour": {"type": "keyword"}})
    with pytest.raises(IncompleteFacet) as only_mapped:
        check_facets([facet("colour")])
    with pytest.raises(IncompleteFacet) as only_in_model:
        check_facets([facet("level")])
    assert "mappings.offer.Offer" in str(only_mapped.value)
    assert "offers.json" not in str(only_mapped.value)
    assert "mappings.offer.Offer" not in str(only_in_model.value)
    assert "offers.json" in str(only_in_model.value)


def test_every_incomplete_row_is_told_at_once() -> None:
    with pytest.raises(IncompleteFacet) as caught:
        check_facets([facet(title=""), facet("colour")])
    assert "facet 'certifying' lacks its title" in str(caught.value)
    assert "facet 'colour' lacks its property" in str(caught.value)
    assert "docs/adding-a-facet.md" in str(caught.value)


def test_two_rows_of_one_name_are_an_error() -> None:
    with pytest.raises(IncompleteFacet, match="facet 'certifying' has two rows"):
        check_facets([facet(), facet()])


def test_facet_named_as_another_parameter_is_an_error() -> None:
    with pytest.raises(ValueError, match="two parameters are called free"):
        parameters._by_name([*PARAMETERS.values(), parameter_of(facet("free"))])


def test_example_that_is_no_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="facet 'certifying': its example 'maybe'"):
        parameter_of(facet(example="maybe"))


@pytest.mark.parametrize("row", FACETS, ids=lambda row: row.param)
def test_every_facet_has_parameter_field_of_the_value_object_and_labels(row: Facet) -> None:
    parameter = PARAMETERS[row.param]
    assert (parameter.name, parameter.many) == (row.param, not row.single)
    assert SearchParams(**{row.param: parameter.read(row.example)}).chosen(row.param) == (row.example,)
    assert SearchParams().chosen(row.param) == ()
    labels = row.values.known_labels(Reference())
    assert [value for value in row.values.proposed() if value not in labels] == []
    if not isinstance(row.values, CodePattern):
        assert set(row.values.proposed()) < {*labels, "and more"}


def test_obsolete_funder_is_counted_and_not_proposed() -> None:
    (funder,) = [row for row in FACETS if row.param == "funder"]
    assert isinstance(funder.values, Codes)
    assert "1" in funder.values.labels
    assert "1" not in [*funder.values.proposed()]
    assert "2" in [*funder.values.proposed()]


def test_seats_are_counted_in_steps_and_by_words() -> None:
    (seats,) = [row for row in FACETS if row.param == "seats"]
    assert isinstance(seats.values, AtLeast)
    assert seats.values.rows() == (1, 5, 10, "full", "unknown")
    assert seats.values.rows(7) == (1, 5, 7, 10, "full", "unknown")
    assert seats.values.rows("full") == seats.values.rows(10) == seats.values.rows()
    assert seats.values.known_labels(Reference())["unknown"] == "Places non connues"


# What the rows say, once more and by hand: a changed value changes the answers or the form.
ROWS = {
    "funder": (Counting.FUNDERS, FormGroup.PAYMENT, False, True, True),
    "recruiting": (Counting.SESSIONS, FormGroup.PAYMENT, False, False, False),
    "seats": (Counting.SEATS, FormGroup.PAYMENT, False, True, False),
    "region": (Counting.OFFERS, FormGroup.WHERE, False, False, False),
    "department": (Counting.OFFERS, FormGroup.WHERE, False, False, False),
    "employment_zone": (Counting.OFFERS, FormGroup.WHERE, True, False, False),
    "domain": (Counting.OFFERS, FormGroup.TRAINING, False, False, True),
    "nsf": (Counting.OFFERS, FormGroup.TRAINING, False, False, True),
    "level": (Counting.OFFERS, FormGroup.TRAINING, False, True, False),
    "mode": (Counting.OFFERS, FormGroup.TRAINING, False, True, False),
    "rhythm": (Counting.OFFERS, FormGroup.TRAINING, False, False, False),
    "entry": (Counting.OFFERS, FormGroup.ENTRY, False, False, False),
    "state_funded": (Counting.OFFERS, FormGroup.PAYMENT, False, False, True),
    "programme": (Counting.LINES, FormGroup.PAYMENT, True, False, True),
    "market": (Counting.LINES, FormGroup.PAYMENT, True, False, True),
    "audience": (Counting.OFFERS, FormGroup.ENTRY, False, False, True),
    "rome": (Counting.OFFERS, FormGroup.TRAINING, True, False, True),
    "provider": (Counting.OFFERS, FormGroup.WHERE, True, False, False),
    "trainer": (Counting.OFFERS, FormGroup.WHERE, True, False, True),
}


def test_rows_are_what_they_are() -> None:
    told = {row.param: (row.counting, row.group, row.long, row.opened, row.title_on_chip) for row in FACETS}
    assert told == ROWS
    assert [*told] == [*ROWS]


def test_facets_stand_in_the_form_as_they_are_read() -> None:
    ordered = sorted(FACETS, key=lambda row: row.position)
    assert {group: [row.param for row in ordered if row.group is group] for group in FormGroup} == {
        FormGroup.WHEN: [],
        FormGroup.PAYMENT: ["funder", "seats", "recruiting", "state_funded", "programme", "market"],
        FormGroup.ENTRY: ["audience", "entry"],
        FormGroup.TRAINING: ["mode", "rhythm", "level", "domain", "nsf", "rome"],
        FormGroup.WHERE: ["region", "department", "employment_zone", "provider", "trainer"],
    }
