"""The errors of OAI-PMH 2.0: codes of the protocol, sent with status 200 inside its envelope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BAD_VERB: Final = "badVerb"
BAD_ARGUMENT: Final = "badArgument"
BAD_TOKEN: Final = "badResumptionToken"
NO_FORMAT: Final = "cannotDisseminateFormat"
NO_IDENTIFIER: Final = "idDoesNotExist"
NO_RECORDS: Final = "noRecordsMatch"


@dataclass(frozen=True, slots=True)
class OaiFault:
    """One error: a code of the protocol and a French sentence."""

    code: str
    message: str


class OaiRefusal(Exception):
    """The request is answered by errors of the protocol, at least one."""

    def __init__(self, faults: Sequence[OaiFault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)

    @property
    def repeats_arguments(self) -> bool:
        """Tell whether the answer may repeat the arguments: not if one of them, or the verb, is wrong."""
        return not {BAD_VERB, BAD_ARGUMENT} & {fault.code for fault in self.faults}


def refusal(code: str, message: str) -> OaiRefusal:
    """Return the refusal with a single error."""
    return OaiRefusal([OaiFault(code, message)])
