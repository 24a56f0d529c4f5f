"""Our own style sheets and scripts without what only their readers need: comments, indentation, empty lines.

They are written so that these few rules hold; they are no parser. Files of packages are sent as they are.
"""

import re
from typing import Final

_CSS_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACES: Final = re.compile(r"\s+")
_AROUND_SIGNS: Final = re.compile(r" ?([{};,]) ?")
# A comment that has its lines to itself, or follows code after a space and holds no quotation mark.
_JS_BLOCK: Final = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*$", re.DOTALL | re.MULTILINE)
_JS_LINE: Final = re.compile(r"""^[ \t]*//.*$|[ \t]+// [^"'`\n]*$""", re.MULTILINE)


def lean_css(text: str) -> str:
    """Return a style sheet in one line.

    >>> lean_css("/* Why */\\na:is(b, c) > d {\\n  margin: calc(1rem + 2px) 0;\\n}")
    'a:is(b,c) > d{margin:calc(1rem + 2px) 0}'
    """
    text = _AROUND_SIGNS.sub(r"\1", _SPACES.sub(" ", _CSS_COMMENT.sub("", text)))
    return text.replace(": ", ":").replace(";}", "}").strip()


def lean_js(text: str) -> str:
    """Return a script without comments, its lines as they were.

    >>> print(lean_js('/* Why,\\n   at length */\\nif (a) {\\n  b("// no comment"); // one\\n  // another\\n}'))
    if (a) {
    b("// no comment");
    }
    """
    lines = _JS_LINE.sub("", _JS_BLOCK.sub("", text)).splitlines()
    return "\n".join(filter(None, map(str.strip, lines)))
