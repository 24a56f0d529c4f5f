"""``/style``: every component in every state, with invented content, to check changes to style sheets."""

from dataclasses import dataclass, replace
from typing import Final

from search_app.pages.offer.facts import ContactCard, Fact, FactList, Value
from search_app.pages.offer.related import Related
from search_app.pages.offer.sessions import SessionRow
from search_app.pages.search.chips import Chip
from search_app.pages.search.facet_lists import Box, FacetList
from search_app.pages.search.fields import Choice, Field, SelectField, TextField, Tick
from search_app.pages.search.paging import PageLink, Paging
from search_app.pages.search.results.card import FREE, UNKNOWN_PRICE, ResultCard, ShownSession
from search_app.pages.search.results.parts import Part
from search_app.pages.search.results.trainings import TrainingRow
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
    parts: tuple[Part, ...]
    sessions: tuple[SessionRow, ...]
    facts: tuple[Fact, ...]
    contacts: tuple[ContactCard, ...]
    related: Related
    paging: Paging


def build_style_page() -> StylePage:
    """Return the page."""
    return StylePage(
        layout=Layout("Composants", indexed=False, sheets=("results.css", "offer.css", "style.css")),
        colours=COLOURS,
        fields=_fields(),
        chips=(Chip("Mots", "« soudeur »", HERE), Chip("Qui paie", "Région", HERE, shown_kind=True)),
        notes=_notes(),
        parts=_results(),
        sessions=_rows(),
        facts=_facts(),
        contacts=(ContactCard("Accueil", "Claude Martin", (Value("05 63 00 00 00", "tel:0563000000"),)),),
        related=Related("La même formation ailleurs", _cards(), Link("Voir tout (12 offres)", HERE)),
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


def _results() -> tuple[Part, ...]:
    """Return offers with a place, with contradictions, remote without a date; and a training at several places."""
    seats = _seats()
    first = ShownSession("1er mars 2027", None, None, None, seats["some"], _live(1), "2:9", "")
    full = replace(first, seats=seats["none"], contradiction=contradiction_text("open_full", 0), live=_live(2))
    closed = replace(
        first, state=State("closed", "Inscriptions closes"), seats=seats["old"],
        contradiction=contradiction_text("closed_left", 9),
        live=_live(3), passed=BEGUN,
    )  # fmt: skip
    plain = ResultCard(
        key="style2345671", title="CAP Cuisine", href=HERE, provider="Les Ateliers du Pastel", place="Albi",
        distance="12 km", session=first, price=FREE, conditional=True, hours="800 h", entry="Sans diplôme exigé",
        leads_to="→ CAP ou BEP", more_dates="+ 2 autres dates", phone="05 63 00 00 00",
    )  # fmt: skip
    others = (
        replace(plain, key="style2345672", title="Complète", session=full, price="1 250 €", conditional=False),
        replace(plain, key="style2345673", title="Close, avec des places", session=closed, more_dates=None),
    )
    remote = replace(
        plain, key="style2345674", title="À distance, sans date", place="À distance", distance=None, session=None,
        price=UNKNOWN_PRICE, conditional=False, hours=None, leads_to=None, more_dates=None, phone=None,
    )  # fmt: skip
    lines = tuple(
        replace(plain, key=f"style234567{n}", place=town, session=replace(first, live=_live(n)))
        for n, town in ((5, "Gaillac"), (6, "Castres"))
    )
    training = TrainingRow("Une formation à plusieurs endroits", HERE, lines, "Voir les 43 offres")
    return Part("sur-place", "Sur place (5)", (plain, *others, training)), Part(
        "a-distance", "À distance (1)", (remote,)
    )


def _cards() -> tuple[Card, ...]:
    """Return two related offers."""
    seats = _seats()
    session = SessionLine("Du 1er mars au 30 juin 2027", None, (seats["some"],), None, None, _live(7))
    plain = Card(
        title="CAP Cuisine", href=HERE, provider="Les Ateliers du Pastel", place="Albi (81)", remote=False,
        distance="à 12 km", facts=("En présentiel", "800 h"), certification="CAP cuisine", free=wording.FREE,
        price=None, funders="Financeurs : Région", sessions=(session,), no_session=None, more_sessions=None,
    )  # fmt: skip
    return plain, replace(
        plain, title="CAP Pâtissier", place="Castres (81)", sessions=(), no_session="Dates à demander"
    )


def _live(number: int) -> LiveSeats:
    return LiveSeats(f"style{number}", "session du 1er mars 2027", "open")


def _rows() -> tuple[SessionRow, ...]:
    seats = _seats()
    row = SessionRow(
        when="Du 1er mars au 30 juin 2027", over=False, marked_over=False, state=State("open", "Inscriptions ouvertes"),
        seats=(seats["some"],), contradiction=None, registration=("Inscription jusqu’au 15 février 2027",), contacts=(),
        url=None, number="S1", live=_live(8),
    )  # fmt: skip
    over = replace(row, when="Mars 2026", marked_over=True, state=None, seats=(seats["unknown"],), registration=())
    over = replace(over, live=_live(9))
    ended = replace(over, when="En mars 2026", marked_over=False, passed=ENDED, live=_live(10))
    return row, over, ended


def _facts() -> tuple[Fact, ...]:
    facts = FactList().add("Un terme", "Sa valeur").add("Plusieurs valeurs", "France Travail", "Région")
    return facts.add_prose("Un texte", "Une phrase, puis une liste.\n- un point\n- un autre").all()


def _paging() -> Paging:
    links = (PageLink(1, HERE), PageLink(2, HERE, current=True), PageLink(None, ""), PageLink(40, HERE))
    return Paging(page=2, pages=40, previous=HERE, following=HERE, links=links, cut=True)
