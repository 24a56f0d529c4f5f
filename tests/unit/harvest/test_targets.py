"""Which addresses a harvest may ask: the operator's own, and public ones."""

from collections.abc import Sequence

import pytest

from indexer.harvest.faults import SourceFault
from indexer.harvest.fetch.targets import find_target

NAMES = {
    "public.example": ["93.184.215.14"],
    "private.example": ["10.1.2.3"],
    "both.example": ["93.184.215.14", "127.0.0.1"],
    "six.example": ["fd00::1"],
    "mapped.example": ["::ffff:192.168.0.1"],
    "shared.example": ["100.64.0.1"],
}


def resolve(host: str, port: int) -> Sequence[str]:
    if host in NAMES:
        return NAMES[host]
    raise OSError("unknown")


@pytest.mark.parametrize("host", sorted(NAMES.keys() - {"public.example"}))
def test_name_of_a_private_address_is_refused_and_the_operators_own_is_not(host: str) -> None:
    with pytest.raises(SourceFault, match="private address"):
        find_target(f"https://{host}/a", is_trusted=False, resolve=resolve)
    assert find_target(f"https://{host}/a", is_trusted=True, resolve=resolve).numeric == NAMES[host][0]


def test_connection_goes_to_the_address_that_was_checked() -> None:
    target = find_target("https://Public.example:8443/é?q=1#x", is_trusted=False, resolve=resolve)
    assert (target.numeric, target.host_header, target.path) == ("93.184.215.14", "public.example:8443", "/%C3%A9?q=1")


@pytest.mark.parametrize(
    "url",
    ["ftp://public.example/", "public.example", "https:///x", "https://public.example:x/", "https://a:b@public.example/",
     "https://public.example/a b", "https://public.example/\r\nX: y", "http://nowhere.example/", "https://[::1", ""],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(SourceFault) as fault:
        find_target(url, is_trusted=True, resolve=resolve)
    assert "\n" not in str(fault.value)
    assert "b@" not in str(fault.value)


def test_host_with_accents_is_asked_in_its_ascii_form() -> None:
    target = find_target("https://métiers.example/été", is_trusted=False, resolve=lambda *_: ["8.8.8.8"])
    assert (target.host, target.host_header) == ("xn--mtiers-bva.example",) * 2
    assert target.path == "/%C3%A9t%C3%A9"
