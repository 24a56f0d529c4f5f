"""Counting offers by sets of values is counting them by each value."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from mappings.codes import SEATS_ROWS
from mappings.offer import OfferBody, ValueSets
from mappings.value_sets import MOST_VALUES, SETS, index_values, values_of
from search_app.search.facets import FACETS
from search_app.search.params import parse_params
from search_app.search.present.facets import NotBySets, to_facets
from search_app.search.reference_data import Snapshot

Stored = dict[str, Any]
# Values that the separators of a term could be taken for, too.
ODD = ["76", "2A", "81", "a|b", "c,d", "e%2Cf", "|", ",", "%"]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(min_size=1, max_size=3))
LISTS = st.lists(TEXTS, max_size=4)
IN_SETS = [name for names in SETS.values() for name in names]


def offers() -> st.SearchStrategy[list[Stored]]:
    fields = dict.fromkeys(IN_SETS, LISTS)
    fields |= {"level": st.one_of(st.none(), TEXTS), "state_funded": st.sampled_from([True, False, None])}
    fields["seats_rows"] = st.lists(st.sampled_from(SEATS_ROWS), max_size=4, unique=True)
    return st.lists(st.fixed_dictionaries({}, optional=fields), max_size=8)


def counted_by_value(drawn: list[Stored], field: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for offer in drawn:
        told = offer.get(field)
        values = told if isinstance(told, list) else [] if told is None else [told]
        counts.update({str(value).lower() if isinstance(value, bool) else value for value in values})
    return counts


def counted_in_sets(drawn: list[Stored]) -> dict[str, Counter[str]]:
    """Return what the engine would tell of each set: offers by term."""
    terms: dict[str, Counter[str]] = {name: Counter() for name in SETS}
    for offer in drawn:
        for name, told in index_values(offer).get("value_sets", {}).items():
            terms[name].update(set(told))
    return terms


def answer(terms: dict[str, Counter[str]], left_out: int = 0) -> dict[str, Raw]:
    rows = {name: [{"key": term, "doc_count": n} for term, n in told.most_common()] for name, told in terms.items()}
    empty: dict[str, Any] = {facet.param: {"buckets": []} for facet in FACETS if facet.field not in IN_SETS}
    sets = {f"set:{name}": {"buckets": told, "sum_other_doc_count": left_out} for name, told in rows.items()}
    return {name: Raw(orjson.dumps(told)) for name, told in (sets | empty).items()}


@given(offers(), st.sampled_from([[], [("q", "soudeur")]]))
def test_every_facet_is_counted_as_if_each_value_were_counted(
    drawn: list[Stored], pairs: list[tuple[str, str]]
) -> None:
    facets = to_facets(answer(counted_in_sets(drawn)), parse_params(pairs), Snapshot())
    for facet in FACETS:
        if facet.field in IN_SETS:
            expected = counted_by_value(drawn, facet.field)
            rows = [(row.value, row.count) for row in facets[facet.param]]
            by_count = sorted(expected.items(), key=lambda row: (-row[1], row[0]))
            in_order = sorted(expected.items(), key=lambda row: SEATS_ROWS.index(row[0])) if facet.single else by_count
            assert rows == in_order, facet.param


def test_a_long_facet_is_cut_to_the_size_asked_for() -> None:
    drawn = [{"rome": [f"A{number:04}"]} for number in range(1000, 1150)] + [{"rome": ["A1149"]}]
    for size in (100, 7):
        params = parse_params([("facet_size", str(size))])
        rows = to_facets(answer(counted_in_sets(drawn)), params, Snapshot())["rome"]
        assert [row.value for row in rows] == ["A1149", *(f"A{number:04}" for number in range(1000, 999 + size))]


def test_an_offer_with_many_values_has_several_terms_and_no_value_twice() -> None:
    codes = [f"{number:05}" for number in range(10_000, 10_000 + 2 * MOST_VALUES + 1)]
    terms = index_values({"domain": ["100"], "rome": codes})["value_sets"]["subject"]
    assert [len(values_of(term)[2]) for term in terms] == [MOST_VALUES, MOST_VALUES, 1]
    assert [code for term in terms for code in values_of(term)[2]] == codes
    assert [values_of(term)[0] for term in terms] == [("100",), (), ()]
    assert max(map(len, terms)) < 8_191  # letters of four bytes are 32,766 bytes, which a term may have


def test_counts_of_more_sets_than_are_listed_are_refused() -> None:
    with pytest.raises(NotBySets):
        to_facets(answer(counted_in_sets([{"rome": ["A1101"]}]), left_out=1), parse_params([]), Snapshot())


def test_sets_are_of_different_fields_of_an_offer() -> None:
    assert list(ValueSets.model_fields) == list(SETS)
    assert {*IN_SETS} <= OfferBody.model_fields.keys()
    assert len({*IN_SETS}) == len(IN_SETS)
