"""Which proxies are believed, and what a wrong setting is told."""

import pytest

from mappings.settings import SettingsError
from search_app.base.proxies import is_trusted
from search_app.base.settings import Settings


def proxies(value: str) -> Settings:
    return Settings.from_environment({"BOUSSOLE_TRUSTED_PROXIES": value})


@pytest.mark.parametrize(
    ("given", "trusted", "others"),
    [
        ("", ["127.0.0.1", "::1"], ["127.0.0.2", "10.0.0.1"]),
        ("none", [], ["127.0.0.1", "::1"]),
        ("10.0.0.7", ["10.0.0.7"], ["127.0.0.1", "10.0.0.8"]),
        (" 10.0.0.0/30 , fd00::/8 ", ["10.0.0.3", "fd12::1"], ["10.0.0.4", "fe80::1"]),
    ],
)
def test_addresses_and_networks_are_trusted_and_nothing_else(given: str, trusted: list[str], others: list[str]) -> None:
    networks = proxies(given).proxies
    assert [is_trusted(host, networks) for host in trusted] == [True] * len(trusted)
    assert [is_trusted(host, networks) for host in (*others, "", "unix:", "proxy")] == [False] * (len(others) + 3)


@pytest.mark.parametrize(
    "wrong", ["*", "proxy", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1,", "10.0.0.1 ::1"]
)
def test_what_is_no_proxy_or_everybody_is_refused_by_name(wrong: str) -> None:
    with pytest.raises(SettingsError, match="BOUSSOLE_TRUSTED_PROXIES"):
        proxies(wrong)
