"""Addresses of texts: the one that is shown, and the one that is compared."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

LONGEST: Final = 2_000  # characters
PORTS: Final = {"http": 80, "https": 443}
# Parameters that say how a reader came, not what is read.
TRACKING: Final = re.compile(
    r"(?:utm_.+|pk_.+|mtm_.+|piwik_.+|matomo_.+|at_(?:campaign|medium|custom\d*|format|variant)|xtor|xtref|fbclid|gclid"
    r"|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|phpsessid|jsessionid|sid_session|from_feed|cmpid)",
    re.I,
)
INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.I)
SESSION: Final = re.compile(r";jsessionid=[^/?#]*", re.I)
KEPT: Final = "/:@!$&'()*+,;=~-._"


@lru_cache(maxsize=2_000)  # of one record it is asked several times
def shown_address(text: str) -> str | None:
    """Return an address as pages link to it, without tracking, fragment and user; None if it is not one of http.

    >>> shown_address("HTTPS://Docs.Example:443/a?utm_source=x&id=2#top"), shown_address("javascript:alert(1)")
    ('https://docs.example/a?id=2', None)
    >>> shown_address("http://user:secret@docs.example/"), shown_address("https://docs.example/é è")
    (None, 'https://docs.example/%C3%A9%20%C3%A8')
    """
    if len(text) > LONGEST or not text.isprintable():
        return None
    try:
        parts = urlsplit(text.strip())
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port and port != PORTS[scheme] else "")
    query = urlencode(
        [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])]
    )
    path = quote(unquote(SESSION.sub("", parts.path), errors="surrogateescape"), safe=KEPT, errors="surrogateescape")
    return urlunsplit((scheme, place, path, query, ""))


def compared_address(text: str) -> str | None:
    """Return what two addresses of one text have in common: neither scheme, ``www.``, order of parameters nor slash at
    the end; None for a site's first page, which says nothing about a text.

    >>> compared_address("http://www.docs.example/a/?b=2&a=1"), compared_address("https://docs.example/a?a=1&b=2#x")
    ('docs.example/a?a=1&b=2', 'docs.example/a?a=1&b=2')
    >>> compared_address("https://docs.example/a/index.html"), compared_address("https://docs.example/")
    ('docs.example/a', None)
    >>> compared_address("https://docs.example/Fiche"), compared_address("https://docs.example/?p=7")
    ('docs.example/Fiche', 'docs.example?p=7')
    """
    shown = shown_address(text)
    if shown is None:
        return None
    parts = urlsplit(shown)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = INDEX.sub("", parts.path).rstrip("/")
    if not path and not query:
        return None
    return parts.netloc.removeprefix("www.") + path + (f"?{query}" if query else "")
