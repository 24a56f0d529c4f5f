"""Thirty requests a minute, exactly, for each client apart."""

from search_app.base.rates import MOST_CLIENTS, MinuteLimiter


def test_thirty_in_any_sixty_seconds() -> None:
    limiter = MinuteLimiter(3)
    assert [limiter.wait_for("a", now) for now in (0, 10, 20)] == [0, 0, 0]
    assert limiter.wait_for("a", 30) == 30
    assert limiter.wait_for("b", 30) == 0
    assert limiter.wait_for("a", 59.9) > 0
    assert limiter.wait_for("a", 60) == 0
    assert limiter.wait_for("a", 61) == 9


def test_clients_of_one_network_are_one_and_few_are_remembered() -> None:
    limiter = MinuteLimiter(1)
    assert limiter.wait_for("2001:db8::1", 0) == 0
    assert limiter.wait_for("2001:db8::2", 1) > 0
    for number in range(MOST_CLIENTS):
        limiter.wait_for(str(number), 2)
    assert limiter.wait_for("2001:db8::1", 3) == 0
