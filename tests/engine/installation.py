"""A small installation of one's own: feeds written from a few words, the real commands, and looks at the engine."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import httpx

from engine.blocking import Engine
from funding import DOCUMENT, OWN_FUNDING, pack_funding, read_texts
from indexer.cli import run as run_indexer
from mappings.keys import key_of
from mappings.loader import load_index_body
from mappings.names import IndexNames
from mappings.settings import EngineSettings
from seats.statements.forms import read_ndjson
from seats.statements.producers import COMMAND, Producer
from seats.statements.record import record_lines
from seats.statements.tally import SeatsAnswer

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<lheo xmlns="http://lheo.gouv.fr/2.3"><offres>\n'
TAIL = "</offres></lheo>\n"


@dataclass(frozen=True)
class Action:
    """What a test says of an action; everything else is the same for all."""

    number: str
    title: str = "Soudure à l’arc"
    sessions: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    content: str = "Préparer et souder des pièces."
    extra: str = ""

    def to_xml(self) -> str:
        """Return the formation that holds the action."""
        sessions = "".join(
            f'<session numero="{number}"><periode><debut>20270301</debut><fin>20270601</fin></periode>'
            "<etat-recrutement>1</etat-recrutement></session>"
            for number in self.sessions
        )
        funders = "".join(
            f"<organisme-financeur><code-financeur>{code}</code-financeur></organisme-financeur>"
            for code in self.funders
        )
        title = f"<intitule-formation>{self.title}</intitule-formation>" if self.title else ""
        return (
            f'<formation numero="F_{self.number}" {self.extra}>{title}<contenu-formation>{self.content}'
            f'</contenu-formation><action numero="{self.number}">{sessions}{funders}</action>'
            "<organisme-formation-responsable><SIRET-organisme-formation><SIRET>12345678900011</SIRET>"
            "</SIRET-organisme-formation><nom-organisme>GRETA</nom-organisme></organisme-formation-responsable>"
            "</formation>\n"
        )


def write_feed(path: Path, *actions: Action | str, tail: str = TAIL) -> Path:
    """Write a feed of actions, or of records as they are given."""
    records = (action if isinstance(action, str) else action.to_xml() for action in actions)
    path.write_text(HEAD + "".join(records) + tail, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Run:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def trouble(self) -> list[str]:
        """The lines in which it told of trouble; progress is not among them."""
        return [line for line in self.err.splitlines() if line.startswith("indexer: ")]


@dataclass
class Installation:
    """An index prefix in the engine, and a folder."""

    engine_url: str
    prefix: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_rules(cls, engine_url: str, prefix: str, folder: Path, settings: Mapping[str, str] | None = None) -> Self:
        """Return one whose operator has funding rules of their own, the same as the project's: loads let them be.

        The first load of another one stores the project's, and makes documents of them in indices of their own. That
        is half of what it costs, and no subject of most tests.
        """
        made = cls(engine_url, prefix, folder, dict(settings or {}))
        made.call("PUT", made.names.lexicon, load_index_body("lexicon"))
        made.call("PUT", f"{made.names.lexicon}/_doc/{DOCUMENT}?refresh=true", _rules())
        return made

    @property
    def names(self) -> IndexNames:
        """The names of its indices."""
        return IndexNames(self.prefix)

    @property
    def environment(self) -> dict[str, str]:
        """The settings under which its commands run."""
        return {
            "BOUSSOLE_OPENSEARCH_URL": self.engine_url,
            "BOUSSOLE_INDEX_PREFIX": self.prefix,
            "BOUSSOLE_WORK_DIR": str(self.folder / "work"),
        } | self.settings

    def run(self, *arguments: str) -> Run:
        """Run a command of the indexer in this process."""
        out, err = io.StringIO(), io.StringIO()
        with patch.dict("os.environ", self.environment), redirect_stdout(out), redirect_stderr(err):
            status = run_indexer(arguments)
        return Run(status, out.getvalue(), err.getvalue())

    def load(self, *actions: Action | str, source: str = "one", options: tuple[str, ...] = ()) -> Run:
        """Load a feed of these actions."""
        path = write_feed(self.folder / f"{source}.xml", *actions)
        return self.load_file(path, source, options)

    def load_file(self, path: Path, source: str = "one", options: tuple[str, ...] = ()) -> Run:
        """Load a file."""
        return self.run("load", "--source", source, "--json", *options, str(path))

    def seats(self, *statements: Mapping[str, Any] | str) -> Run:
        """Send seat statements by the command."""
        path = self.folder / "seats.ndjson"
        lines = (row if isinstance(row, str) else json.dumps(row) for row in statements)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return self.run("seats", str(path))

    def state(self, *statements: Mapping[str, Any], producer: Producer = COMMAND) -> SeatsAnswer:
        """Record statements as a producer's request does; may be called from several threads."""
        settings = EngineSettings(opensearch_url=self.engine_url, index_prefix=self.prefix)
        lines = [json.dumps(row).encode() for row in statements]
        with closing(Engine.connect(settings.connection)) as engine, closing(SeatsAnswer()) as answer:
            engine.run(record_lines(self.names, lines, read_ndjson, producer, answer, settings.seats_cutoff))
        return answer

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Speak to the engine directly."""
        answer = httpx.request(method, f"{self.engine_url}/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def offers(self, source: str | None = None) -> dict[str, dict[str, Any]]:
        """Return what is live, by number, all of it."""
        self.call("POST", f"{self.names.offers}/_refresh")
        query: dict[str, Any] = {"term": {"source": source}} if source else {"match_all": {}}
        hits = self.call("POST", f"{self.names.offers}/_search", {"size": 10_000, "query": query})["hits"]["hits"]
        return {hit["_source"]["id"]: hit["_source"] for hit in hits}

    def left(self, session: str) -> dict[str, int]:
        """Return the seats left of a session, as the offer has them."""
        query = {"term": {"session_keys": key_of(session)}}
        self.call("POST", f"{self.names.offers}/_refresh")
        (hit,) = self.call("POST", f"{self.names.offers}/_search", {"query": query})["hits"]["hits"]
        left: dict[str, int]
        (left,) = (each.get("left", {}) for each in hit["_source"]["sessions"] if each["id"] == session)
        return left

    def writes(self) -> int:
        """Return how many writes the live offers index has taken since it was made."""
        stats = self.call("GET", f"{self.names.offers}/_stats?level=shards")["indices"]
        return sum(
            copy["seq_no"]["max_seq_no"] + 1
            for index in stats.values()
            for copies in index["shards"].values()
            for copy in copies
        )

    def rejects(self, run: Run) -> list[dict[str, Any]]:
        """Return what a load wrote into its rejects file."""
        return [json.loads(line) for line in Path(run.json["rejects_file"]).read_text(encoding="utf-8").splitlines()]


@cache
def _rules() -> dict[str, Any]:
    return pack_funding(read_texts(OWN_FUNDING), "rules of the tests", "2026-11-22T18:25:00+00:00")


def statement(session: str, available: int | None, sequence: int = 1, funder: str = "2") -> dict[str, Any]:
    """Return a seat statement."""
    return {
        "session": session,
        "funder": funder,
        "capacity": 20,
        "available": available,
        "sequence": sequence,
        "observed_at": "2026-11-22T18:25:00Z",
    }


def actions(count: int, start: int = 0, size: int = 100) -> Iterator[Action]:
    """Yield ordinary actions with one session each; ``size`` is that of their texts, in characters."""
    for number in range(start, start + count):
        yield Action(
            f"AF_{number}", sessions=(f"SE_{number}",), funders=("2",), content=f"Contenu {number} " * (size // 12)
        )
