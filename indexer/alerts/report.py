"""What a run of the sender did, in numbers: nothing in it is about one person."""

from collections.abc import Iterator
from dataclasses import dataclass

DONE, PARTLY = 0, 1


@dataclass(slots=True)
class SendReport:
    """Numbers of one run; ``fault`` is why the mail server took nothing more."""

    alerts: int = 0
    due: int = 0
    sent: int = 0
    asked: int = 0
    later: int = 0
    refused: int = 0
    stopped: int = 0
    unreadable: int = 0
    removed: int = 0
    fault: str = ""

    @property
    def exit_status(self) -> int:
        """Return 1 if mails wait for the next run, or could not be made."""
        return PARTLY if self.later or self.unreadable or self.fault else DONE

    def lines(self) -> Iterator[str]:
        """Yield what an operator wants to read."""
        yield f"alerts: {self.alerts}, due: {self.due}, mails sent: {self.sent}, removed: {self.removed}"
        rows = (
            (self.asked, "asked to confirm, or whether still wanted"),
            (self.later, "to be sent by the next run"),
            (self.refused, "refused by the mail server"),
            (self.stopped, "stopped: refused three times"),
            (self.unreadable, "without a mail: the key or the vocabulary of their search is not there any more"),
        )
        yield from (f"  {count} {what}" for count, what in rows if count)
        if self.fault:
            yield f"  stopped early: {self.fault}"
