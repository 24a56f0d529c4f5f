"""A folder of funding rules as small as the lint allows, to be spoilt one fault at a time."""

from pathlib import Path
from typing import Final

RULE: Final = """id = "grant"
label = "Aide inventée"
funders = ["2"]
pays = ["fees"]
covers = "full"
order = 1
decides = "Région"
summary = "Une aide pour un test."
contacts = ["region"]

[[version]]
from = 2026-01-01
to = 2026-12-31
all = [
  {fact = "person.status", in = ["employee"]},
  {any = [
    {fact = "offer.hours", at_least = 40},
    {fact = "person.disabled", is = true},
  ]},
]

[[version.amount]]
amount = "bonus"
role = "pays"
all = [{fact = "person.age", in = ["18-25"]}]

[[version.source]]
text = "Code inventé, article 1"
read_on = 2026-11-28
"""
AMOUNTS: Final = """[[amount]]
id = "bonus"
label = "Prime inventée"
euros = 50
per = "month"
from = 2026-01-01
to = 2026-12-31
source = {text = "Code inventé, article 2", read_on = 2026-11-28}
"""
CONTACTS: Final = """[[contact]]
id = "region"
label = "Conseil régional"
territory = "region"
what = "Le service formation"
"""
SCENARIOS: Final = """on = 2026-06-01
person = {status = "employee", disabled = false}
offer = {hours = 40}
session = {start = 2026-09-01, end = 2026-10-01}

[[scenario]]
title = "Salarié, 40 heures"
verdict = "yes"

[[scenario]]
title = "39 heures"
offer = {hours = 39}
verdict = "no"

[[scenario]]
title = "Heures non connues"
offer = {hours = "?"}
verdict = "unknown"

[[scenario]]
title = "Autres situations"
each = {fact = "person.status", of = ["student", "military"]}
verdict = "no"

[[scenario]]
title = "39 heures et un handicap"
person = {disabled = true}
offer = {hours = 39}
verdict = "yes"
"""
FILES: Final = {
    "rules/grant.toml": RULE,
    "scenarios/grant.toml": SCENARIOS,
    "amounts.toml": AMOUNTS,
    "contacts.toml": CONTACTS,
}


def write_folder(folder: Path, **changed: str) -> Path:
    """Write the files; ``rule``, ``scenarios``, ``amounts`` and ``contacts`` replace the text of one."""
    names = {"rule": "rules/grant.toml", "scenarios": "scenarios/grant.toml", "amounts": "amounts.toml",
             "contacts": "contacts.toml"}  # fmt: skip
    for name, text in (FILES | {names[key]: text for key, text in changed.items()}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
