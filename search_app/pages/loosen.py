"""Nothing found: which filter to loosen, each as a link, the likeliest first."""

from collections.abc import Sequence

from search_app.pages import wording
from search_app.pages.chips import Chip
from search_app.pages.layout import Link
from search_app.pages.links import Pairs, address, replaced, without, without_place
from search_app.params.search_params import SearchParams
from search_app.results import PlaceFound

WIDER_KM = (50, 100, 200)


def build_loosening(
    params: SearchParams, pairs: Pairs, chips: Sequence[Chip], place: PlaceFound | None
) -> tuple[Link, ...]:
    """Return ways to ask for less: a wider circle, the whole country, later dates, then each filter taken off."""
    links = _around(params, pairs, place)
    if params.start_to:
        links.append(Link("Accepter un début plus tardif", address(without(pairs, "start_to"))))
    if params.remote == "exclude":
        links.append(Link("Accepter aussi les offres à distance", address(without(pairs, "remote"))))
    for chip in chips:
        if chip.kind in ("Mots", "Lieu", "À distance"):
            continue
        links.append(Link(wording.typeset(f"Retirer le filtre « {chip.kind} : {chip.text} »"), chip.href))
    if params.q:
        links.append(Link("Chercher sans ces mots", address(without(pairs, "q"))))
    by_address = {link.href: link for link in reversed(links)}  # the first wording of each stays
    return tuple(link for link in links if by_address.pop(link.href, None))


def _around(params: SearchParams, pairs: Pairs, place: PlaceFound | None) -> list[Link]:
    if place is None:
        return []
    links = []
    if place.radius is not None:
        wider = next((radius for radius in WIDER_KM if radius > params.radius), None)
        if wider:
            text = f"Chercher jusqu’à {wider}{wording.NBSP}km"
            links.append(Link(text, address(replaced(pairs, "radius", str(wider)))))
    links.append(Link("Chercher dans toute la France", address(without_place(pairs))))
    return links
