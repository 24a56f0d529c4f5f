"""The routes of the portal: jobs, domains, territories and trainings, all without parameters."""

from collections.abc import Awaitable, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.pages.documents.informed import codes_of_subject, informed
from search_app.pages.portal.answers import NoPage, missing, or_missing, page_number, redirect, search_page, site_of
from search_app.pages.portal.communes import communes_of
from search_app.pages.portal.frame import HOME, INDEX_LINKS, Section, sections_of
from search_app.pages.portal.index_pages import Build, IndexPage, index_builders
from search_app.pages.portal.job_page import JobAnswer, JobPage, build_job_page
from search_app.pages.portal.list_page import ListPage, build_list_page
from search_app.pages.portal.next_sessions import ASKED, JOINABLE
from search_app.pages.portal.sections import (
    Facets,
    communes_section,
    departments_of_region,
    domain_pages,
    domain_searches,
    job_pages,
    jobs_of_department,
    narrower,
)
from search_app.pages.portal.towns import with_towns
from search_app.pages.shared.layout import Link
from search_app.pages.shared.render import respond
from search_app.pages.subjects.kept import keep
from search_app.pages.subjects.overview import Overview, read_overview
from search_app.pages.subjects.subjects import (
    DOMAINS,
    JOBS,
    TERRITORIES,
    TRAININGS,
    Subject,
    department_of,
    read_department,
    read_domain,
    read_job,
    read_territory,
    read_training,
    region_of,
    to_department,
    to_domain,
    to_job,
    to_job_in,
    to_territory,
    to_training,
)
from search_app.search.links import address
from search_app.search.params.search_params import SearchParams
from search_app.search.results import SearchResults
from search_app.search.service import services_of
from search_app.text import wording

Answer = Callable[[Request], Awaitable[Response]]


def portal_routes() -> list[Route]:
    """Return the routes of all portal pages."""
    pages: tuple[tuple[str, Answer], ...] = (
        (f"{JOBS}/{{job}}", job_page),
        (f"{JOBS}/{{job}}/{{department}}", job_in_page),
        (f"{DOMAINS}/{{domain}}", domain_page),
        (f"{TERRITORIES}/{{territory}}", territory_page),
        (f"{TRAININGS}/{{training}}", training_page),
    )
    lists = [Route(f"{path}/page/{{page}}", answer) for path, answer in pages]
    return [*_index_routes(), *lists, *(Route(path, answer) for path, answer in pages)]


def _index_routes() -> Iterator[Route]:
    for name, build in index_builders():
        yield Route(INDEX_LINKS[name].href, _index(name, build), name=name)


def _index(name: str, build: Build) -> Answer:
    async def index(request: Request) -> Response:
        overview, snapshot = await read_overview(request), services_of(request).reference.known()

        async def make() -> IndexPage:
            return build(overview, snapshot, site_of(request))

        return respond(request, "portal/index.html", await keep(request, name, make))

    return index


async def job_page(request: Request) -> Response:
    """Render one page of a job."""
    segment = request.path_params["job"]
    snapshot = services_of(request).reference.known()
    code = read_job(segment)
    job = to_job(code, snapshot) if code else None
    if job is None:
        return await missing(request, "jobs", segment)

    async def make() -> JobPage:
        results = await search_page(request, job, "training")
        services = services_of(request)
        free_entry = services.read_search((*job.pairs, ("entry_level", "0")), defaults={"size": 1})
        joinable = services.read_search((*job.pairs, *JOINABLE), defaults=ASKED)
        (without, _), (_, soon) = await services.first_of([free_entry, joinable])
        overview = await read_overview(request)
        answer = JobAnswer(results, without, with_towns(soon, snapshot.reference))
        return build_job_page(job, answer, overview, snapshot, site_of(request))

    async def answer() -> Response:
        page = await informed(request, codes_of_subject(job), keep(request, job.page(page_number(request)), make))
        return redirect(request, job) or respond(request, "portal/job.html", page)

    return await or_missing(request, "jobs", segment, answer)


async def job_in_page(request: Request) -> Response:
    """Render one page of a job in a département."""
    segment = request.path_params["job"]
    code, number = read_job(segment), read_department(request.path_params["department"])
    job = to_job(code, services_of(request).reference.known()) if code else None
    subject = to_job_in(job, number) if job and number else None
    department = to_department(number or "")
    if job is None or subject is None or department is None:
        return await missing(request, "jobs", segment)
    trail = (HOME, INDEX_LINKS["jobs"], Link(wording.typeset(job.label), job.path))

    async def sections(results: SearchResults, overview: Overview) -> tuple[Section, ...]:
        facets = results.facets
        domains = domain_pages(facets, overview, services_of(request).reference.known())
        levels = Section("niveaux", "Par niveau de sortie", tuple(narrower(subject, "level", facets)))
        return sections_of(_payers(subject, facets), levels, domains)

    near = Link(f"Toutes les formations : {department.label}", department.path)
    return await _list(request, "jobs", segment, subject, trail, sections, near)


async def domain_page(request: Request) -> Response:
    """Render one page of a domain."""
    segment = request.path_params["domain"]
    snapshot = services_of(request).reference.known()
    code = read_domain(segment)
    subject = to_domain(code, snapshot) if code else None
    if subject is None:
        return await missing(request, "domains", segment)

    async def sections(results: SearchResults, overview: Overview) -> tuple[Section, ...]:
        facets = results.facets
        regions = Section("regions", "Par région", tuple(narrower(subject, "region", facets)))
        levels = Section("niveaux", "Par niveau de sortie", tuple(narrower(subject, "level", facets)))
        return sections_of(job_pages(facets, overview, snapshot), regions, levels)

    return await _list(request, "domains", segment, subject, (HOME, INDEX_LINKS["domains"]), sections)


async def territory_page(request: Request) -> Response:
    """Render one page of a region, a département or a commune."""
    segment = request.path_params["territory"]
    services = services_of(request)
    snapshot = services.reference.known()
    read = read_territory(segment)
    subject = to_territory(*read, snapshot) if read else None
    if subject is None:
        return await missing(request, "territories", segment)
    above, around = _above(subject, request), None
    if subject.kind == "commune":
        place = dict(subject.pairs)["place"]
        around = Link("Chercher à 30 km à la ronde", address((("place", place), ("upcoming", "true"))))

    async def sections(results: SearchResults, overview: Overview) -> tuple[Section, ...]:
        facets = results.facets
        domains = domain_searches(subject, facets, snapshot)
        if subject.kind == "region":
            return sections_of(departments_of_region(subject.code, overview), domains)
        if subject.kind == "commune":
            return sections_of(domains)
        communes = communes_section(await communes_of(services, subject.code))
        return sections_of(communes, jobs_of_department(subject.code, facets, snapshot), domains)

    trail = (HOME, INDEX_LINKS["territories"], *above)
    return await _list(request, "territories", segment, subject, trail, sections, around)


def _above(subject: Subject, request: Request) -> Iterator[Link]:
    """Yield the links to the territories that contain this one."""
    if subject.kind == "region":
        return
    code = department_of(subject, services_of(request).reference.known()) or subject.code
    parents = (region_of(code), to_department(code) if subject.kind == "commune" else None)
    yield from (Link(parent.label, parent.path) for parent in parents if parent)


async def training_page(request: Request) -> Response:
    """Render one page of a training; its title is that of its offers."""
    segment = request.path_params["training"]
    page_number(request)  # an impossible one is not found before anything is asked for
    key = read_training(segment)
    if key is None:
        return await missing(request, "trainings", segment)
    services = services_of(request)

    async def title_of() -> str:
        params = SearchParams(training=(key,), size=1)
        ((_, cards),) = await services.first_of([services.resolve(params)])
        if not cards:
            raise NoPage
        return cards[0].title

    try:
        title = await keep(request, ("title", key), title_of)
    except NoPage:
        return await missing(request, "trainings", segment)
    subject = to_training(key, title)

    async def sections(results: SearchResults, overview: Overview) -> tuple[Section, ...]:
        facets, snapshot = results.facets, services.reference.known()
        departments = Section("departements", "Par département", tuple(narrower(subject, "department", facets)))
        pages = (job_pages(facets, overview, snapshot), domain_pages(facets, overview, snapshot))
        return sections_of(departments, _payers(subject, facets), *pages)

    return await _list(request, "trainings", segment, subject, (HOME,), sections)


def _payers(subject: Subject, facets: Facets) -> Section:
    return Section("financeurs", "Qui paie", tuple(narrower(subject, "funder", facets)))


async def _list(
    request: Request,
    kind: str,
    segment: str,
    subject: Subject,
    trail: tuple[Link, ...],
    sections: Callable[[SearchResults, Overview], Awaitable[tuple[Section, ...]]],
    near: Link | None = None,
) -> Response:
    """Render one page of a list of offers."""

    async def make() -> ListPage:
        results = await search_page(request, subject)
        beside = await sections(results, await read_overview(request)) if results.page == 1 else ()
        return build_list_page(subject, results, trail, beside, site_of(request), near)

    async def answer() -> Response:
        codes = codes_of_subject(subject, department_of(subject, services_of(request).reference.known()))
        page = await informed(request, codes, keep(request, subject.page(page_number(request)), make))
        return redirect(request, subject) or respond(request, "portal/list.html", page)

    return await or_missing(request, kind, segment, answer)
