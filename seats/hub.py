"""Hands changed figures to those who asked for their sessions; knows neither engine nor HTTP."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from seats.ledger.follower import Change

Pair = tuple[str, str]  # session key, funder
EVENTS_AT_ONCE: Final = 200  # taken in one go: some 80 kB, whatever has gathered


@dataclass(frozen=True, slots=True)
class Event:
    """A changed figure, encoded once for everyone who wants it."""

    pair: Pair
    number: int
    sequence: int
    data: bytes


class Subscription:
    """The events that one client has not had yet: at most one a session and funder, however slow the client is.

    ``wake`` is called whenever there is something to take. While it is held back (the client still lacks what
    came before) events gather, and nothing can be taken.
    """

    __slots__ = ("_held", "_pending", "_sent", "_wake", "keys")

    def __init__(self, keys: Sequence[str], wake: Callable[[], None], *, held: bool) -> None:
        self.keys = keys
        self._wake = wake
        self._held = held
        self._pending: dict[Pair, Event] = {}
        self._sent: dict[Pair, int] = {}

    def offer(self, event: Event) -> None:
        """Add an event unless it, or a newer figure in its place, was taken or waits already."""
        waiting = self._pending.get(event.pair)
        known = self._sent.get(event.pair, -1) if waiting is None else waiting.sequence
        if event.sequence <= known:
            return
        # At the end, so that what is taken is in the order of the numbers: a client resumes after the last it had.
        self._pending.pop(event.pair, None)
        self._pending[event.pair] = event
        if not self._held:
            self._wake()

    def catch_up(self, earlier: Iterable[Event]) -> None:
        """Add what came before the subscription, and hold nothing back any longer."""
        for event in earlier:
            self.offer(event)
        self._pending = {event.pair: event for event in sorted(self._pending.values(), key=lambda event: event.number)}
        self._held = False
        if self._pending:
            self._wake()

    def take(self) -> bytes:
        """Return the next events as bytes, none if there are none; what was taken counts as sent."""
        if self._held:
            return b""
        events = list(islice(self._pending.values(), EVENTS_AT_ONCE))
        for event in events:
            del self._pending[event.pair]
            self._sent[event.pair] = event.sequence
        return b"".join(event.data for event in events)


class Hub:
    """All subscriptions of one process, found by session: a change costs only those who want it."""

    def __init__(self, encode: Callable[[Change], bytes]) -> None:
        self._encode = encode
        # Most sessions are looked at by one client: a set for each would take more memory than all else here.
        self._by_key: dict[str, Subscription | set[Subscription]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def sessions(self) -> int:
        """Return how many sessions are looked at."""
        return len(self._by_key)

    def subscribe(self, keys: Sequence[str], wake: Callable[[], None], *, held: bool = False) -> Subscription:
        """Return a subscription to sessions, each named once.

        A session is named by its key, or by its number where that looks like a key: nobody can tell these two apart.
        """
        made = Subscription(keys, wake, held=held)
        for key in keys:
            present = self._by_key.get(key)
            if present is None:
                self._by_key[key] = made
            elif isinstance(present, set):
                present.add(made)
            else:
                self._by_key[key] = {present, made}
        self._count += 1
        return made

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a subscription; it gets nothing more."""
        for key in subscription.keys:
            present = self._by_key[key]
            if isinstance(present, set):
                present.discard(subscription)
                if len(present) == 1:
                    self._by_key[key] = present.pop()
            else:
                del self._by_key[key]
        self._count -= 1

    def publish(self, changes: Iterable[Change]) -> None:
        """Offer changes, in the order of their numbers, to those who want them."""
        for change in changes:
            told = change.statement
            found = [wanted for name in (told["session_key"], told["session"]) if (wanted := self._by_key.get(name))]
            if not found:
                continue
            event = self.to_event(change)
            for wanted in found:
                for subscription in wanted if isinstance(wanted, set) else (wanted,):
                    subscription.offer(event)

    def to_event(self, change: Change) -> Event:
        """Return a change as it is sent."""
        told = change.statement
        return Event((told["session_key"], told["funder"]), change.number, told["sequence"], self._encode(change))
