"""Texts of feeds: fillers, escaped HTML, runs of spaces, excessive length."""

import html
import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

from language.unicode import compose_text
from language.words import fold

LONGEST_TEXT: Final = 20_000  # characters; LHEO allows 3,000, and longer texts are not read
LONGEST_LINE: Final = 1_000  # of a title, a name or a line of an address; LHEO allows 255 at most
SHORT: Final = 60  # characters of a line that is cached
MARKS: Final = "- -- --- . .. ... … / // * ? _"
ABBREVIATIONS: Final = "x xx xxx nc n/c n.c. n.c nr n/r n.r. na n/a so s/o"
WORDS: Final = "néant neant aucun aucune aucun. aucune. null none nil inconnu inconnue sans"
NOT_TOLD: Final = ("renseigné", "renseigne", "communiqué", "communique", "précisé", "precise")
FILLERS: Final = frozenset(
    (
        *f"{MARKS} {ABBREVIATIONS} {WORDS}".split(),
        *(f"non {word}{ending}" for word in NOT_TOLD for ending in ("", "e", ".", "e.")),
        *("sans objet", "non défini", "à renseigner", "information non communiquée"),
    )
)
LONGEST_FILLER: Final = max(map(len, FILLERS))
SPACES: Final = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
INLINE_SPACES: Final = re.compile(r"[ \t\f\v]+")
BREAKS: Final = re.compile(r"(?<! ) *+(?:\r\n?|\n|\u2028|\u2029) *+")
ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
BLOCKS: Final = frozenset(
    {
        "p",
        "div",
        "br",
        "ul",
        "ol",
        "li",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "hr",
        "pre",
    }
    | {"blockquote", "section", "article"}
)
INLINE: Final = frozenset(
    {"a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup", "abbr", "code", "o:p"}
    | {"center", "strike", "del", "ins", "img", "tbody", "thead", "td", "th"}
)
HIDDEN: Final = frozenset(("script", "style"))
TAG: Final = re.compile(
    rf"</?(?:{'|'.join(sorted(BLOCKS | INLINE | HIDDEN, key=len, reverse=True))})(?=[\s/>])[^<>]*>", re.I
)
MOST_OPEN: Final = 100  # « a < b » and comments of word processors; of ten thousand the parser takes half a minute
OPEN: Final = re.compile(r"<(?![^<>]*>)")
SOUND_TAG: Final = re.compile(r"""<(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
TAG_OF_ANY_NAME: Final = re.compile(r"<[^<>]*>")
LONG_BLANK: Final = re.compile(r"\s{40,}")
DECLARATION: Final = re.compile(r"<(?=[!?])")
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


def is_filler(text: str) -> bool:
    """Tell whether a text is a filler.

    >>> is_filler("-"), is_filler("Non renseigné"), is_filler("AUCUNE"), is_filler("Permis B")
    (True, True, True, False)
    """
    return len(text) <= LONGEST_FILLER and text.lower() in FILLERS


def clean_line(text: str | None) -> str | None:
    """Return a single-line text: no markup, single spaces; None if it is empty or a filler.

    >>> clean_line("  Licence pro\\n  guide &eacute;t&eacute; <b>!</b>"), clean_line(" - "), clean_line(None)
    ('Licence pro guide été !', None, None)
    """
    if text is None:
        return None
    return clean_short(text) if len(text) <= SHORT else _clean_line(text)


def _clean_line(text: str) -> str | None:
    if "&" in text or "<" in text:
        text = plain_text(text)
    text = compose_text(text).strip()
    if "  " in text or not text.isprintable():
        text = SPACES.sub(" ", text)
    return None if not text or is_filler(text) else text


clean_short = lru_cache(maxsize=20_000)(_clean_line)  # codes, towns, streets recur


def clean_text(text: str | None) -> str | None:
    """Return a text of paragraphs: no markup, single spaces, line ends kept; None if it is empty or a filler.

    >>> clean_text("<p>Programme&nbsp;:</p><ul><li>un</li><li>deux</li></ul>")
    'Programme\\xa0:\\n- un\\n- deux'
    >>> clean_text(" a  b \\n\\n\\n\\n c "), clean_text("Aucune")
    ('a b\\n\\nc', None)
    """
    if text is None:
        return None
    if "&" in text or "<" in text:
        text = plain_text(text)
    text = compose_text(text).strip()
    if "  " in text or not text.isprintable():
        text = BREAKS.sub("\n", INLINE_SPACES.sub(" ", text))
        if "\n\n\n" in text:
            text = re.sub(r"\n{3,}", "\n\n", text)
    return None if not text or is_filler(text) else text


def plain_text(text: str) -> str:
    """Return a text without HTML: entities as characters, known tags as line ends or removed; other tags are kept.

    >>> plain_text("a &lt;b&gt;c&lt;/b&gt;<br>d"), plain_text("List<String> & 2 < 3"), plain_text("<style>x</style>y")
    ('a c\\nd', 'List<String> & 2 < 3', 'y')
    """
    for _ in range(2):  # markup may be escaped twice
        if TAG.search(text):
            text = _strip_tags(text)
        elif ENTITY.search(text):
            text = ENTITY.sub(lambda found: html.unescape(found[0]), text)
        else:
            break
    if TAG.search(text):
        text = _strip_tags(text)
    return CONTROLS.sub("", text)


def _strip_tags(text: str) -> str:
    stripper = _Stripper()
    # cut before parsing, because the parser is slow on hostile input; it would be cut afterwards anyway
    stripper.feed(_closed(text[: 5 * LONGEST_TEXT]))
    stripper.close()
    return re.sub(r"\s*\n\s*", "\n", "".join(stripper.parts)).strip()


def _closed(text: str) -> str:
    """Return a text in which few tags, declarations and values are left open: the parser seeks the end of each anew."""
    text = LONG_BLANK.sub(lambda found: "\n" if "\n" in found[0] else " ", text)
    if text.count("<") <= MOST_OPEN:
        return text
    if len(OPEN.findall(text)) > MOST_OPEN:
        text = OPEN.sub("&lt;", text)
    if len(DECLARATION.findall(text)) > MOST_OPEN:
        text = DECLARATION.sub("&lt;", text)
    if len(TAG_OF_ANY_NAME.findall(SOUND_TAG.sub("", text))) > MOST_OPEN:
        text = TAG_OF_ANY_NAME.sub(lambda found: found[0].replace('"', "").replace("'", ""), text)
    return text


class _Stripper(HTMLParser):
    """Collects the readable text in ``parts``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag in HIDDEN:
            self._hidden += 1
        elif tag not in INLINE:
            self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag not in INLINE:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


@lru_cache(maxsize=50_000)
def bare_words(text: str) -> str:
    """Return a folded text with only its letters and digits, single spaces between the words, for comparison.

    >>> bare_words("L'Haÿ-les-Roses"), bare_words("Œuvre  n° 2")
    ('l hay les roses', 'oeuvre n 2')
    """
    return NOT_WORD.sub(" ", fold(text)).strip()
