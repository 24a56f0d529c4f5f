"""The stored document of one body (``mappings.census.provider.Provider``), from facts of the register and of offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from indexer.census.bodies import Body
from indexer.census.facts import Facts
from indexer.census.gaps import Situation, find_gaps
from indexer.census.names import choose_names
from indexer.census.sites import area_of, area_of_offers, is_natural, to_sites, without_streets
from indexer.normalize.places import Locator
from language.names import fold_name
from mappings.census.name_index import index_fields
from mappings.census.provider import FactSource, LegalState, QualiopiRow, StateRow

NOBODY: Final = Body()  # of a body that no offer names
Closed = dict[str, tuple[FactSource, str | None]]


@dataclass(frozen=True, slots=True)
class Census:
    """What every document of one census shares: the register's edition, if one is loaded, and the catalogue's names.

    ``untold`` are dates of editions that are days of loading, since nobody gave the list's.
    """

    edition: str | None
    bearers: Mapping[str, int]
    locator: Locator
    written_at: str
    untold: frozenset[str] = frozenset()


def to_document(siren: str, facts: Facts, body: Body, census: Census) -> dict[str, Any]:
    """Return the document of a body; fields without a value are left out, and known emptiness of ``qualiopi`` stays."""
    listed = facts.listed if census.edition else None
    state, source, state_at = legal_state(facts)
    situation = Situation(
        facts, body, census.edition, state, source, state_at,
        _listed_sirets(facts), _closed_sirets(facts), census.bearers,
    )  # fmt: skip
    gaps, qualiopi = find_gaps(situation), situation.qualiopi
    document = {
        "siren": siren,
        **_name_fields(facts, body),
        **_site_fields(siren, facts, body, census.locator),
        **_register_fields(facts, listed),
        "state": state,
        "state_source": source,
        "state_at": state_at,
        "state_rows": state_rows(listed, state),
        "natural_person": is_natural(siren, facts),
        "diffusible": facts.unit.diffusible if facts.unit else None,
        "qualiopi_rows": qualiopi_rows(qualiopi),
        "stated_ndas": sorted(body.ndas),
        "responsible": body.responsible,
        "trainer": body.trainer,
        "gaps": gaps,
        "gap_codes": [gap["code"] for gap in gaps],
        "edition": census.edition,
        "untold_dates": sorted(census.untold & {census.edition, *facts.dates}),
        "facts_at": census.written_at,
    }
    kept = {name: value for name, value in document.items() if value is not None and value != [] and value != ""}
    if qualiopi is not None:
        kept |= {"qualiopi": list(qualiopi), "qualiopi_at": facts.listed_at}
    if stored := msgspec.to_builtins(without_streets(siren, facts)):
        kept["facts"] = stored
    return kept | index_fields(kept)


def _name_fields(facts: Facts, body: Body) -> dict[str, Any]:
    names = choose_names(facts, body)
    return {
        "name": names.shown,
        "name_sort": fold_name(names.shown or ""),
        "also": [{"kind": kind, "name": name} for kind, name in names.others],
        "names_folded": names.folded,
        "acronyms_folded": names.acronyms,
    }


def _site_fields(siren: str, facts: Facts, body: Body, locator: Locator) -> dict[str, Any]:
    sites = to_sites(siren, facts, body, locator)
    area = area_of(sites)
    if not area["department"] and not area["region"]:  # no site is located, as of bodies that no list has
        area |= area_of_offers(body)
    return {"sites": sites, "sirets": [site["siret"] for site in sites], **area}


def _register_fields(facts: Facts, listed: bool | None) -> dict[str, Any]:
    """Return what the list says, of the last edition that had the body."""
    fields: dict[str, Any] = {
        "listed": listed,
        "listed_at": facts.listed_at,
        "left_list_at": facts.left_at,
        "qualiopi_lost_at": facts.lost_at,
    }
    if (register := facts.register) is not None:
        fields |= {
            "ndas": register.ndas,
            "former_ndas": register.former_ndas,
            "trainees": register.trainees,
            "trainees_for_others": register.trainees_for_others,
            "trainers_count": register.trainers,
            "trainees_year_end": register.year_end,
            "declared_at": register.declared_at,
            "specialities": register.specialities,
        }
    return fields


def legal_state(facts: Facts) -> tuple[LegalState | None, FactSource | None, str | None]:
    """Return the legal state, who says so and of when: Sirene if its file has the body, else the list."""
    if facts.unit is not None and facts.unit.state:
        return facts.unit.state, "sirene", facts.unit_at
    if facts.register is not None and facts.register.state:
        return facts.register.state, "list", facts.listed_at
    return None, None, None


def state_rows(listed: bool | None, state: LegalState | None) -> list[StateRow]:
    """Return the values of the filter ``state`` that a body meets; "active" is listed and not ceased.

    >>> state_rows(True, None), state_rows(True, "ceased"), state_rows(False, "active"), state_rows(None, None)
    (['active', 'listed'], ['listed', 'ceased'], ['not_listed'], ['unknown'])
    """
    if listed is None:
        return ["unknown"]
    rows: list[StateRow] = ["active"] if listed and state != "ceased" else []
    rows.append("listed" if listed else "not_listed")
    return [*rows, "ceased"] if state == "ceased" else rows


def qualiopi_rows(qualiopi: Any) -> list[QualiopiRow]:
    """Return the values of the filter ``qualiopi`` that a body meets.

    >>> qualiopi_rows(["vae"]), qualiopi_rows(["any"]), qualiopi_rows([]), qualiopi_rows(None)
    (['vae', 'any'], ['any'], ['none'], ['unknown'])
    """
    if qualiopi is None:
        return ["unknown"]
    return [*(code for code in qualiopi if code != "any"), "any"] if qualiopi else ["none"]


def _listed_sirets(facts: Facts) -> frozenset[str]:
    return frozenset(site.siret for site in facts.register.sites) if facts.register else frozenset()


def _closed_sirets(facts: Facts) -> Closed:
    """Return the closed SIRETs with who says so; where Sirene knows one, its word counts."""
    closed: Closed = {}
    for site in facts.register.sites if facts.register else ():
        if site.closed:
            closed[site.siret] = ("list", facts.listed_at)
    for site in facts.sites:
        if site.closed is not None:
            closed.pop(site.siret, None)
        if site.closed:
            closed[site.siret] = ("sirene", facts.sites_at)
    return closed
