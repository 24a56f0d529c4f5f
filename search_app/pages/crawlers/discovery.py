"""/opensearch.xml, for the address bar of browsers, and /llms.txt, for assistants: both made of existing routes."""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from search_app.base.site_address import site_address
from search_app.pages.info.pages import INFO_ROWS
from search_app.pages.portal.frame import INDEX_LINKS
from search_app.pages.shared.assets import ONE_DAY
from search_app.search.service import services_of

SHORT_NAME: Final = "Boussole"  # 16 characters at most: OpenSearch 1.1
DESCRIPTION: Final = "Formations professionnelles à venir"
OPENSEARCH_TYPE: Final = "application/opensearchdescription+xml"
LIST_ABOUT: Final = {
    "jobs": "métiers, ce qu’ils sont, comment y entrer, formations qui y mènent",
    "domains": "formations par domaine, avec des mots de tous les jours",
    "territories": "formations par région, département, ville",
}
DATA: Final = (
    ("Recherche (page)", "/offres", "accepte en paramètres tout ce que l’API accepte"),
    ("Organismes", "/organismes", "organismes de la liste publique et du catalogue, avec leurs offres"),
    ("Qui paie", "/financements", "dispositifs qui paient une formation : conditions, montants, délais, sources"),
    (
        "Documents (page)",
        "/documents",
        "fiches, textes officiels, guides, fiches métiers, actualités, et leurs flux",
    ),
    ("Documents à moissonner", "/oai?verb=Identify", "OAI-PMH 2.0, en Dublin Core"),
    (
        "Pilotage (page)",
        "/pilotage",
        "offres, sessions, places et prix par territoire, domaine, financeur",
    ),
    ("Description de l’API", "/api/v1/openapi.json", "OpenAPI : recherche, offres, lieux, places, exports"),
    ("Plan du site (XML)", "/sitemap.xml", "toutes les adresses, avec la date de leur dernière nouveauté"),
    ("Sources", "/sources", "catalogues chargés, et depuis quand"),
)

TOOLS: Final = (
    "Outils pour assistants (MCP)",
    "/mcp",
    "POST, Model Context Protocol : chercher, lire une offre, compter, trouver un code, suivre les places",
)


async def opensearch(request: Request) -> Response:
    """Describe the search to browsers."""
    site = site_address(request, services_of(request).settings)
    return Response(
        build_description(site), media_type=OPENSEARCH_TYPE, headers={"Cache-Control": ONE_DAY}
    )  # fmt: skip


def build_description(site: str) -> str:
    """Return the OpenSearch description of a site."""
    found = quoteattr(f"{site}/offres?q={{searchTerms}}&upcoming=true")
    suggested = quoteattr(f"{site}/api/v1/suggest.opensearch?q={{searchTerms}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{SHORT_NAME}</ShortName><Description>{DESCRIPTION}</Description>"
        f'<Url type="text/html" template={found}/>'
        f'<Url type="application/x-suggestions+json" template={suggested}/>'
        f'<Image type="image/svg+xml">{site}/favicon.ico</Image>'
        "<Language>fr</Language><InputEncoding>UTF-8</InputEncoding><OutputEncoding>UTF-8</OutputEncoding>"
        "</OpenSearchDescription>\n"
    )


async def llms(request: Request) -> Response:
    """Describe the site to assistants."""
    settings = services_of(request).settings
    lines = llms_lines(site_address(request, settings), with_tools=settings.mcp)
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": ONE_DAY})


def llms_lines(site: str, *, with_tools: bool = False) -> Iterator[str]:
    """Yield the lines of llms.txt: title, quotation, lists of links; with the door for assistants if it is open."""
    yield "# Boussole"
    yield ""
    yield "> Les formations professionnelles : leurs dates, leurs lieux, qui les paie, les places qui restent."
    yield ""
    yield "## Parcourir"
    yield ""
    yield from (f"- [{link.text}]({site}{link.href}): {LIST_ABOUT[name]}" for name, link in INDEX_LINKS.items())
    yield ""
    yield "## Chercher et lire"
    yield ""
    rows = (*DATA, TOOLS) if with_tools else DATA
    yield from (f"- [{text}]({site}{path}): {about}" for text, path, about in rows)
    yield ""
    yield "## Optional"
    yield ""
    yield from (f"- [{row.title}]({site}{row.path}): {row.about}" for row in INFO_ROWS)
