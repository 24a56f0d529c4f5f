"""Results of the lines of one request: counts in memory, rejected lines in a file once there are many."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Final

import orjson

from seats.statements.parse import Rejection
from seats.statements.stale import StaleReason

SPOOLED_AFTER: Final = 1 << 20  # bytes of rejected lines that are kept in memory
PART: Final = 1 << 16
REASONS_TOLD: Final = 100  # stale lines with a reason: the first ones are enough to see what is wrong


def _spool() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(SPOOLED_AFTER)


@dataclass(slots=True)
class SeatsAnswer:
    """The complete answer; ``unknown`` are accepted statements for sessions that no offer has yet."""

    accepted: int = 0
    stale: int = 0
    unknown: int = 0
    rejections: int = 0
    stale_reasons: list[StaleReason] = field(default_factory=list)
    _rejected: SpooledTemporaryFile[bytes] = field(default_factory=_spool, repr=False)

    def reject(self, rejection: Rejection) -> None:
        """Add a rejected line."""
        self._rejected.write((b"," if self.rejections else b"") + orjson.dumps(asdict(rejection)))
        self.rejections += 1

    def hold_for_stale(self, reason: StaleReason | None) -> None:
        """Count a stale line; the first ones with their reasons."""
        self.stale += 1
        if reason is not None and len(self.stale_reasons) < REASONS_TOLD:
            self.stale_reasons.append(reason)

    def parts(self) -> Iterator[bytes]:
        """Yield the JSON of the answer in parts, then close; to be called once, after the last line."""
        counts = {"accepted": self.accepted, "stale": self.stale, "unknown": self.unknown}
        yield orjson.dumps(counts)[:-1] + b',"rejected":['
        self._rejected.seek(0)
        while part := self._rejected.read(PART):
            yield part
        self.close()
        reasons = {"stale_reasons": [asdict(each) for each in self.stale_reasons]} if self.stale_reasons else {}
        yield b"]" + (b"," + orjson.dumps(reasons)[1:] if reasons else b"}")

    def close(self) -> None:
        """Discard the rejected lines."""
        self._rejected.close()
