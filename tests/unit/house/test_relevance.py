"""The judged list itself, and how answers to it are marked and compared."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.relevance.figures import figures_of, read_marks, table, worse, write_marks
from tests.relevance.judged import Judged, read_queries
from tests.relevance.mark import Mark, mark
from tests.relevance.offers import Offer

FEWEST_QUERIES = 260
FEWEST_OF_A_KIND = 10
KINDS = {
    "job", "training", "acronym", "diploma", "domain", "sentence", "place", "filter", "misspelled", "provider", "code",
    "absent",
}  # fmt: skip
OFFERS = [Offer("1", "soudeur", "040713935"), Offer("2", "soudeur", None), Offer("3", "couture", None)]
TITLES = {
    "1": "Titre professionnel soudeur",
    "2": "Soudeur assembleur industriel",
    "3": "Opérateur(trice) en confection",
}
SOUDEUR = Judged("soudeur", "job", good=frozenset({"soudeur"}), never=frozenset({"couture"}))


def answer(*numbers: str, filters: dict[str, str] | None = None, corrected: str = "") -> dict[str, Any]:
    """Return what the API would answer with these offers."""
    corrections = [{"typed": typed, "word": word} for typed, word in [corrected.split(">")]] if corrected else []
    return {
        "total": len(numbers),
        "results": [{"id": number, "title": TITLES[number], "provider": None} for number in numbers],
        "understood": {"filters": [{"parameters": filters or {}}], "corrections": corrections},
    }


def passing(q: str, kind: str = "job", **changes: Any) -> Mark:
    marked = Mark(q, kind, "tuning", must=True, must_not=True, none_found=False, rank=1, precision=1.0)
    return replace(marked, **changes)


def test_judged_queries_have_every_kind_and_both_parts() -> None:
    queries = read_queries()
    assert len(queries) >= FEWEST_QUERIES
    kinds = Counter(each.kind for each in queries)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= FEWEST_OF_A_KIND
    parts = Counter(each.part for each in queries)
    assert min(parts.values()) > len(queries) / 3


def test_every_judgement_states_required_results() -> None:
    vague = [
        each.q for each in read_queries() if each.good is None and not (each.filters or each.provider or each.offer)
    ]
    assert vague == []


def test_first_results_are_good_and_forbidden_ones_are_not() -> None:
    for each in read_queries():
        if each.good is not None:
            assert (each.first or frozenset()) <= each.good, each.q
            assert not each.never & each.good, each.q


@pytest.mark.parametrize("row", ['good = ["soudure"]', 'provider = "Nobody"', "goood = []"])
def test_judgement_with_unknown_name_is_refused_with_its_query(tmp_path: Path, row: str) -> None:
    (tmp_path / "job.toml").write_text(f'queries = [{{ q = "soudeur", {row} }}]')
    with pytest.raises(ValueError, match=r"job\.toml.*soudeur"):
        read_queries(tmp_path)


def test_good_answer_passes_and_precision_counts_existing_offers_only() -> None:
    marked = mark(SOUDEUR, answer("2", "1"), OFFERS)
    assert marked.passed
    assert (marked.rank, marked.precision, marked.why) == (1, 1.0, "")


def test_false_friend_first_fails_and_lowers_precision() -> None:
    marked = mark(SOUDEUR, answer("3", "1", "2"), OFFERS)
    assert (marked.must, marked.must_not, marked.rank, marked.precision) == (False, False, 2, 0.5)


def test_no_result_fails_unless_none_is_expected() -> None:
    assert mark(SOUDEUR, answer(), OFFERS).none_found
    nothing = Judged("notaire", "absent", good=frozenset())
    assert mark(nothing, answer(), OFFERS).passed
    assert not mark(nothing, answer(), OFFERS).none_found
    assert not mark(nothing, answer("1"), OFFERS).must
    told = answer("1")
    told["understood"]["loose"] = True
    assert mark(nothing, told, OFFERS).must


def test_wrong_filter_fails() -> None:
    in_albi = replace(SOUDEUR, filters={"place": "Albi (81)"})
    assert mark(in_albi, answer("1", filters={"place": "Albi (81)"}), OFFERS[:1]).passed
    assert not mark(in_albi, answer("1"), OFFERS[:1]).must
    assert not mark(in_albi, answer("1", filters={"place": "Alban (81)"}), OFFERS[:1]).must_not
    assert not mark(SOUDEUR, answer("1", filters={"mode": "remote"}), OFFERS).must_not
    assert mark(replace(SOUDEUR, any_filter=True), answer("1", filters={"mode": "remote"}), OFFERS).passed


def test_all_offers_passing_the_filters_are_required_by_default() -> None:
    in_albi = Judged("formation à Albi", "place", filters={"place": "Albi (81)"})
    assert mark(in_albi, answer("3", "2", "1", filters={"place": "Albi (81)"}), OFFERS).passed
    assert not mark(in_albi, answer("2", "1", filters={"place": "Albi (81)"}), OFFERS).must


def test_wrong_correction_fails() -> None:
    misspelled = replace(SOUDEUR, corrected={"soudeurre": "soudeur"})
    assert mark(misspelled, answer("1", corrected="soudeurre>soudeurs"), OFFERS).passed
    assert not mark(misspelled, answer("1"), OFFERS).must
    assert not mark(misspelled, answer("1", corrected="soudeurre>souder"), OFFERS).must_not
    assert not mark(SOUDEUR, answer("1", corrected="soudeur>couture"), OFFERS).must_not
    assert mark(replace(SOUDEUR, tolerated={"souder": "soudeur"}), answer("1"), OFFERS).passed


def test_provider_name_means_its_offers() -> None:
    named = Judged("pole garance", "provider", provider="Pôle Garance Formation")
    assert mark(named, answer("1", "2"), OFFERS).passed
    assert not mark(named, answer("2", "1"), OFFERS).must
    assert mark(named, answer("1", filters={"provider": "040713935"}), OFFERS).passed
    assert not mark(named, answer("1", filters={"provider": "041427865"}), OFFERS).must_not


def test_mean_rank_ignores_queries_without_good_answer() -> None:
    figures = figures_of([passing("a", rank=2, precision=0.5), passing("b", rank=0, precision=None)])
    assert (figures.must, figures.mrr, figures.precision, figures.found) == (1.0, 0.5, 0.5, 1.0)


def test_written_figures_are_read_back_without_regressions(tmp_path: Path) -> None:
    marks = [passing("a « b », c"), passing("d", rank=3, precision=1 / 3), passing("e", rank=0, precision=None)]
    write_marks(marks, tmp_path / "marks.csv")
    read = read_marks(tmp_path / "marks.csv")
    assert worse(read, read) == []
    assert [each.q for each in read] == ["a « b », c", "d", "e"]
    assert read_marks(tmp_path / "none.csv") == []


def test_newly_failing_query_is_named_despite_compensation() -> None:
    last = [passing("a"), passing("b", must=False)]
    now = [passing("a", must=False, why="first is couture"), passing("b")]
    assert worse(now, last) == ["« a » (job) passed: first is couture"]


def test_falling_figure_of_a_kind_is_named() -> None:
    said = worse([passing("a", precision=0.9)], [passing("a")])
    assert "job: P@10 fell from 1.000 to 0.900" in said


def test_changed_list_of_queries_is_not_compared() -> None:
    (said,) = worse([passing("a"), passing("b")], [passing("a")])
    assert "--write" in said


def test_table_has_new_and_last_figures_per_kind_and_part() -> None:
    lines = table([passing("a", must=False), passing("b", kind="code")], [passing("a")]).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["job", "code", "(tuning)", "(checking)", "(all)"]
    assert "0.000 (1.000)" in lines[1]
    assert "1.000 (-)" in lines[2]
