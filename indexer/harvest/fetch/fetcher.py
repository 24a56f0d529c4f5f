"""Asks a source for one page after the other: bounded waits, bounded sizes, checked redirects, honest retries."""

import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Final
from urllib.parse import urljoin

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.exchange import Answer, Bounds, Unreachable, ask
from indexer.harvest.fetch.targets import Resolve, Target, find_target, origin_of, resolve_host

REDIRECTS: Final = (301, 302, 303, 307, 308)
MOST_REDIRECTS: Final = 5
ASKS_TO_WAIT: Final = (429, 503)
MAY_PASS: Final = (500, 502, 504)
RETRY_PAUSE: Final = 2.0  # seconds before the one repetition after a lost connection or a fault of the server
POLITE_PAUSE: Final = 5.0  # seconds if a server asks to wait without saying how long
LONGEST_WAIT: Final = 120.0  # seconds that one request waits at most, over all answers that ask to
MOST_WAITS: Final = 5


class BadStatus(SourceFault):
    """An answer came, and it is not the page that was asked for."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Fetcher:
    """Requests of one run; ``home`` is the operator's address, whose origin is the only one that may be private."""

    home: str
    bounds: Bounds = field(default_factory=Bounds)
    resolve: Resolve = resolve_host
    sleep: Callable[[float], None] = time.sleep
    requests: int = 0
    began: float = field(default_factory=time.monotonic)

    def get(self, url: str, into: BinaryIO | None = None, bounds: Bounds | None = None) -> Answer:
        """Return the whole answer to a request; raises SourceFault if there is none, BadStatus if it is not 200.

        With ``into`` the body is written there and not kept in memory; ``bounds`` replace those of the run.
        """
        self.check_time(url)
        within = bounds or self.bounds
        target = find_target(url, is_trusted=origin_of(url) == origin_of(self.home), resolve=self.resolve)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._answer(target, into, within)
            if answer.status not in REDIRECTS:
                break
            place = _place(target.url, answer.headers.get("location", ""))
            target = find_target(place, is_trusted=False, resolve=self.resolve)
        else:
            raise SourceFault(f"{one_line(url)}: more than {MOST_REDIRECTS} redirects")
        if answer.status != 200:
            raise BadStatus(f"{one_line(target.url)}: answered with status {answer.status}", answer.status)
        return answer

    def check_time(self, what: str) -> None:
        """Raise SourceFault if the harvest takes too long."""
        if time.monotonic() - self.began > self.bounds.run:
            raise SourceFault(f"{one_line(what)}: the harvest takes longer than {self.bounds.run / 60:.3g} minutes")

    def _answer(self, target: Target, into: BinaryIO | None, bounds: Bounds) -> Answer:
        """Return the first answer that does not ask to come back later."""
        waited, lost = 0.0, 0
        for _ in range(MOST_WAITS):
            self.requests += 1
            try:
                answer = ask(target, bounds, into)
            except Unreachable:
                lost += 1
                if lost > 1:
                    raise
                self.sleep(RETRY_PAUSE)
                continue
            if answer.status in MAY_PASS and not lost:
                lost += 1
                self.sleep(RETRY_PAUSE)
                continue
            if answer.status not in ASKS_TO_WAIT:
                return answer
            pause = pause_of(answer.headers.get("retry-after", ""), datetime.now(UTC))
            waited += pause
            if waited > LONGEST_WAIT:
                raise SourceFault(
                    f"{one_line(target.url)}: status {answer.status}, asks to wait {pause:.0f} s: come back later"
                )
            self.sleep(pause)
        raise SourceFault(f"{one_line(target.url)}: still asks to wait after {MOST_WAITS} attempts")


def _place(base: str, told: str) -> str:
    try:
        return urljoin(base, told)
    except ValueError as error:
        raise SourceFault(f"{one_line(base)}: redirects to {one_line(told)!r}, no address ({error})") from None


def pause_of(told: str, now: datetime) -> float:
    """Return the seconds that a Retry-After asks to wait, a number or a date; at least one.

    >>> pause_of("7", datetime(2026, 11, 30, tzinfo=UTC)), pause_of("soon", datetime(2026, 11, 30, tzinfo=UTC))
    (7.0, 5.0)
    >>> pause_of("Mon, 30 Nov 2026 00:00:20 GMT", datetime(2026, 11, 30, tzinfo=UTC)), pause_of("-4", datetime.now(UTC))
    (20.0, 5.0)
    """
    text = told.strip()
    if text.isascii() and text.isdigit():
        return max(1.0, float(text[:9]))
    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(1.0, (moment - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return POLITE_PAUSE
