"""The lexicon: word statistics that the indexer builds from the catalogue and the reference tables.

One lexicon belongs to one offers index and is stored under the name of that index: an alias swap of the offers index
also switches the lexicon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from mappings.reference import pack_table, unpack_table


@dataclass(frozen=True)
class Lexicon:
    """All word statistics of one catalogue; empty until the first build.

    ``codes`` are the ROME codes that offers carry, with the number of offers of each. The other fields refer to a job
    by its position in ``codes``.
    """

    # [ROME code, offers], ...
    codes: Sequence[tuple[str, int]] = ()
    # root of a word -> [job, weight, job, weight, ...]: how strongly the word indicates the job
    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)
    # [job, job title or label of the job], ...
    job_titles: Sequence[tuple[int, str]] = ()
    # folded word -> number of distinct texts that contain it: the candidates of the spelling correction
    words: Mapping[str, int] = field(default_factory=dict)
    # folded words of provider names: never corrected
    names: Sequence[str] = ()
    # acronym -> its expansions, folded, the most frequent first
    acronyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # [title in its most frequent spelling, offers], the most frequent first
    titles: Sequence[tuple[str, int]] = ()
    # [kind of code (rncp, rs, certifinfo), code, label, offers], ...
    certifications: Sequence[tuple[str, str, str, int]] = ()
    # domain of three digits -> offers
    domains: Mapping[str, int] = field(default_factory=dict)
    # SIREN -> offers
    providers: Mapping[str, int] = field(default_factory=dict)
    # what the job titles mean (language.meaning.votes); empty if it was built without an encoder
    meaning: Mapping[str, Any] = field(default_factory=dict)


def pack_lexicon(offers_index: str, lexicon: Lexicon, built_at: str) -> dict[str, Any]:
    """Return the document that stores a lexicon; ``version`` is a hash of its content."""
    return pack_table(offers_index, asdict(lexicon), built_at)


def unpack_lexicon(document: Mapping[str, Any]) -> Lexicon:
    """Return a stored lexicon; raises ValueError if it is damaged."""
    stored = unpack_table(document)
    try:
        stored.setdefault("meaning", {})  # older ones have none
        return Lexicon(**{each.name: stored[each.name] for each in fields(Lexicon)})
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"lexicon {document.get('name')!r} is damaged: {error} is missing") from error
