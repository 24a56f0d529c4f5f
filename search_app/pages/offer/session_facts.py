"""Further data of a session on an offer's page: certifications, blocks, cycles, other elements."""

from collections.abc import Iterator

from mappings.offer import Certification, Cycle, Session, SkillBlocks
from search_app.pages.offer.facts import Fact, FactList, Value
from search_app.text import wording


def session_facts(session: Session) -> tuple[Fact, ...]:
    """Return the terms with the session's values."""
    facts = (
        FactList()
        .add("Certification de la session", *(_certification(row) for row in session.certifications))
        .add("Blocs de compétences", *(text for skills in session.skills for text in _skills(skills)))
        .add("Cycle", *(_cycle(cycle) for cycle in session.cycles))
    )
    others = (Fact(path, tuple(map(Value, texts))) for path, texts in session.others.items())
    return (*facts.all(), *others)


def _certification(row: Certification) -> str:
    codes = (
        f"RNCP{row.rncp}" if row.rncp else None,
        f"RS{row.rs}" if row.rs else None,
        f"Certif Info {row.certifinfo}" if row.certifinfo else None,
        row.cpf,
        row.label,
    )
    return ", ".join(code for code in codes if code)


def _skills(skills: SkillBlocks) -> Iterator[str]:
    """Yield how and for which certification the blocks are validated, then each block."""
    validation = (skills.validation or "").replace(": ", " : ")  # French typography, which LHEO's table lacks
    head = ", ".join(text for text in (*map(_certification, skills.certifications), validation) if text)
    if head:
        yield head
    for block in skills.blocks:
        yield " : ".join(text for text in (block.code, block.label) if text)


def _cycle(cycle: Cycle) -> str:
    units = [
        f"{wording.number(count)} {where}"
        for count, where in ((cycle.units_company, "en entreprise"), (cycle.units_centre, "en centre"))
        if count
    ]
    unit = f" (unité : {cycle.rhythm_unit.lower()})" if cycle.rhythm_unit else ""
    rhythm = f"rythme : {', '.join(units)}" if units else "rythme" if unit else ""
    parts = (
        cycle.kind,
        f"année {', '.join(map(str, cycle.years))}" if cycle.years else None,
        f"au moins {wording.counted(cycle.fewest, 'personne', 'personnes')}" if cycle.fewest else None,
        f"{wording.counted(cycle.at_once, 'personne', 'personnes')} à la fois" if cycle.at_once else None,
        f"{wording.counted(cycle.altogether, 'personne', 'personnes')} en tout" if cycle.altogether else None,
        cycle.contract,
        rhythm + unit,
    )
    return ", ".join(part for part in parts if part)
