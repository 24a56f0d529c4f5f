"""Parameters are read by one table, and whatever is wrong is told at once."""

from datetime import date

import pytest

from search_app.base.errors import BadParameters
from search_app.search.facets import FACETS
from search_app.search.links import to_pairs
from search_app.search.map import VOCABULARY
from search_app.search.params import PARAMETERS, SearchParams, parse_params


def faults_of(*pairs: tuple[str, str], ignore_unknown: bool = False) -> list[str]:
    with pytest.raises(BadParameters) as caught:
        parse_params(pairs, ignore_unknown=ignore_unknown)
    return [fault.parameter for fault in caught.value.faults]


def test_every_field_of_the_value_object_is_a_row_of_the_table() -> None:
    assert set(PARAMETERS) == set(SearchParams.__dataclass_fields__)


def test_every_count_list_has_a_parameter_that_may_be_repeated_unless_its_row_says_that_it_is_single() -> None:
    assert {facet.param for facet in FACETS if not PARAMETERS[facet.param].many} == {"seats"}
    assert [facet.param for facet in FACETS if facet.single] == ["seats"]


def test_seats_are_a_number_or_one_of_two_words() -> None:
    assert [parse_params([("seats", text)]).seats for text in ("3", "+3", "full", "unknown")] == [
        3,
        3,
        "full",
        "unknown",
    ]
    assert faults_of(("seats", "Full")) == ["seats"]
    assert faults_of(("seats", "1"), ("seats", "full")) == ["seats"]
    assert [parse_params([("seats", text)]).chosen("seats") for text in ("3", "full", "")] == [("3",), ("full",), ()]


def test_the_question_of_a_prescriber_is_read() -> None:
    params = parse_params(
        [("place", " Albi "), ("radius", "30"), ("start_from", "2027-03-01"), ("start_to", "2027-03-31"),
         ("funder", "2"), ("funder", "4"), ("funder", "2"), ("seats", "1"), ("entry_level", "0")]
    )  # fmt: skip
    assert params.place == "Albi"
    assert (params.start_from, params.start_to) == (date(2027, 3, 1), date(2027, 3, 31))
    assert params.funder == ("2", "4")
    assert (params.seats, params.entry_level, params.effective_sort) == (1, 0, "start")


def test_every_fault_is_reported_at_once_with_value_and_what_is_allowed() -> None:
    with pytest.raises(BadParameters) as caught:
        parse_params([("seats", "0"), ("level", "99"), ("colour", "red"), ("start_from", "2027-02-31")])
    faults = {fault.parameter: fault for fault in caught.value.faults}
    assert set(faults) == {"seats", "level", "colour", "start_from"}
    assert faults["seats"].value == "0"
    assert "de 1 à 9999" in faults["seats"].allowed
    assert all(fault.message for fault in faults.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seats", "1.5"), ("seats", "-1"), ("seats", "٣"), ("radius", "nan"), ("radius", "inf"), ("radius", "0"),
        ("radius", "1e4"), ("lat", "91"), ("page", "0"), ("size", "101"), ("price_max", "-1"), ("place", "a\x00b"),
        ("start_from", "99999999"), ("start_from", "1492-01-01"),
        ("rome", "Z1234"), ("domain", "12"), ("audience", "8"),
        ("region", "ZZ"), ("department", "20"), ("provider", "12345"), ("entry_level", "12"), ("remote", "yes"),
        ("sort", "price"), ("group", "all"), ("upcoming", "maybe"), ("rncp", "RS12"), ("q", "x" * 301),
        ("training", "n33nhrxdjcp"), ("training", "n33nhrxdjcp1"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_allowed_is_a_fault_of_its_parameter(name: str, value: str) -> None:
    pairs = [(name, value)] if name != "lat" else [(name, value), ("lon", "2")]
    assert name in faults_of(*pairs)


def test_faults_between_parameters_are_named() -> None:
    assert faults_of(("lat", "43")) == ["lon"]
    assert faults_of(("place", "Albi"), ("lat", "43"), ("lon", "2")) == ["place"]
    assert faults_of(("start_from", "2027-04-01"), ("start_to", "2027-03-01")) == ["start_to"]
    assert faults_of(("sort", "distance")) == ["sort"]
    assert faults_of(("page", "101"), ("size", "100")) == ["page"]


def test_a_repeated_single_value_is_a_fault() -> None:
    assert faults_of(("q", "a"), ("q", "b")) == ["q"]


def test_too_many_values_are_refused() -> None:
    assert faults_of(*[("rome", f"A{number:04}") for number in range(51)]) == ["rome"]


def test_thousands_of_faults_do_not_make_a_huge_answer() -> None:
    names = faults_of(*[(f"p{number}", "x") for number in range(5000)])
    assert len(names) == 201


def test_pages_ignore_unknown_names_but_not_bad_values() -> None:
    assert parse_params([("utm_source", "x")], ignore_unknown=True) == SearchParams()
    assert faults_of(("utm_source", "x"), ("seats", "x"), ignore_unknown=True) == ["seats"]


def test_empty_values_count_as_not_given() -> None:
    assert parse_params([("q", " "), ("seats", ""), ("funder", "")]) == SearchParams()


def test_words_are_sorted_by_relevance_unless_asked_otherwise() -> None:
    assert parse_params([("q", "soudeur")]).effective_sort == "relevance"
    assert parse_params([("q", "soudeur"), ("sort", "start")]).effective_sort == "start"


def test_the_key_of_a_training_is_taken_in_either_case() -> None:
    assert parse_params([("training", "N33NHRXDJCPE"), ("training", "n33nhrxdjcpe")]).training == ("n33nhrxdjcpe",)


def test_a_code_of_the_register_is_taken_with_and_without_its_letters() -> None:
    assert parse_params([("rncp", "RNCP38565"), ("rncp", "38565"), ("rncp", "403")]).rncp == ("38565", "403")


# Every parameter that is a number, with a value that it takes: of the search, and of the map.
NUMBERS = {
    row.name: row for row in (*PARAMETERS.values(), *VOCABULARY.values()) if row.schema.get("type") == "number"
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_read_as_programs_and_people_write_it(name: str) -> None:
    read = NUMBERS[name].read
    assert read("44.123456789012345") == read("44,123456789012345") == 44.123457
    assert read("44.1234567890123456789012345678") == read("+44.123457") == 44.123457
    assert read("4.4e1") == read("440E-1") == 44.0
    too_long = ("44" * 20, "44." + "1" * 31, "1e1000")
    for text in ("", " ", "4 4", "44.", ".5", "4,4.1", "nan", "inf", "0x2c", "٤٤", *too_long):
        with pytest.raises(ValueError, match="nombre"):
            read(text)


def test_numbers_below_what_a_metre_is_are_zero_and_never_below_it() -> None:
    assert [str(PARAMETERS["lon"].read(text)) for text in ("-5.1e-7", "-0", "1e-99", "5.1e-6")] == [
        "-1e-06", "0.0", "0.0", "5e-06",
    ]  # fmt: skip


def test_thousands_may_be_set_apart_as_in_french() -> None:
    read = PARAMETERS["price_max"].read
    assert [read(text) for text in ("1 500", "1\u202f500,50", "1\u00a0234\u00a0567")] == [1500.0, 1500.5, 1234567.0]
    assert faults_of(("price_max", "1 50")) == ["price_max"]


def test_what_a_link_says_of_a_number_is_read_again() -> None:
    for lon in (5.1e-7, 1e-05, 2.147941234567, -179.9999999, 0.0):
        params = parse_params([("lat", "43.9"), ("lon", repr(lon))])
        assert parse_params(to_pairs(params)) == params
