"""The door takes the site's own name and local ones, exactly."""

import pytest

from search_app.assistants.addresses import Allowed

SITE = Allowed.of("https://Formations.example/")
HOSTS = ("formations.example", "FORMATIONS.example:443", "localhost", "localhost:8000", "127.0.0.1:8611", "[::1]:80")
OTHER_HOSTS = (
    *("evil.example", "formations.example.evil.example", "127.0.0.1:1.evil.example", "127.0.0.1.evil.example"),
    *(
        "localhost.evil.example",
        "localhost:8000:1",
        "localhost:",
        "xlocalhost",
        "127.0.0.1:123456",
        "formations.example:80",
    ),
    *("user@localhost", "localhost\n", "", "0.0.0.0", "127.0.0.2", "[::1", "formations.example."),
)
ORIGINS = ("https://formations.example", "http://localhost:3000", "http://127.0.0.1:8611", "https://[::1]:1")
OTHER_ORIGINS = (
    *("http://127.0.0.1:8611.evil.example", "http://127.0.0.1:1.evil.example", "http://localhost:1@evil.example"),
    *("http://formations.example", "https://formations.example.evil.example", "https://evil.example", "null", ""),
    *(
        "http://localhost:",
        "http://localhost/",
        "file://localhost",
        "chrome-extension://localhost",
        "http://localhost:1 ",
    ),
)


@pytest.mark.parametrize("host", HOSTS)
def test_own_and_local_hosts_are_taken(host: str) -> None:
    assert SITE.takes_host(host)


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_other_hosts_are_refused(host: str) -> None:
    assert not SITE.takes_host(host)


@pytest.mark.parametrize("origin", ORIGINS)
def test_own_and_local_origins_are_taken(origin: str) -> None:
    assert SITE.takes_origin(origin)


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_other_origins_are_refused(origin: str) -> None:
    assert not SITE.takes_origin(origin)


def test_port_of_public_address_is_part_of_its_name() -> None:
    site = Allowed.of("http://intranet:8080/formations")
    assert site.takes_host("intranet:8080")
    assert not site.takes_host("intranet")
    assert site.takes_origin("http://intranet:8080")
    assert not site.takes_origin("http://intranet")


@pytest.mark.parametrize("public", ["", "formations.example", "ftp://formations.example"])
def test_address_without_host_allows_only_local_names(public: str) -> None:
    assert Allowed.of(public) == Allowed()
    assert Allowed.of(public).takes_host("localhost")
