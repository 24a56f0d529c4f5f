"""``/widgets``: a form that makes the text to copy, with a live example, and the integrator's documentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import BadParameters, EngineError, EngineRefused, Fault, UnknownOffer
from search_app.base.site_address import site_address
from search_app.pages.shared.layout import Layout, Page, to_freshness
from search_app.pages.shared.render import respond, respond_error
from search_app.pages.widgets.embed import Embed, build_embed, example_offer, own_hosts, unmeasured_embed
from search_app.pages.widgets.kinds import DEFAULT_SIZE, KINDS, LARGEST_SIZE, Kind, Target, parse_target
from search_app.pages.widgets.loader import EVERGREEN
from search_app.pages.widgets.snippets import Snippets, build_snippets
from search_app.pages.widgets.theme import CONFIGURATOR, CORNERS, SCHEMES, Theme, fault_of, split_theme
from search_app.search.links import Pairs, replaced
from search_app.search.params import PARAMETERS
from search_app.search.service import Services, services_of
from search_app.text import wording

TEMPLATE: Final = "widgets/configurator.html"
USUAL_KIND: Final = "liste"
KIND_OF_OFFER: Final = "offre"
LONGEST_ADDRESS: Final = 4_000  # characters


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ConfiguratorForm:
    """The fields as they stand."""

    kinds: tuple[Option, ...]
    address: str
    size: str
    accent: str
    corners: tuple[Option, ...]
    schemes: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ConfiguratorPage(Page):
    """The context; with ``faults`` there is no text to copy. ``note`` says what the example lacks."""

    form: ConfiguratorForm
    site: str
    host: str
    loader: str
    kinds: tuple[Kind, ...]
    most: int
    usual_size: int
    snippets: Snippets | None = None
    faults: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says: kind (``chosen`` by the reader or the page, else the usual one), page, theme, and faults."""

    kind: str
    chosen: bool
    target: Target
    address: str
    theme: Theme
    faults: tuple[Fault, ...]


def read_wish(pairs: Pairs, hosts: frozenset[str]) -> Wish:
    """Return what the form says.

    The page is named by its ``address``, or by ``key`` or the parameters of a search themselves; it chooses the kind
    where none is given.
    """
    theme, others, faults = split_theme(pairs)
    given = {name: value.strip() for name, value in others if value.strip()}
    target = _target(others, given, hosts)
    kind = given.get("kind") or (KIND_OF_OFFER if target and target.offer else USUAL_KIND)
    if kind not in KINDS:
        faults.append(fault_of("kind", kind, ", ".join(KINDS), "cette valeur n’est pas dans la liste"))
        kind = USUAL_KIND
    elif target is not None:
        faults.extend(_mismatch(KINDS[kind], target, named="address" in given))
    if target is None:
        allowed = f"l’adresse d’une recherche ou d’une offre de ce site ({', '.join(sorted(hosts))})"
        faults.append(fault_of("address", given["address"], allowed, "ce n’est pas une page d’ici"))
        target = Target()
    if given.get("size") and not target.offer:
        target = Target(replaced(target.pairs, "size", given["size"]))
    chosen = "kind" in given or target != Target()
    return Wish(kind, chosen, target, given.get("address", "")[:LONGEST_ADDRESS], theme, tuple(faults))


def _mismatch(kind: Kind, target: Target, *, named: bool) -> list[Fault]:
    """Return the fault of a kind that does not show this page; an offer ``named`` by no address has an example."""
    if target.offer and not kind.of_offer:
        why = "cette sorte de cadre montre une recherche, et la page donnée est une offre"
    elif kind.of_offer and not target.offer and (named or target.pairs):
        why = "cette sorte de cadre montre une offre, et la page donnée est une recherche"
    else:
        return []
    allowed = ", ".join(each.name for each in KINDS.values() if each.of_offer != kind.of_offer)
    return [fault_of("kind", kind.name, allowed, why)]


def _target(others: Pairs, given: Mapping[str, str], hosts: frozenset[str]) -> Target | None:
    if "address" in given:
        return parse_target(given["address"][:LONGEST_ADDRESS], hosts)
    if "key" in given:
        return Target(offer=given["key"])
    return Target(pairs=tuple((name, value) for name, value in others if name in PARAMETERS and value.strip()))


async def configurator(request: Request) -> Response:
    """Render the configurator; a wrong field is a 400 that keeps the form."""
    services = services_of(request)
    site = site_address(request, services.settings)
    wish = read_wish(tuple(request.query_params.multi_items()), own_hosts(request, services))
    try:
        if wish.faults:
            raise BadParameters(wish.faults)
        embed, note = await _embed(services, wish)
    except (BadParameters, UnknownOffer) as error:
        faults = (
            tuple(fault.message for fault in error.faults) if isinstance(error, BadParameters) else (error.message,)
        )
        page = _page(services, wish, site, faults=tuple(map(wording.typeset, faults)))
        return respond_error(request, TEMPLATE, page, error.status, error.headers())
    return respond(request, TEMPLATE, _page(services, wish, site, embed=embed, note=note))


async def _embed(services: Services, wish: Wish) -> tuple[Embed, str]:
    """Return the frame, and what the reader should know of it."""
    target, note = wish.target, ""
    kind = KINDS[wish.kind]
    try:
        if kind.of_offer and not target.offer:
            target = Target(offer=await example_offer(services))
            note = f"L’exemple montre une offre prise au hasard{wording.NBSP}: donnez l’adresse de la vôtre."
        if kind.of_offer and not target.offer:
            return unmeasured_embed(USUAL_KIND, wish.theme), "Aucune offre ne peut servir d’exemple en ce moment."
        return await build_embed(services, wish.kind, target, wish.theme), note
    except (EngineError, EngineRefused):
        note = f"Le moteur de recherche ne répond pas{wording.NBSP}: le texte vaut pour toutes les formations."
        name = USUAL_KIND if kind.of_offer else kind.name
        return unmeasured_embed(name, wish.theme), note


def _page(
    services: Services, wish: Wish, site: str, *, embed: Embed | None = None, faults: Sequence[str] = (), note: str = ""
) -> ConfiguratorPage:
    settings = services.settings
    address = wish.address or (f"{site}{wish.target.page}" if wish.target != Target() else "")
    return ConfiguratorPage(
        layout=Layout(
            "Widgets",
            description="Afficher des formations, une recherche ou des places en direct sur votre site.",
            canonical=CONFIGURATOR,
            freshness=to_freshness(services.reference.source_states(settings.current_day())),
            sheets=("info.css", "widgets.css"),
            scripts=("widgets.js",),
        ),
        form=ConfiguratorForm(
            kinds=tuple(Option(kind.name, f"{kind.label}, {kind.about}", wish.chosen and kind.name == wish.kind)
                        for kind in KINDS.values()),
            address=address,
            size=next((value for name, value in wish.target.pairs if name == "size"), ""),
            accent=wish.theme.accent,
            corners=_options(CORNERS, wish.theme.corners),
            schemes=_options(SCHEMES, wish.theme.scheme),
        ),
        site=site,
        host=site.partition("://")[2],
        loader=EVERGREEN,
        kinds=tuple(KINDS.values()),
        most=LARGEST_SIZE,
        usual_size=DEFAULT_SIZE,
        snippets=build_snippets(embed, site) if embed else None,
        faults=tuple(faults),
        note=note,
    )  # fmt: skip


def _options(labels: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in labels.items())
