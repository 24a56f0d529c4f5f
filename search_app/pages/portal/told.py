"""The text of a missing page whose département is known: the reason, and links to the nearest pages."""

from typing import Final

from starlette.requests import Request

from search_app.pages.portal.communes import communes_of
from search_app.pages.portal.frame import PortalLink, offers_text
from search_app.pages.portal.missing_page import Told
from search_app.pages.portal.near import (
    Centres,
    communes_near,
    department_centres,
    department_of,
    departments_near,
    parts_of_department,
)
from search_app.pages.shared.layout import Link
from search_app.pages.subjects.kept import keep
from search_app.pages.subjects.overview import read_overview
from search_app.pages.subjects.subjects import (
    FEWEST,
    Subject,
    read_department,
    read_job,
    read_territory,
    region_of,
    to_department,
    to_job,
    to_job_in,
)
from search_app.search.service import services_of
from search_app.text.wording import curved

ALL_DEPARTMENTS: Final = 200
UNKNOWN_COMMUNE: Final = "Aucune commune connue ne porte ce code."


async def told_of(request: Request, kind: str, segment: str) -> Told | None:
    """Return what is known of a missing page, None if nothing beyond its address is; raises EngineError."""
    if kind == "jobs" and "department" in request.path_params:
        code = read_job(segment)
        return await _job_in(request, code, request.path_params["department"]) if code else None
    read = read_territory(segment) if kind == "territories" else None
    if read is None:
        return None
    if read[0] == "commune":
        return await _commune(request, read[1])
    parts = parts_of_department(read[1], await read_overview(request)) if read[0] == "departement" else []
    return Told("La Corse-du-Sud et la Haute-Corse ont chacune leur page.", tuple(parts)) if parts else None


async def _job_in(request: Request, code: str, segment: str) -> Told | None:
    """Tell of a job in a département with too few offers, or in none; None if the job itself has no page."""
    snapshot, overview = services_of(request).reference.known(), await read_overview(request)
    if not overview.has_page("rome", code):
        return None
    job, number = to_job(code, snapshot), read_department(segment) or ""

    async def make() -> dict[str, int]:
        services = services_of(request)
        search = services.read_search(job.pairs, defaults={"size": 1, "facet_size": ALL_DEPARTMENTS})
        return {row.value: row.count for row in (await services.search(search)).facets.get("department", ())}

    async def centres() -> Centres:
        return department_centres(snapshot.reference)

    counts = await keep(request, ("departments of", code), make)
    near = departments_near(job, number, counts, await keep(request, "centres", centres))
    whole = PortalLink(f"{job.label}, partout en France", job.path, overview.counts["rome"][code])
    inside = to_job_in(job, number)
    if inside is None:
        return Told(f"Aucun département ne porte ce numéro : voici où se tiennent les formations {job.within}.",
                    (whole, *near))  # fmt: skip
    return too_few(inside, counts.get(number, 0), (whole, *near))


def too_few(inside: Subject, count: int, near: tuple[PortalLink, ...]) -> Told:
    """Tell of one or two offers with a link to them, or that there is none."""
    if not count:
        return Told(f"Aucune formation à venir {inside.within}.", near)
    text = f"Une page est faite à partir de {FEWEST} offres à venir : il n’y en a pas autant {inside.within}."
    return Told(text, near, Link(f"Voir {offers_text(count)}", inside.search))


async def _commune(request: Request, code: str) -> Told | None:
    """Tell of a commune without a page: its département first, then the communes near it."""
    services, overview = services_of(request), await read_overview(request)
    reference = services.reference.known().reference
    number = department_of(code, reference)
    department = to_department(number)
    if department is None:
        return None

    async def make() -> list[tuple[Subject, int]]:
        return await communes_of(services, number)

    above = [(subject, overview.counts[name].get(subject.code, 0)) for name, subject
             in (("department", department), ("region", region_of(number))) if subject]  # fmt: skip
    pages = [PortalLink(subject.label, subject.path, count) for subject, count in above if count >= FEWEST]
    near = communes_near(code, await keep(request, ("communes of", number), make), reference)
    commune = reference.communes.get(code)
    nearest = "voici son département et, s’il y en a, des communes proches."
    text = f"{curved(commune.name)} ({number}) n’a pas de page : {nearest}" if commune else UNKNOWN_COMMUNE
    return Told(text, (*pages[:1], *near, *pages[1:]))
