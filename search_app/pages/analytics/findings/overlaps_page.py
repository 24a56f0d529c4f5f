"""The page of overlaps: `/pilotage/doublons`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from search_app.analytics.overlaps import Overlap, Overlaps
from search_app.base.errors import Fault
from search_app.pages.analytics.addresses import offers_at
from search_app.pages.analytics.asked.adjusted import Notice, remote_field, remote_notice, told_remote
from search_app.pages.analytics.asked.questions import OVERLAPS
from search_app.pages.analytics.findings.filtered import Filtered, Subject, fault_parts, filters_of, shared_parts
from search_app.pages.analytics.paging import build_pages
from search_app.pages.shared.layout import Freshness, Link
from search_app.search.facets.zones import short_zone
from search_app.search.links import Pairs, address, without
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.text import wording
from search_app.text.wording import counted, curved, typeset

MOST_NAMES: Final = 6  # providers named in a line; the others are counted, and all are behind the link
SUBJECT: Final = Subject(
    OVERLAPS,
    "/api/v1/analytics/overlaps",
    typeset("Qui d’autre achète la même certification ici ?"),
    "La même certification, dans la même zone d’emploi et le même trimestre, chez deux organismes ou plus.",
)
MEANING: Final = (
    "Une ligne réunit les offres d’une même certification (RNCP) dont une session peut commencer dans le trimestre et"
    " qui ont lieu dans la zone d’emploi, dès que deux organismes responsables en proposent. Ce n’est pas une faute :"
    " deux groupes peuvent être nécessaires. Une session où l’on entre toute l’année compte dans chaque trimestre."
    " Les financeurs sont ceux d’au moins une de ces offres ; « non précisé » : une offre ne dit pas qui la paie."
)
OF_A_FUNDER: Final = (
    "Avec un financeur choisi, seules comptent les offres qu’il paie : chaque cas réunit des organismes qu’il finance,"
    " et les autres financeurs nommés paient ces mêmes offres. Pour voir qui d’autre achète, retirez ce filtre."
)


@dataclass(frozen=True, slots=True)
class OverlapLine:
    """One overlap: what, where, when, who, and its offers."""

    certification: str
    code: str
    zone: str
    quarter: str
    count: str
    names: str
    funders: str
    offers: Link


@dataclass(frozen=True, slots=True)
class OverlapsPage(Filtered):
    """The page context; ``count`` says how many overlaps there are."""

    count: str = ""
    lines: tuple[OverlapLine, ...] = ()
    meaning: str = typeset(MEANING)


def build_overlaps_page(
    search: ResolvedSearch, found: Overlaps, results: SearchResults, site: str, given: Pairs = ()
) -> OverlapsPage:
    """Return one page of the overlaps of a search; ``given`` are the pairs of its address."""
    told = told_remote(search.params, given)
    pairs = (*filters_of(search), *told)
    parts: dict[str, Any] = shared_parts(SUBJECT, search, results, site, told)
    parts["form"] = replace(parts["form"], remote=remote_field(parts["form"].remote, pairs))
    parts["layout"] = replace(parts["layout"], skip_to_table=bool(found.overlaps))
    return OverlapsPage(
        **parts,
        notices=_notices(search, pairs),
        count=_count(found.total),
        paging=build_pages(found.page, -(-found.total // found.size), pairs, OVERLAPS),
        lines=tuple(map(_line, found.overlaps)),
    )


def build_overlaps_fault_page(
    given: Pairs, faults: Sequence[Fault], snapshot: Snapshot, freshness: Freshness | None
) -> OverlapsPage:
    """Return the page that says what is wrong with the address."""
    parts: dict[str, Any] = fault_parts(SUBJECT, given, faults, snapshot, freshness)
    return OverlapsPage(**parts)


def _notices(search: ResolvedSearch, pairs: Pairs) -> tuple[Notice, ...]:
    of_a_funder = Link("Voir tous les financeurs", address(without(pairs, "funder"), OVERLAPS))
    found = (
        remote_notice(search, pairs, OVERLAPS),
        Notice(typeset(OF_A_FUNDER), of_a_funder) if search.params.funder else None,
    )
    return tuple(each for each in found if each)


def _count(total: int) -> str:
    if not total:
        return "Aucune certification n’est proposée deux fois au même endroit et au même moment."
    cases = counted(total, "cas", "cas")
    return typeset(
        f"{cases} : la même certification, au même endroit et au même trimestre, par deux organismes ou plus"
    )


def _line(overlap: Overlap) -> OverlapLine:
    names = [name if siren in name else wording.provider_line(name) for siren, name in overlap.providers]
    others = len(names) - MOST_NAMES
    named = [*names[:MOST_NAMES], *([f"et {counted(others, 'autre', 'autres')}"] if others > 0 else ())]
    return OverlapLine(
        certification=curved(overlap.rncp_label).removesuffix(f" (RNCP{overlap.rncp})"),
        code=f"RNCP{overlap.rncp}",
        zone=short_zone(overlap.zone_label),
        quarter=overlap.quarter_label,
        count=counted(len(names), "organisme", "organismes"),
        names=" · ".join(named),
        funders=" · ".join(curved(label) for _, label in overlap.funders),
        offers=Link(counted(overlap.offers, "offre", "offres"), offers_at(overlap.search)),
    )
