"""Distributes changed figures to the subscriptions of their sessions; independent of engine and HTTP."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from seats.ledger.follower import Change

Pair = tuple[str, str]  # session key, funder
EVENTS_AT_ONCE: Final = 200  # events returned at once: some 80 kB


@dataclass(frozen=True, slots=True)
class Event:
    """A changed figure, encoded once for all subscribers."""

    pair: Pair
    number: int
    sequence: int
    data: bytes


class Subscription:
    """The pending events of one client: at most one per session and funder, however slowly it reads.

    ``wake`` is called when an event is available. While the subscription is held (the client still lacks earlier
    events), events accumulate and ``take`` returns none.
    """

    __slots__ = ("_held", "_pending", "_sent", "_wake", "keys")

    def __init__(self, keys: Sequence[str], wake: Callable[[], None], *, held: bool) -> None:
        self.keys = keys
        self._wake = wake
        self._held = held
        self._pending: dict[Pair, Event] = {}
        self._sent: dict[Pair, int] = {}

    def offer(self, event: Event) -> None:
        """Add an event unless it, or a newer figure for the same session and funder, is pending or was taken."""
        waiting = self._pending.get(event.pair)
        known = self._sent.get(event.pair, -1) if waiting is None else waiting.sequence
        if event.sequence <= known:
            return
        # Appended, so that events are taken in sequence order: a client resumes after its last one.
        self._pending.pop(event.pair, None)
        self._pending[event.pair] = event
        if not self._held:
            self._wake()

    def catch_up(self, earlier: Iterable[Event]) -> None:
        """Add the events before the subscription, and release it."""
        for event in earlier:
            self.offer(event)
        self._pending = {event.pair: event for event in sorted(self._pending.values(), key=lambda event: event.number)}
        self._held = False
        if self._pending:
            self._wake()

    def take(self) -> bytes:
        """Return the next events as bytes, empty if there are none; taken events count as sent."""
        if self._held:
            return b""
        events = list(islice(self._pending.values(), EVENTS_AT_ONCE))
        for event in events:
            del self._pending[event.pair]
            self._sent[event.pair] = event.sequence
        return b"".join(event.data for event in events)


class Hub:
    """All subscriptions of one process by session: a change costs time only for its subscribers."""

    def __init__(self, encode: Callable[[Change], bytes]) -> None:
        self._encode = encode
        # Most sessions have one subscriber: a set for each would take more memory than everything else here.
        self._by_key: dict[str, Subscription | set[Subscription]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def sessions(self) -> int:
        """Return the number of sessions with subscribers."""
        return len(self._by_key)

    def subscribe(self, keys: Sequence[str], wake: Callable[[], None], *, held: bool = False) -> Subscription:
        """Return a subscription to sessions, each named once.

        A session is named by its key, or by its number if that looks like a key: the two cannot be distinguished.
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
        """Remove a subscription."""
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
        """Offer changes, in sequence order, to their subscribers."""
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
        """Return the event of a change."""
        told = change.statement
        return Event((told["session_key"], told["funder"]), change.number, told["sequence"], self._encode(change))
