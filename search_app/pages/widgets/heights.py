"""Heights of frames, estimated from their texts, so that a page can reserve them before a frame is loaded.

The numbers are those of static/widget.css in pixels; a browser test compares estimates and frames.
"""

import math
from collections.abc import Iterable
from typing import Final

from search_app.pages.search.results.card import ShownSession
from search_app.pages.widgets.frame import Frame
from search_app.pages.widgets.list_frame import ListCard, ListFrame
from search_app.pages.widgets.offer_frame import OfferFrame
from search_app.pages.widgets.search_frame import SearchFrame
from search_app.pages.widgets.session_lines import SessionLine

WIDE: Final = 680  # px of a column of text
NARROW: Final = 360  # of a phone
BREAKPOINT: Final = 560
BODY: Final = 29  # borders and padding
ASIDE: Final = 34  # of the width
HEADING, TITLE, SMALL = 24, 22, 20  # lines of h1; of titles and of ordinary text; of small text
HEADING_SIZE, TITLE_SIZE, SMALL_SIZE = 18, 16, 14  # characters
BUTTON: Final = 44
GAP: Final = 8
CARD: Final = 21  # padding and border of a result
BOLD: Final = 1.06  # how much wider bold text is
LEAST_CARD: Final = 64  # of a result beside its session
SESSION: Final = 17
NOTE: Final = SMALL + 4
PART: Final = 12 + 8 + TITLE
# Widths of characters in a usual sans-serif, in parts of the size.
_NARROW: Final = frozenset("ijlft.,;:!'’|()[]- \u00a0·/r")
_WIDE: Final = frozenset("mwMWOQGœæ%")


def estimate_height(frame: Frame, width: int, *, demonstration: bool = False) -> int:
    """Return the height of a frame of this width, within a few lines."""
    inner = width - ASIDE
    height = BODY + _lines(frame.title, inner, HEADING_SIZE, bold=True) * HEADING + SMALL * demonstration
    if isinstance(frame, SearchFrame):
        height += 2 * GAP + SMALL + (BUTTON + SMALL if width >= BREAKPOINT else 2 * (BUTTON + SMALL) + 2 * GAP + BUTTON)
    elif isinstance(frame, ListFrame):
        height += SMALL + _list(frame, inner, beside=width >= BREAKPOINT)
    elif isinstance(frame, OfferFrame):
        height += _offer(frame, inner, beside=width >= BREAKPOINT)
    return height


def _list(frame: ListFrame, inner: int, *, beside: bool) -> int:
    height = sum(PART * bool(part.title) + GAP for part in frame.parts)
    height += sum(_card(card, inner, beside=beside) for part in frame.parts for card in part.cards)
    return height + GAP + BUTTON + NOTE * bool(frame.parts)


def _card(card: ListCard, inner: int, *, beside: bool) -> int:
    left, right = _columns(inner) if beside else (inner, inner)
    about = _lines(card.link.text, left, TITLE_SIZE, bold=True) * TITLE + _small(card.where, left)
    when = _small(card.no_session, right)
    if card.session:
        when = _small(_when(card.session, card.more_dates), right) + _best(card.session, right)
    return CARD + (max(about, when, LEAST_CARD) if beside else about + when)


def _offer(frame: OfferFrame, inner: int, *, beside: bool) -> int:
    height = _small(frame.where, inner)
    if frame.facts:
        height += 2 * GAP + sum(_small(fact, inner) for fact in frame.facts)
    left, right = _columns(inner)
    if frame.session:
        when, seats = _when(frame.session, frame.others), _best(frame.session, right if beside else inner)
        height += SESSION + (max(_small(when, left), seats) if beside else _small(when, inner) + seats)
    for session in frame.sessions:
        when, seats = _when(session), _seats(session, right if beside else inner)
        height += SESSION + (max(_small(when, left), seats) if beside else _small(when, inner) + seats)
    height += GAP * bool(frame.sessions) + SMALL * bool(frame.sessions and frame.others)
    height += NOTE if frame.session or frame.sessions else _small(frame.no_session, inner)
    phone = _width(frame.phone.text) * TITLE_SIZE + GAP if frame.phone else 0
    way = _width(frame.more.text) * TITLE_SIZE * BOLD + ASIDE + phone
    return height + GAP + BUTTON + (BUTTON + GAP) * (way > inner)


def _columns(inner: int) -> tuple[int, int]:
    return (inner - 2 * GAP) * 3 // 5, (inner - 2 * GAP) * 2 // 5


def _when(session: SessionLine | ShownSession, more: str | None = None) -> str:
    passed = session.passed if isinstance(session, ShownSession) else None
    state = None if isinstance(session, ShownSession) and session.contradiction else session.state
    return "  ".join(text for text in (session.when, passed, state and state.label, more) if text)


def _best(session: ShownSession, width: int) -> int:
    told = " ".join(text for text in (session.seats.short, session.seats.age_if_told) if text)
    return _small(told, width) + (_small(session.contradiction, width) if session.contradiction else 0)


def _seats(session: SessionLine, width: int) -> int:
    height = sum(
        _small(" ".join(text for text in (seat.text, seat.funder, seat.age) if text), width) for seat in session.seats
    )
    return height + (_small(session.contradiction, width) if session.contradiction else 0)


def _small(text: str, width: int) -> int:
    return _lines(text, width, SMALL_SIZE) * SMALL


def _lines(text: str, width: int, size: int, *, bold: bool = False) -> int:
    """Return the number of lines that a text takes."""
    lines, used = 1, 0.0
    for word in text.replace("\u00a0", "_").split():
        length = _width(word) * size * (BOLD if bold else 1)
        if used and used + length > width:
            lines, used = lines + 1, 0.0
        lines += math.floor(length / width)
        used += length + size * 0.28
    return lines


def _width(characters: Iterable[str]) -> float:
    return sum(
        0.3 if each in _NARROW else 0.83 if each in _WIDE else 0.68 if each.isupper() else 0.54 for each in characters
    )
