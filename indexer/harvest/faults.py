"""The one error of sources: what was sent cannot be used, or did not come whole."""

import re
from typing import Final

# A parameter of an address whose value lets in: messages are kept in logs, and shown to others.
SECRET: Final = re.compile(
    r"(?P<name>[?&;](?!resumptionToken)[\w.-]{0,40}(?:key|token|secret|passw|pwd|auth|signature|jeton)[\w.-]{0,40}=)"
    r"[^&;#\s]+",
    re.I,
)


class SourceFault(Exception):
    """A source cannot be read further; the message is one line that names the address and the reason."""


def one_line(text: str, longest: int = 300) -> str:
    r"""Return a text of a source as part of a message: one line of bounded length, without control characters and keys.

    >>> one_line("bad\n\x1b[31mtoken"), one_line("x" * 400)[-3:]
    ('bad [31mtoken', 'xx…')
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * longest]).split())
    line = without_secrets(line)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def without_secrets(text: str) -> str:
    """Return a text whose addresses have no keys in their parameters.

    >>> without_secrets("https://docs.example/oai?apikey=abc&verb=Identify"), without_secrets("?resumptionToken=abc")
    ('https://docs.example/oai?apikey=…&verb=Identify', '?resumptionToken=abc')
    """
    return SECRET.sub(r"\g<name>…", text)
