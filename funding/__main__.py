"""``python -m funding [DIR]``: checks the rules and their scenarios, in plain French for somebody who knows the law."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from funding import OWN_FUNDING, FundingFileError, check_folder
from funding.book import Reading
from funding.rule.scheme import Scheme

WORDS: Final = {"yes": "oui", "no": "non", "unknown": "inconnu"}


def main(arguments: Sequence[str], today: date) -> int:
    """Print what was checked, or every fault; return 0 if there is none, else 2."""
    folder = Path(arguments[0]) if arguments else OWN_FUNDING
    try:
        reading = check_folder(folder).reading
    except FundingFileError as error:
        print(f"{len(error.faults)} erreur(s) ; les règles en service ne changent pas :")
        print("\n".join(f"  {fault}" for fault in error.faults))
        return 2
    for scheme in reading.book.schemes:
        print(_line(scheme, reading, today))
    print(f"Aucune erreur : {len(reading.book.schemes)} dispositifs, {len(reading.scenarios)} scénarios.")
    return 0


def _line(scheme: Scheme, reading: Reading, today: date) -> str:
    """Return one line on a scheme: its scenarios by verdict, and until when its rule can be relied on."""
    if not scheme.versions:
        return f"{scheme.id:<15} fiche seule, sans règle : {scheme.label}"
    verdicts = Counter(each.expected["verdict"] for each in reading.scenarios if each.scheme == scheme.id)
    counts = ", ".join(f"{verdicts[word]} {french}" for word, french in WORDS.items())
    return f"{scheme.id:<15} {counts} ; {_until(scheme, today)}"


def _until(scheme: Scheme, today: date) -> str:
    """Return what must be done next for a scheme, and by when."""
    for version in sorted(scheme.versions, key=lambda each: each.first):
        if version.end < today:
            continue
        if version.unread:
            return f"texte du {version.first:%d/%m/%Y} à lire"
        if version.verify_by is not None and version.verify_by <= version.end:
            late = "en retard : " if version.verify_by < today else ""
            return f"{late}à relire avant le {version.verify_by:%d/%m/%Y}"
        return f"fin le {version.end:%d/%m/%Y}"
    return "aucune version en vigueur"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC).date()))
