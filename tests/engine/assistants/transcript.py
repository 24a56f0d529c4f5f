"""The exchange that docs/assistants.md prints: what the SDK's client asks and gets over the fixtures."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.engine.assistants.calls import STATELESS, connected, text_of

CALLS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("find_code", {"kind": "funder", "text": "région"}),
    (
        "search_offers",
        {"q": "soudeurre", "place": "Albi", "radius": 60, "funder": ["2"], "seats": 1, "upcoming": True, "size": 2},
    ),
    ("search_offers", {"q": "licornologie", "place": "Albi", "size": 11}),
    ("search_offers", {"q": "licornologie", "place": "Albi"}),
    ("count_offers", {"by": "mode", "q": "soudeur"}),
    ("search_documents", {"q": "compte personnel de formation", "kind": "sheet", "size": 1}),
)


async def transcript(address: str) -> str:
    """Return the exchange as the documentation prints it."""
    lines = []
    async with connected(address, STATELESS) as client:
        for name, arguments in CALLS:
            result = await client.call_tool(name, arguments)
            lines.append(f"→ {name} {json.dumps(arguments, ensure_ascii=False)}")
            lines.append("← isError: true" if result.is_error else f"← {_short(result.structured_content)}")
            lines += [f"  {line}" for line in text_of(result).splitlines()]
            lines.append("")
    return "\n".join(lines)


def _short(values: Any) -> str:
    """Return the values of an answer without those that its text repeats."""
    told = {name: value for name, value in values.items() if name in ("total", "page", "pages", "kind", "by")}
    return json.dumps(told, ensure_ascii=False)
