"""A letter as a value, and its two faces: plain text first, and HTML that says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

# Characters of a line in a letter. Of SMTP a line has 998 bytes at most; no title of a catalogue is that long.
MOST_CHARACTERS: Final = 300
MOST_OF_SUBJECT: Final = 150
INK, MUTED, LINE, PAPER, ACCENT = "#14262b", "#4a5c61", "#d5dde0", "#ffffff", "#0a5c69"
FONT: Final = "font-size:16px;line-height:1.5;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Line:
    """One line about an offer: what it tells (« Lieu »), and the text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One offer: its title, which stands once, its lines, and its address, which stands once."""

    title: str
    href: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A link that the letter is about, or leads to at its end."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written: ``asked`` is the search in words, ``action`` the link in the middle, ``closing`` says why one
    gets this letter, and ``stop`` ends it.
    """

    subject: str
    heading: str
    asked: str
    paragraphs: tuple[str, ...]
    entries: tuple[Entry, ...]
    action: Action
    closing: tuple[str, ...]
    stop: Action


def one_line(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text of others as one line without control characters, cut if it is too long.

    >>> one_line("Soudeur\\r\\nBcc: a@b.fr\\x00\\u2028fin"), one_line("abcd", 3)
    ('Soudeur Bcc: a@b.fr fin', 'ab…')
    """
    plain = "".join(each if each.isprintable() or each in "\u00a0\u202f" else " " for each in text)
    line = " ".join(plain.split(" ")).strip() if "  " not in plain else " ".join(filter(None, plain.split(" ")))
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def cleaned(letter: Letter) -> Letter:
    """Return a letter whose every text is one line; addresses are left as they are."""
    entries = (
        Entry(one_line(entry.title), entry.href, tuple(Line(line.label, one_line(line.text)) for line in entry.lines))
        for entry in letter.entries
    )
    return replace(
        letter,
        subject=one_line(letter.subject, MOST_OF_SUBJECT),
        asked=one_line(letter.asked),
        paragraphs=tuple(map(one_line, letter.paragraphs)),
        entries=tuple(entries),
        closing=tuple(map(one_line, letter.closing)),
    )


def to_text(letter: Letter) -> str:
    """Return the letter as plain text; addresses stand on lines of their own, unbroken."""
    parts = [letter.heading, letter.asked, *letter.paragraphs]
    parts += ["\n".join(_entry_lines(number, entry)) for number, entry in enumerate(letter.entries, 1)]
    parts.append(f"{letter.action.text} :\n{letter.action.href}")
    closing = ["-- ", *letter.closing, f"{letter.stop.text} :", letter.stop.href]
    return "\n\n".join(filter(None, [*parts, "\n".join(closing)])) + "\n"


def _entry_lines(number: int, entry: Entry) -> Iterator[str]:
    indent = " " * (len(str(number)) + 2)
    yield f"{number}. {entry.title}"
    yield from (f"{indent}{line.label} : {line.text}" for line in entry.lines)
    yield indent + entry.href


def to_html(letter: Letter) -> str:
    """Return the letter as HTML: styles inline, for mail programs drop style sheets; nothing is loaded."""
    body = [
        f'<h1 style="margin:0 0 8px;font-size:22px;line-height:1.3">{escape(letter.heading)}</h1>',
        f'<p style="margin:0 0 16px;color:{MUTED}">{escape(letter.asked)}</p>' if letter.asked else "",
        *(f'<p style="margin:0 0 16px">{escape(text)}</p>' for text in letter.paragraphs),
        *_entries_html(letter.entries),
        f'<p style="margin:24px 0"><a href="{escape(letter.action.href)}" style="display:inline-block;'
        f"padding:12px 20px;border-radius:6px;background:{ACCENT};color:#ffffff;text-decoration:none;"
        f'font-weight:600">{escape(letter.action.text)}</a></p>',
        f'<div style="margin:32px 0 0;padding:16px 0 0;border-top:1px solid {LINE};font-size:14px;color:{MUTED}">',
        *(f'<p style="margin:0 0 8px">{escape(text)}</p>' for text in letter.closing),
        f'<p style="margin:0"><a href="{escape(letter.stop.href)}" style="color:{MUTED}">'
        f"{escape(letter.stop.text)}</a></p>",
        "</div>",
    ]
    return "\n".join(_framed(letter.subject, filter(None, body))) + "\n"


def _framed(title: str, body: Iterator[str]) -> Sequence[str]:
    return [
        "<!doctype html>",
        '<html lang="fr">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title></head>",
        f'<body style="margin:0;padding:0;background:{PAPER}">',
        f'<div style="max-width:640px;margin:0 auto;padding:24px 16px;color:{INK};{FONT}">',
        *body,
        "</div>",
        "</body>",
        "</html>",
    ]


def _entries_html(entries: Sequence[Entry]) -> Iterator[str]:
    if not entries:
        return
    yield '<ol style="margin:0;padding:0;list-style:none">'
    for entry in entries:
        yield f'<li style="margin:0;padding:16px 0;border-top:1px solid {LINE}">'
        yield '<h2 style="margin:0 0 4px;font-size:18px;line-height:1.35">'
        yield f'<a href="{escape(entry.href)}" style="color:{ACCENT}">{escape(entry.title)}</a>'
        yield "</h2>"
        for line in entry.lines:
            told = f'<span style="color:{MUTED}">{escape(line.label)}&nbsp;:</span> {escape(line.text)}'
            yield f'<p style="margin:0">{told}</p>'
        yield "</li>"
    yield "</ol>"
