"""Cached escaping of short template values.

A page of results prints 2,700 values, most of them the same labels and counts on every page; escaping each again took a
third of its time (docs/measurements.md).
"""

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

SHORT: Final = 80  # characters: labels, names and counts; long texts rarely repeat
REMEMBERED: Final = 16_384  # texts, at most some 4 MiB


def printed(value: Any) -> str:
    """Return the escaped text of a value in an autoescaping template.

    >>> printed("<b>"), printed(Markup("<b>")), printed(3)
    ('&lt;b&gt;', Markup('<b>'), Markup('3'))
    """
    kind = type(value)
    if kind is str:
        return _escaped(value) if len(value) <= SHORT else escape(value)
    return value if kind is Markup else escape(value)


@lru_cache(maxsize=REMEMBERED)
def _escaped(text: str) -> str:
    return str(escape(text))


class PrintingGenerator(CodeGenerator):
    """Compiles templates that print through ``printed`` wherever they escape."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")


class PrintingEnvironment(Environment):
    """The environment of such templates."""

    code_generator_class = PrintingGenerator
    printed = staticmethod(printed)
