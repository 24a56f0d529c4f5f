"""What is stored of alerts: no name, no network address, nothing about who opened what."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

CONSENT: Final = "2026-11-30"  # version of the text that the form shows; a change of its meaning is a new version
Frequency = Literal["daily", "weekly"]
FREQUENCIES: Final[tuple[Frequency, ...]] = ("daily", "weekly")
Kind = Literal["pending", "active", "stopped", "used", "gate", "shown"]
LetterKind = Literal["news", "renewal"]


class Outbox(BaseModel):
    """The letter that is about to be sent, or was when its sender died: sent again with the same Message-ID."""

    model_config = ConfigDict(extra="forbid")

    letter: LetterKind = Field(description="new offers, or the question whether the alert is still wanted")
    until: str = Field(default="", description="end of the window of news that it tells")
    behind: dict[str, str] = Field(default_factory=dict, description="sources being loaded at its end, as in a horizon")


class Record(BaseModel):
    """One document of the index of alerts; which fields it has depends on its kind."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Field(
        description="pending: not confirmed; active; stopped: the address refuses mail; used: a pending one that was"
        " confirmed; gate: an address was just written to; shown: a mail of the demonstration"
    )
    mark: str | None = Field(default=None, description="keyed hash of the address, to find it")
    address: str | None = Field(default=None, description="the address, encrypted")
    query: str | None = Field(default=None, description="query string of the search, as it was")
    frequency: Frequency | None = None
    consent: str | None = Field(default=None, description="version of the text that was agreed to")
    created_at: str | None = Field(default=None, description="of everything but an active alert")
    asked_at: str | None = Field(
        default=None, description="when the mail went out that asks to confirm, or whether the alert is still wanted"
    )
    confirmed_at: str | None = Field(default=None, description="when it was confirmed, or kept, last")
    mailed_at: str | None = Field(default=None, description="start of the run that sent its last mail")
    told_until: str | None = Field(default=None, description="news up to this moment have been told")
    behind: dict[str, str] | None = Field(
        default=None, description="sources being loaded then, and up to when their news have been told; '' is never"
    )
    outbox: Outbox | None = None
    refused: int | None = Field(default=None, description="how often in a row the address was refused for good")
    alert: str | None = Field(default=None, description="of a used one: the alert that it became")
    message: str | None = Field(default=None, description="of a shown one: the whole mail, in base64")

    def to_document(self) -> dict[str, Any]:
        """Return what is stored: fields that are set."""
        return self.model_dump(exclude_none=True)
