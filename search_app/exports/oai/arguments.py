"""The arguments of a request: each verb's table, and every error in what was given."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from search_app.exports.oai.faults import (
    BAD_ARGUMENT,
    BAD_VERB,
    NO_FORMAT,
    NO_RECORDS,
    OaiFault,
    OaiRefusal,
    refusal,
)
from search_app.exports.oai.stamps import first_second, is_day, is_time, last_second

IDENTIFY: Final = "Identify"
LIST_FORMATS: Final = "ListMetadataFormats"
LIST_SETS: Final = "ListSets"
GET_RECORD: Final = "GetRecord"
LIST_IDENTIFIERS: Final = "ListIdentifiers"
LIST_RECORDS: Final = "ListRecords"
VERB, TOKEN, PREFIX, IDENTIFIER = "verb", "resumptionToken", "metadataPrefix", "identifier"
FROM, UNTIL, SET = "from", "until", "set"
OAI_DC: Final = "oai_dc"
LONGEST_SHOWN: Final = 100

_SET_SPEC: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")  # of the protocol's schema
_NAMED_SET: Final = re.compile(r"(?P<field>kind|region):(?P<value>[A-Za-z0-9_]{1,40})")


class Expected(NamedTuple):
    """Arguments of a verb; with ``has_token`` a resumption token may stand in the place of all others."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    has_token: bool = False


_OF_LISTS: Final = Expected((PREFIX,), (FROM, UNTIL, SET), True)
VERBS: Final[Mapping[str, Expected]] = {
    IDENTIFY: Expected(),
    LIST_FORMATS: Expected((), (IDENTIFIER,)),
    LIST_SETS: Expected((), (), True),
    GET_RECORD: Expected((IDENTIFIER, PREFIX)),
    LIST_IDENTIFIERS: _OF_LISTS,
    LIST_RECORDS: _OF_LISTS,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is of: times and set as they were given, empty where they were not."""

    start: str = ""
    end: str = ""
    set_spec: str = ""

    @property
    def first(self) -> str:
        """Return the first second of the list, empty without one."""
        return first_second(self.start) if self.start else ""

    @property
    def last(self) -> str:
        """Return the last second of the list, empty without one."""
        return last_second(self.end) if self.end else ""

    @property
    def members(self) -> tuple[str, str] | None:
        """Return field and value of the set, None without one; raises OaiRefusal for a set that does not exist."""
        if not self.set_spec:
            return None
        found = _NAMED_SET.fullmatch(self.set_spec)
        if found is None:
            raise refusal(NO_RECORDS, "Cet ensemble (set) n’existe pas ; ListSets les donne tous.")
        return found["field"], found["value"]


def read_arguments(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the arguments of a request, the verb among them; raises OaiRefusal with badVerb or every badArgument."""
    given = list(pairs)
    counts = Counter(name for name, _ in given)
    arguments = dict(given)
    verb = arguments.get(VERB, "")
    if counts[VERB] != 1 or verb not in VERBS:
        told = "répété" if counts[VERB] > 1 else "inconnu" if verb else "absent"
        raise refusal(BAD_VERB, f"Argument verb {told} ; possible : {', '.join(VERBS)}.")
    faults = [_bad(f"{_shown(name)} est répété.") for name, count in counts.items() if count > 1]
    faults += _faults_of(arguments, VERBS[verb])
    if faults:
        raise OaiRefusal(faults)
    return arguments


def _faults_of(arguments: Mapping[str, str], expected: Expected) -> list[OaiFault]:
    names = arguments.keys() - {VERB}
    if expected.has_token and TOKEN in names:
        others = sorted(names - {TOKEN})
        return [_bad(f"resumptionToken exclut tout autre argument ({_shown(name)}).") for name in others]
    known = (*expected.required, *expected.optional)
    faults = [_bad(f"{_shown(name)} n’est pas un argument de ce verbe.") for name in sorted(names - set(known))]
    faults += [_bad(f"L’argument {name} est absent.") for name in expected.required if name not in names]
    empty = [name for name in known if arguments.get(name) == ""]
    return faults + [_bad(f"L’argument {name} est vide.") for name in empty]


def check_format(arguments: Mapping[str, str]) -> None:
    """Raise OaiRefusal unless the requested format is the one that all documents have."""
    if arguments[PREFIX] != OAI_DC:
        raise refusal(NO_FORMAT, f"Seul le format {OAI_DC} est disponible.")


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """Return what a list is of; raises OaiRefusal with every badArgument."""
    start, end, set_spec = (arguments.get(name, "") for name in (FROM, UNTIL, SET))
    wrong = [name for name, text in ((FROM, start), (UNTIL, end)) if text and not is_time(text)]
    faults = [_bad(f"{name} : une date AAAA-MM-JJ ou AAAA-MM-JJThh:mm:ssZ existante.") for name in wrong]
    if start and end and not wrong:
        faults += _faults_between(start, end)
    if set_spec and not _SET_SPEC.fullmatch(set_spec):
        faults.append(_bad("set : ce n’est pas le nom d’un ensemble."))
    if faults:
        raise OaiRefusal(faults)
    return Selection(start, end, set_spec)


def _faults_between(start: str, end: str) -> Sequence[OaiFault]:
    if is_day(start) != is_day(end):
        return [_bad("from et until : deux dates de même précision (jour ou seconde).")]
    return [_bad("from est après until.")] if start > end else []


def _bad(message: str) -> OaiFault:
    return OaiFault(BAD_ARGUMENT, message)


def _shown(name: str) -> str:
    return f"« {name[:LONGEST_SHOWN]} »"
