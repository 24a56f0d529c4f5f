"""All bodies of a search of the census as a file, streamed and complete: NDJSON for programs, CSV for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Raw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.rates import host_of
from search_app.base.responses import to_bytes
from search_app.census.answer import BodyView, SiteView
from search_app.census.labels import CATEGORY_LABELS
from search_app.census.present import to_provider
from search_app.census.service import CensusExport, export_census, read_census_search
from search_app.exports.files import BYTE_ORDER_MARK, to_line
from search_app.exports.streaming import Body, Form, head_of, stream
from search_app.search.service import services_of

NDJSON_PATH: Final = "/api/v1/providers.ndjson"
CSV_PATH: Final = "/api/v1/providers.csv"
NDJSON: Final = Form("application/x-ndjson")
CSV: Final = Form("text/csv; charset=utf-8", "organismes.csv")
PAGING: Final = frozenset({"page", "size"})  # accepted and ignored
COLUMNS: Final = (
    "siren", "nom", "autres_noms", "ville", "declarations_activite", "anciennes_declarations",
    "declarations_au_catalogue", "dans_la_liste_publique", "liste_publique_du", "sorti_de_la_liste_le", "etat_legal",
    "etat_legal_le", "etat_legal_source", "certification", "certification_du", "certification_perdue_le",
    "stagiaires", "stagiaires_exercice_clos_le", "offres", "offres_a_venir", "responsable", "formateur", "ecarts",
    "questions", "sirets", "communes_des_sites", "departements_des_sites",
    "dates_de_chargement",  # of the dates above: those of lists whose own date is not known
)  # fmt: skip
_STATES: Final = {"active": "ouvert", "ceased": "fermé"}
_SOURCES: Final = {"list": "liste publique", "sirene": "Sirene", "catalogue": "catalogue"}
PartOf = Callable[[BodyView], bytes]
_decode = msgspec.json.Decoder().decode


def provider_export_routes() -> list[Route]:
    """Return the routes of the exports; they must precede the route of a single body."""
    return [Route(NDJSON_PATH, ndjson), Route(CSV_PATH, csv_file)]


async def ndjson(request: Request) -> Response:
    """Send one body per line, as in the JSON answer."""

    def to_part(view: BodyView) -> bytes:
        return to_bytes(view) + b"\n"

    return await _send(request, NDJSON, b"", to_part)


async def csv_file(request: Request) -> Response:
    """Send one line per body: semicolons, one header, formulas disabled; what is not known is empty."""

    def to_part(view: BodyView) -> bytes:
        return to_line(to_cells(view)).encode()

    return await _send(request, CSV, (BYTE_ORDER_MARK + to_line(COLUMNS)).encode(), to_part)


async def _send(request: Request, form: Form, head: bytes, to_part: PartOf) -> Response:
    services = services_of(request)
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in PAGING]
    export = await export_census(services, read_census_search(services, pairs), host_of(request))
    if request.method == "HEAD":
        export.scan.close()
        return head_of(form, export.scan.total)
    return stream(request, export.scan, form, lambda: _body(export, head, to_part))


def _body(export: CensusExport, head: bytes, to_part: PartOf) -> Body:
    def to_parts(record: Raw) -> Iterator[bytes]:
        yield to_part(to_provider(_decode(record), export.counted))

    return Body(to_parts, head)


def to_cells(view: BodyView) -> Sequence[object]:
    """Return a body as the cells of COLUMNS."""
    return (
        view.siren, view.name, _joined(each.name for each in view.also), view.town, _joined(view.ndas),
        _joined(view.former_ndas), _joined(view.stated_ndas), _yes_no(view.listed), view.listed_at, view.left_list_at,
        _STATES.get(view.state or ""), view.state_at, _SOURCES.get(view.state_source or ""), _certification(view),
        view.qualiopi_at, view.qualiopi_lost_at, view.trainees, view.trainees_year_end, view.offers.total,
        view.offers.upcoming, _yes_no(view.responsible), _yes_no(view.trainer), _joined(gap.code for gap in view.gaps),
        _joined(gap.question for gap in view.gaps), _joined(site.siret for site in view.sites),
        _of_sites(view.sites, "insee"), _of_sites(view.sites, "department"),
        _joined(view.untold_dates),
    )  # fmt: skip


def _certification(view: BodyView) -> str | None:
    """Return the categories, "aucune" where the list tells of none, None where it is not known."""
    if view.qualiopi is None:
        return None
    return _joined(CATEGORY_LABELS[each] for each in view.qualiopi) or "aucune indiquée"


def _of_sites(sites: Sequence[SiteView], name: str) -> str | None:
    return _joined(dict.fromkeys(value for site in sites if (value := getattr(site, name))))


def _joined(values: Iterable[str]) -> str | None:
    return " | ".join(values) or None


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "oui" if value else "non"
