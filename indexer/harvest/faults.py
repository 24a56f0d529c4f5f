"""The one error of sources: what was sent cannot be used, or did not come whole."""


class SourceFault(Exception):
    """A source cannot be read further; the message is one line that names the address and the reason."""


def one_line(text: str, longest: int = 300) -> str:
    r"""Return a text of a source as part of a message: one line of bounded length, without control characters.

    >>> one_line("bad\n\x1b[31mtoken"), one_line("x" * 400)[-3:]
    ('bad [31mtoken', 'xx…')
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * longest]).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
