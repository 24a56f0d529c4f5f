"""Which connections may be open: those that wait give way, those that are answered do not."""

from typing import Any

from search_app.base.errors import AppError, ConnectionsFull, TooManyRequests
from search_app.base.settings import Settings
from search_app.web.server.connections import MOST_REFUSED, Connections


class Held:
    """A connection that knows whether it was dropped."""

    def __init__(self) -> None:
        self.dropped = False

    def drop(self) -> None:
        self.dropped = True


def connections(**settings: Any) -> Connections:
    return Connections(Settings(**settings))


def enter(held: Connections, host: str, *, answering: bool = False) -> tuple[Held, AppError | None]:
    connection = Held()
    error = held.enter(connection, host)
    if answering:
        held.answering(connection)
    return connection, error


def test_the_connection_that_has_waited_longest_gives_way_to_a_new_one() -> None:
    held = connections(connections=3)
    first, second, third = (enter(held, f"192.0.2.{n}")[0] for n in range(3))
    held.answering(first)
    held.answering(second)
    held.waiting(second)  # answered: it has waited for less time than the third
    assert enter(held, "192.0.2.9")[1] is None
    assert [each.dropped for each in (first, second, third)] == [False, False, True]
    assert len(held) == 3


def test_a_new_connection_is_refused_only_if_all_are_being_answered() -> None:
    held = connections(connections=2)
    busy = [enter(held, f"192.0.2.{n}", answering=True)[0] for n in range(2)]
    refused, error = enter(held, "192.0.2.9")
    assert isinstance(error, ConnectionsFull)
    assert error.headers()["Retry-After"] == "5"
    assert not any(each.dropped for each in (*busy, refused))
    held.leave(busy[0])
    assert enter(held, "192.0.2.9")[1] is None


def test_one_client_has_so_many_and_its_own_give_way() -> None:
    held = connections(connections_per_client=2)
    other, _ = enter(held, "192.0.2.1")
    own = [enter(held, "192.0.2.2")[0] for _ in range(2)]
    assert enter(held, "192.0.2.2", answering=True)[1] is None
    assert [each.dropped for each in (other, *own)] == [False, True, False]
    held.answering(own[1])
    error = enter(held, "192.0.2.2")[1]
    assert isinstance(error, TooManyRequests)
    assert error.retry_after == 5
    assert enter(held, "192.0.2.1")[1] is None


def test_a_trusted_proxy_is_not_one_client_and_zero_is_no_limit() -> None:
    behind = connections(connections_per_client=1, trusted_proxies="10.0.0.0/24")
    assert [enter(behind, "10.0.0.7", answering=True)[1] for _ in range(5)] == [None] * 5
    free = connections(connections_per_client=0)
    assert [enter(free, "192.0.2.2", answering=True)[1] for _ in range(5)] == [None] * 5


def test_one_ipv6_subscriber_is_one_client() -> None:
    held = connections(connections_per_client=1)
    enter(held, "2001:db8::1", answering=True)
    assert enter(held, "2001:db8::2")[1] is not None
    assert enter(held, "2001:db8:0:1::1")[1] is None


def test_so_many_are_told_why_they_are_refused_and_others_are_closed() -> None:
    held = connections(connections=1)
    enter(held, "192.0.2.1", answering=True)
    refused = [enter(held, "192.0.2.2")[0] for _ in range(MOST_REFUSED + 1)]
    assert [each.dropped for each in refused] == [False] * MOST_REFUSED + [True]
    held.leave(refused[0])
    assert not enter(held, "192.0.2.2")[0].dropped


def test_nothing_is_kept_of_connections_that_are_gone() -> None:
    held = connections(connections=2, connections_per_client=2)
    for _ in range(5):
        connection, _error = enter(held, "192.0.2.1")
        held.answering(connection)
        held.leave(connection)
        held.leave(connection)
        held.waiting(connection)  # its answer ends after it is gone
    assert len(held) == 0
    assert not held._of_client
    assert not held._waiting
