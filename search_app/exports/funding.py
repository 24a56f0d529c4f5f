"""The schemes as a table for spreadsheets, and their changes as Atom (RFC 4287)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import cacheable
from search_app.base.site_address import site_address
from search_app.exports.atom import ATOM, ENTRIES, MEDIA_TYPE, NEVER, Address
from search_app.exports.files import BYTE_ORDER_MARK, to_line
from search_app.exports.streaming import Form
from search_app.funding.asked import asked_day
from search_app.funding.changes import Change, find_changes
from search_app.funding.sheets import PATH, current_of, to_scheme, to_schemes
from search_app.funding.views import ConditionView, FigureView, SchemeView, SourceView
from search_app.funding.wording import CHANGES, COVERS, KINDS, PAYS, ROLES, STATES, deadline_text
from search_app.search.params import refuse, unknown_faults
from search_app.search.service import services_of
from search_app.text import wording
from search_app.text.xml import Element, add, root, to_document

SCHEMES: Final = "/api/v1/funding/schemes"
CSV_PATH: Final = f"{SCHEMES}.csv"
FEED_PATH: Final = f"{SCHEMES}.atom"
CSV: Final = Form("text/csv; charset=utf-8", "financements.csv")
COLUMNS: Final = (
    "identifiant", "libelle", "nature", "paie", "couverture", "financeurs", "decide", "resume", "demarche", "etat",
    "le", "valable_du", "valable_au", "a_relire_avant", "conditions", "appreciation", "delais", "documents", "montants",
    "contacts", "sources", "sources_non_lues",
)  # fmt: skip


def funding_export_routes() -> list[Route]:
    """Return the routes of the files; they must precede the route of a single scheme."""
    return [Route(CSV_PATH, schemes_csv), Route(f"{SCHEMES}/{{id}}.csv", scheme_csv), Route(FEED_PATH, changes_atom)]


async def schemes_csv(request: Request) -> Response:
    """Send one line per scheme, with its rule of the day: semicolons, decimal commas, formulas disabled."""
    book, on = services_of(request).reference.known().funding.book, asked_day(request)
    return _table(request, to_schemes(book, on), on)


async def scheme_csv(request: Request) -> Response:
    """Send the line of one scheme; raises NotFound."""
    book, on = services_of(request).reference.known().funding.book, asked_day(request)
    return _table(request, [to_scheme(book, request.path_params["id"], on)], on)


def _table(request: Request, schemes: Iterable[SchemeView], on: date) -> Response:
    lines = [to_line(COLUMNS), *(to_line(to_cells(each, on)) for each in schemes)]
    answer = cacheable(request, (BYTE_ORDER_MARK + "".join(lines)).encode(), CSV.media_type)
    answer.headers.update(CSV.headers(None))
    return answer


def to_cells(scheme: SchemeView, on: date) -> Sequence[object]:
    """Return a scheme as the cells of COLUMNS; what no rule of the day tells is empty."""
    rule = current_of(scheme)
    sources = [*(rule.sources if rule else ()), *scheme.sources]
    return (
        scheme.id, scheme.label, KINDS[scheme.kind], _joined(PAYS[each] for each in scheme.pays),
        COVERS[scheme.covers], _joined(each.label for each in scheme.funders), scheme.decides, scheme.summary,
        scheme.starts, STATES[scheme.state], on, rule and rule.from_, rule and rule.to, rule and rule.verify_by,
        _joined(map(_condition, rule.conditions) if rule else ()), _joined(rule.judged if rule else ()),
        _joined(map(deadline_text, rule.deadlines) if rule else ()), _joined(rule.documents if rule else ()),
        _joined(map(_figure, rule.figures) if rule else ()), _joined(each.label for each in scheme.contacts),
        _joined(map(_source, sources)), _joined(each.text for each in sources if not each.verified),
    )  # fmt: skip


def _joined(texts: Iterable[str]) -> str | None:
    return " | ".join(texts) or None


def _condition(condition: ConditionView) -> str:
    return condition.text


def _figure(figure: FigureView) -> str:
    per = " par mois" if figure.per == "month" else ""
    return f"{figure.label} ({ROLES[figure.role]}) : {wording.euros(figure.euros)}{per}, {figure.from_} à {figure.to}"


def _source(source: SourceView) -> str:
    return f"{source.text} (lu le {source.read_on})"


async def changes_atom(request: Request) -> Response:
    """Send the newest changes of the rules: sources read, versions and figures that began or ended."""
    refuse(unknown_faults(request.query_params.multi_items()))
    services = services_of(request)
    book = services.reference.known().funding.book
    changes = find_changes(book, services.settings.current_day())[:ENTRIES]
    feed = build_feed(changes, Address(site_address(request, services.settings), ""), services.settings.editor)
    return cacheable(request, to_document(feed), MEDIA_TYPE)


def build_feed(changes: Sequence[Change], address: Address, editor: str) -> Element:
    """Return the document; each entry is dated by the day of its change and keeps its name for ever."""
    feed = root("feed", ATOM)
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    add(feed, "title", wording.typeset("Boussole : qui paie une formation, ce qui change dans les règles"))
    add(feed, "id", f"{address.tag}financements")
    add(feed, "updated", _stamp(changes[0].day if changes else NEVER.date()))
    add(feed, "link", rel="self", type="application/atom+xml", href=f"{address.site}{FEED_PATH}")
    add(feed, "link", rel="alternate", type="text/html", href=f"{address.site}{PATH}")
    add(add(feed, "author"), "name", editor or "Boussole")
    for change in changes:
        entry = add(feed, "entry")
        name = "/".join(filter(None, (change.scheme, change.kind, change.day.isoformat(), change.name)))
        add(entry, "id", f"{address.tag}financements/{name}")
        add(entry, "title", wording.typeset(f"{change.label} : {CHANGES[change.kind]}"))
        add(entry, "updated", _stamp(change.day))
        add(entry, "link", rel="alternate", type="text/html", href=f"{address.site}{PATH}/{change.scheme}")
        add(entry, "summary", wording.typeset(change.text))
    return feed


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
