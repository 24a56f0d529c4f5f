"""The project's own rules: sound, proved by scenarios, dated and sourced, in the words that users may read."""

import re
from collections import Counter
from textwrap import dedent

import pytest

from funding import OWN_FUNDING, check_folder, read_book
from funding.lint.scenarios import differences
from funding.lint.together import FEWEST_SCENARIOS
from funding.reading.conditions import OPERATORS
from funding.reading.scenarios import Scenario
from funding.reading.schemes import VERSION_KEYS
from funding.rule.scheme import Scheme
from tests.funding.mutate import mutants_of, survivors

CHECKED = check_folder(OWN_FUNDING)
BOOK, SCENARIOS = CHECKED.reading.book, CHECKED.reading.scenarios
RULED = [scheme for scheme in BOOK.schemes if scheme.versions]
VERDICTS = (
    "prf region_aid afc aif poei poec state departement cpf ptp reconversion demissionnaire apprenticeship contrat_pro "
    "plan csp agefiph vae faf detainee"
)
SHEETS = "ladom ofii interior fiphfp fne defence public_agent"
INCOME = "rff rfft are age regional_pay"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: f"{each.scheme}: {each.title}")
def test_scenario_gets_its_verdict(scenario: Scenario) -> None:
    assert list(differences(BOOK, scenario)) == []


def test_schemes_are_those_of_the_contract() -> None:
    assert {scheme.id for scheme in RULED if scheme.kind == "verdict"} == set(VERDICTS.split())
    assert {scheme.id for scheme in RULED if scheme.kind == "income"} == set(INCOME.split())
    assert {scheme.id for scheme in BOOK.schemes if not scheme.versions} == set(SHEETS.split())


def test_each_scheme_has_enough_scenarios() -> None:
    counts = Counter(scenario.scheme for scenario in SCENARIOS)
    assert [scheme.id for scheme in RULED if counts[scheme.id] < FEWEST_SCENARIOS] == []


def test_every_change_of_a_rule_breaks_a_scenario() -> None:
    made, left = survivors(CHECKED.reading)
    assert made > 800
    assert left == []


def test_mutants_delete_and_invert_each_condition() -> None:
    ptp = BOOK.scheme("ptp")
    assert ptp is not None
    found = Counter(mutant.what.split()[0] for mutant in mutants_of(ptp))
    assert (found["deleted"], found["inverted"], found["days"], found["long_absence_days"]) == (11, 9, 6, 6)


@pytest.mark.parametrize("scheme", BOOK.schemes, ids=lambda scheme: scheme.id)
def test_scheme_is_sourced_and_its_words_are_fit_for_users(scheme: Scheme) -> None:
    for version in scheme.versions:
        assert version.sources
        assert version.last or version.verify_by
        assert all(re.fullmatch(r"LEGIARTI\d{12}|", source.id) for source in version.sources)
        assert all(source.as_of or not source.verified for source in version.sources)
    texts = [scheme.label, scheme.summary, scheme.starts, scheme.decides]
    assert not [text for text in texts if "'" in text or "éligible" in text.casefold()]


def test_text_that_changes_cannot_say_yes() -> None:
    ptp, csp, rff = (BOOK.scheme(name) for name in ("ptp", "csp", "rff"))
    assert ptp is not None and csp is not None and rff is not None  # noqa: PT018
    assert [(f"{each.first}", bool(each.unread)) for each in ptp.versions] == [
        ("2023-04-16", False), ("2027-01-01", True), ("2028-01-01", True)
    ]  # fmt: skip
    assert {f"{scheme.versions[-1].last}" for scheme in (csp, rff)} == {"2026-12-31"}


def test_examples_of_the_documentation_are_sound() -> None:
    text = (OWN_FUNDING.parent / "docs/funding.md").read_text("utf-8")
    rule, scenarios = (
        dedent(block) for block in re.findall(r"^ *```toml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    )
    reading = read_book({"rules/ptp.toml": rule, "scenarios/ptp.toml": scenarios})
    assert reading.faults == ()
    assert [list(differences(reading.book, scenario)) for scenario in reading.scenarios] == [[], [], []]
    assert all(f"`{key}" in text or f"{key} " in text for key in (*VERSION_KEYS, *OPERATORS["number"], "untold"))
