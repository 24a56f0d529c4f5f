"""Each gap: when it holds, when it almost does, and what it names."""

from collections import Counter
from typing import Any

import pytest

from indexer.census.bodies import Body, gather_bodies
from indexer.census.document import Census, to_document
from indexer.census.facts import Facts, ListFacts, SiteFacts, UnitFacts
from indexer.census.gaps import RULES, WITHOUT_DOCUMENT
from indexer.normalize.places import Locator
from mappings.census.provider import GAP_CODES
from mappings.reference import Reference
from tests.register_files import ONE, siret_of

DAY, EARLIER = "2026-11-23", "2026-10-01"
HERE, THERE = siret_of(ONE), siret_of(ONE, 2)


def listed(closed: bool | None = None, **told: Any) -> ListFacts:
    given: dict[str, Any] = {"ndas": ["76810012345"], "qualiopi": ["action"], "sites": [SiteFacts(HERE, closed=closed)]}
    return ListFacts(**(given | told))


def of_edition(register: ListFacts | None = None, **told: Any) -> Facts:
    return Facts(register or listed(), listed=True, listed_at=DAY, **told)


def offers(**told: Any) -> Body:
    given: dict[str, Any] = {"responsible": True, "sirets": {HERE}, "names": Counter({"A": 1})}
    return Body(**(given | told))


def gaps(facts: Facts, body: Body, edition: str | None = DAY, bearers: Any = None) -> dict[str, Any]:
    census = Census(edition, bearers or Counter({"a": 1}), Locator(Reference()), "2026-11-23T10:00:00Z")
    found = to_document(ONE, facts, body, census).get("gaps", [])
    return {gap["code"]: (gap["source"], gap.get("date"), gap.get("detail", [])) for gap in found}


def test_sound_body_has_no_gap() -> None:
    assert gaps(of_edition(), offers(ndas={"76810012345"})) == {}


@pytest.mark.parametrize(
    ("facts", "body", "expected"),
    [
        (Facts(), offers(), {"not-listed": ("list", DAY, [])}),
        (Facts(), Body(trainer=True), {"delivers-only": ("catalogue", None, [])}),
        (of_edition(), Body(trainer=True), {"delivers-only": ("catalogue", None, [])}),
        (of_edition(), Body(), {"no-offer": ("list", DAY, [])}),
        (of_edition(unit=UnitFacts(state="ceased"), unit_at=EARLIER), Body(), {}),
        (
            of_edition(unit=UnitFacts(state="ceased"), unit_at=EARLIER),
            offers(),
            {"ceased": ("sirene", EARLIER, [])},
        ),
        (
            of_edition(listed(closed=True, state="ceased")),
            offers(),
            {"ceased": ("list", DAY, []), "site-closed": ("list", DAY, [HERE])},
        ),
        (
            of_edition(sites=[SiteFacts(HERE, closed=True)], sites_at=EARLIER),
            offers(),
            {"site-closed": ("sirene", EARLIER, [HERE])},
        ),
        (of_edition(listed(closed=True), sites=[SiteFacts(HERE, closed=False)], sites_at=DAY), offers(), {}),
        (of_edition(), offers(sirets={HERE, THERE}), {"site-unknown": ("list", DAY, [THERE])}),
        (of_edition(), offers(delivering={THERE}), {}),
        (of_edition(listed(qualiopi=[])), offers(), {"not-certified": ("list", DAY, [])}),
        (of_edition(listed(qualiopi=None)), offers(), {}),
        (of_edition(listed(qualiopi=[])), Body(trainer=True), {"delivers-only": ("catalogue", None, [])}),
        (
            of_edition(listed(qualiopi=[]), lost_at=EARLIER),
            offers(),
            {"not-certified": ("list", DAY, []), "certification-lost": ("list", EARLIER, [])},
        ),
        (
            Facts(listed(), listed_at=EARLIER, left_at=DAY),
            offers(),
            {"not-listed": ("list", DAY, []), "left-list": ("list", DAY, [])},
        ),
        (of_edition(), offers(ndas={"76810012345", "99"}), {"nda-differs": ("list", DAY, ["99"])}),
        (of_edition(listed(ndas=[])), offers(ndas={"99"}), {}),
        (of_edition(listed(former_ndas=["73"])), offers(ndas={"73"}), {"nda-former": ("list", DAY, ["73"])}),
        (of_edition(), offers(names=Counter({"A": 1, "Á!": 2})), {}),
        (of_edition(), offers(names=Counter({"A": 1, "B": 2})), {"several-names": ("catalogue", None, ["A", "B"])}),
        (of_edition(), offers(deliverer_names=Counter({"B": 2})), {}),
        (of_edition(), offers(names=Counter()), {"no-name": ("catalogue", None, [])}),
    ],
)
def test_gap_names_its_values_source_and_day(facts: Facts, body: Body, expected: dict[str, Any]) -> None:
    assert gaps(facts, body) == expected


def test_name_of_another_responsible_body_is_shared() -> None:
    assert gaps(of_edition(), offers(), bearers=Counter({"a": 2})) == {"shared-name": ("catalogue", None, ["a"])}


def test_without_a_register_only_the_catalogue_s_own_gaps_are_told() -> None:
    assert gaps(Facts(), offers(ndas={"99"}), edition=None) == {}
    assert set(gaps(Facts(), Body(trainer=True), edition=None)) == {"delivers-only"}


def test_every_code_has_a_rule_but_the_one_without_a_body() -> None:
    assert [*RULES, WITHOUT_DOCUMENT] == [code for code in GAP_CODES if code != WITHOUT_DOCUMENT] + [WITHOUT_DOCUMENT]


def test_bodies_are_gathered_from_the_column_with_both_roles() -> None:
    rows = [
        (f'["responsible","{ONE}","{HERE}","76 81 00123 45","GRETA"]', 3),
        (f'["responsible","{ONE}",null,null,"Greta"]', 1),
        (f'["trainer","{ONE}","{THERE}",null,"CFA"]', 2),
        ('["responsible",null,null,null,"sans SIREN"]', 5),
        ('["trainer","000000000",null,null,"zéros"]', 5),
        (f'["responsible","{ONE}","{HERE}","00000000000","GRETA"]', 9),
    ]
    bodies = gather_bodies(rows)
    body = bodies.by_siren[ONE]
    assert (bodies.nameless, set(bodies.by_siren), dict(bodies.bearers)) == (1, {ONE}, {"greta": 1})
    assert (body.responsible, body.trainer, body.sirets, body.delivering) == (True, True, {HERE}, {THERE})
    assert (body.ndas, body.deliverer_names) == ({"76810012345"}, Counter({"CFA": 2}))
    assert gather_bodies(reversed(rows)).fingerprint == bodies.fingerprint
    assert gather_bodies(rows[1:]).fingerprint != bodies.fingerprint
    placed = gather_bodies(rows, [(ONE, "81"), (ONE, "31"), ("999999999", "81")])
    assert placed.by_siren[ONE].departments == {"81", "31"}
    assert placed.fingerprint != bodies.fingerprint
