"""What an edition changes: who is new, who left, who lost a certification; Sirene's facts stay."""

from indexer.census.facts import NO_FACTS, Facts, ListFacts, UnitFacts
from indexer.register.history import carry

CERTIFIED = ListFacts(legal_name="A", qualiopi=["action"])
OTHERWISE = ListFacts(legal_name="A", qualiopi=["vae"])
WITHOUT = ListFacts(legal_name="A", qualiopi=[])
UNTOLD = ListFacts(legal_name="A")
FIRST, SECOND, THIRD, FOURTH = "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"


def after(*editions: tuple[ListFacts | None, str]) -> Facts:
    facts = NO_FACTS
    for listed, day in editions:
        facts = carry(facts, listed, day)
    return facts


def test_first_edition_has_lost_nothing() -> None:
    facts = after((WITHOUT, FIRST))
    assert (facts.listed, facts.listed_at, facts.lost_at, facts.left_at) == (True, FIRST, None, None)


def test_certification_is_lost_with_the_first_edition_that_denies_it() -> None:
    assert after((CERTIFIED, FIRST), (WITHOUT, SECOND), (WITHOUT, THIRD)).lost_at == SECOND


def test_another_category_is_no_loss_and_a_new_certification_ends_it() -> None:
    assert after((CERTIFIED, FIRST), (OTHERWISE, SECOND)).lost_at is None
    assert after((CERTIFIED, FIRST), (WITHOUT, SECOND), (OTHERWISE, THIRD)).lost_at is None


def test_untold_certification_is_no_loss() -> None:
    assert after((CERTIFIED, FIRST), (UNTOLD, SECOND)).lost_at is None
    assert after((CERTIFIED, FIRST), (WITHOUT, SECOND), (UNTOLD, THIRD)).lost_at == SECOND


def test_body_that_left_keeps_its_last_facts_and_the_day_until_it_returns() -> None:
    facts = after((CERTIFIED, FIRST), (None, SECOND), (None, THIRD))
    assert (facts.listed, facts.listed_at, facts.left_at, facts.register) == (False, FIRST, SECOND, CERTIFIED)
    back = carry(facts, CERTIFIED, FOURTH)
    assert (back.listed, back.left_at, back.lost_at) == (True, None, None)


def test_body_that_returns_without_its_certification_has_lost_it() -> None:
    assert after((CERTIFIED, FIRST), (None, SECOND), (WITHOUT, THIRD)).lost_at == THIRD


def test_facts_of_sirene_stay() -> None:
    was = Facts(unit=UnitFacts(state="ceased"), unit_at=FIRST)
    assert (carry(was, CERTIFIED, SECOND).unit_at, carry(was, None, SECOND).unit_at) == (FIRST, FIRST)
