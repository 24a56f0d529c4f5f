"""``/style``: every component in every state, with invented content, to check changes to style sheets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from search_app.pages.offer.facts import ContactCard, Fact, FactList, Value
from search_app.pages.offer.related import Related
from search_app.pages.offer.sessions import SessionRow
from search_app.pages.search.chips import Chip
from search_app.pages.search.facet_lists import Box, FacetList
from search_app.pages.search.form import Choice, Field, SelectField, TextField, Tick
from search_app.pages.search.groups import GroupLine
from search_app.pages.search.paging import PageLink, Paging
from search_app.pages.search.understood_note import UnderstoodNote
from search_app.pages.shared.cards import Card, SessionLine
from search_app.pages.shared.layout import Layout, Link, Page
from search_app.search.passed import BEGUN, ENDED
from search_app.search.present.seat_lines import NOT_KNOWN, LiveSeats, SeatLine, State
from search_app.search.present.sessions import contradiction_text
from search_app.text import wording

SEEN: Final = "2026-11-20T09:00:00Z"
HERE: Final = "/style"
COLOURS: Final = (
    "paper", "surface", "ink", "ink-soft", "line", "brand", "band", "needle", "some", "none", "warn", "focus",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StylePage(Page):
    """One example of each component, or one per state."""

    colours: tuple[str, ...]
    fields: tuple[Field, ...]
    chips: tuple[Chip, ...]
    notes: tuple[UnderstoodNote, ...]
    cards: tuple[Card, ...]
    sessions: tuple[SessionRow, ...]
    facts: tuple[Fact, ...]
    contacts: tuple[ContactCard, ...]
    related: Related
    paging: Paging


def build_style_page() -> StylePage:
    """Return the page."""
    cards = _cards()
    return StylePage(
        layout=Layout("Composants", indexed=False, sheets=("offer.css", "style.css")),
        colours=COLOURS,
        fields=_fields(),
        chips=(Chip("Mots", "« soudeur »", HERE), Chip("Qui paie", "Région", HERE, shown_kind=True)),
        notes=_notes(),
        cards=cards,
        sessions=_rows(),
        facts=_facts(),
        contacts=(ContactCard("Accueil", "Claude Martin", (Value("05 63 00 00 00", "tel:0563000000"),)),),
        related=Related("La même formation ailleurs", cards[:2], Link("Voir tout (12 offres)", HERE)),
        paging=_paging(),
    )


def _fields() -> tuple[Field, ...]:
    text = TextField("exemple", "Champ de texte", "soudeur", "Une aide, si elle est utile")
    boxes = (Box("2", "Région", 31, True), Box("4", "France Travail", 7, False), Box("10", "OPCO", 0, False))
    return (
        text,
        replace(text, name="faux", label="Champ à corriger", value="cher", hint="", error="Un nombre est attendu."),
        TextField("jour", "Date", "2027-03-01", kind="date"),
        SelectField("choix", "Choix", (Choice("30", "30 km", True), Choice("50", "50 km", False))),
        Tick("case", "Case à cocher", True),
        FacetList("liste", "Liste avec des nombres", boxes[:2], boxes[2:], 1, True),
    )


def _notes() -> tuple[UnderstoodNote, ...]:
    corrected = UnderstoodNote(
        corrected="soudeur",
        as_typed=Link("Chercher « soudeurre » quand même", HERE),
        filters=("« à Castres » : un lieu",),
        without_filters=Link("Chercher ces mots tels quels", HERE),
        also=("« soudage »",),
        without_also=Link("Chercher sans ces autres mots", HERE),
        jobs=("Soudage manuel",),
    )
    return corrected, UnderstoodNote(loose=True)


def _seats() -> dict[str, SeatLine]:
    some = SeatLine("some", "9 places restantes sur 12", "Région", "vu il y a 3 jours", SEEN, False, "2", 9)
    return {
        "some": some,
        "old": replace(some, age="chiffre ancien, vu il y a 12 jours", old=True),
        "none": replace(some, tone="none", text="Complet, aucune place restante sur 12", available=0),
        "unknown": SeatLine("unknown", NOT_KNOWN),
    }


def _cards() -> tuple[Card, ...]:
    seats = _seats()
    open_state = State("open", "Inscriptions ouvertes")
    when, lines = "Du 1er mars au 30 juin 2027", (seats["some"], seats["unknown"])
    first = SessionLine(when, open_state, lines, None, None, _live(1))
    plain = Card(
        title="CAP Cuisine",
        href=HERE,
        group=None,
        provider="Les Ateliers du Pastel",
        place="Albi (81)",
        remote=False,
        distance="à 12 km",
        facts=("En présentiel", "800 h", "Niveau 3 (CAP, BEP)"),
        certification="CAP cuisine",
        free=wording.FREE,
        price=None,
        funders="Financeurs : Région",
        sessions=(first,),
        no_session=None,
        more_sessions=None,
    )
    return plain, *_other_cards(plain, first, seats)


def _other_cards(plain: Card, first: SessionLine, seats: Mapping[str, SeatLine]) -> tuple[Card, ...]:
    """Return cards with contradictions, without a place or a date, and of a training at several places."""
    closed = State("closed", "Inscriptions closes")
    full = replace(first, seats=(seats["none"],), contradiction=contradiction_text("open_full", 0), live=_live(2))
    left = replace(first, state=closed, seats=(seats["old"],), contradiction=contradiction_text("closed_left", 9))
    return (
        replace(
            plain,
            title="Complet, et fermé avec des places",
            sessions=(full, replace(left, live=_live(3), passed=BEGUN)),
            free=None,
            price="1 250 €",
        ),
        replace(
            plain,
            title="À distance, sans date",
            place="À distance",
            remote=True,
            distance=None,
            certification=None,
            free=None,
            funders=None,
            sessions=(),
            no_session="Dates des sessions non communiquées",
        ),
        replace(
            plain,
            title="Une formation à plusieurs endroits",
            more_sessions="2 autres sessions hors de cette recherche",
            group=GroupLine("43 offres, la plus proche à 4 km", HERE),
            sessions=(replace(first, live=_live(4)),),
        ),
    )


def _live(number: int) -> LiveSeats:
    return LiveSeats(f"style{number}", "session du 1er mars 2027", "open")


def _rows() -> tuple[SessionRow, ...]:
    seats = _seats()
    row = SessionRow(
        when="Du 1er mars au 30 juin 2027", over=False, marked_over=False, state=State("open", "Inscriptions ouvertes"),
        seats=(seats["some"],), contradiction=None, registration=("Inscription jusqu’au 15 février 2027",), contacts=(),
        url=None, number="S1", live=_live(5),
    )  # fmt: skip
    over = replace(row, when="Mars 2026", marked_over=True, state=None, seats=(seats["unknown"],), registration=())
    over = replace(over, live=_live(6))
    ended = replace(over, when="En mars 2026", marked_over=False, passed=ENDED, live=_live(7))
    return row, over, ended


def _facts() -> tuple[Fact, ...]:
    facts = FactList().add("Un terme", "Sa valeur").add("Plusieurs valeurs", "France Travail", "Région")
    return facts.add_prose("Un texte", "Une phrase, puis une liste.\n- un point\n- un autre").all()


def _paging() -> Paging:
    links = (PageLink(1, HERE), PageLink(2, HERE, current=True), PageLink(None, ""), PageLink(40, HERE))
    return Paging(page=2, pages=40, previous=HERE, following=HERE, links=links, cut=True)
