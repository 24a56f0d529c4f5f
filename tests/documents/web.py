"""A real HTTP server on this machine whose answers a test writes, byte by byte if it wants."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

OAI = "http://www.openarchives.org/OAI/2.0/"
Handler = Callable[[socket.socket, str], None]


@dataclass
class Web:
    """Answers by path and query; the first rule that begins the asked address counts."""

    address: str = ""
    rules: dict[str, Handler] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(
        self, path: str, body: bytes | str, kind: str = "text/xml", status: str = "200 OK", extra: str = ""
    ) -> None:
        """Answer a path with a whole body."""
        raw = body.encode() if isinstance(body, str) else body
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\n{extra}\r\n"
        self.rules[path] = lambda sock, _: sock.sendall(head.encode() + raw)

    def handle(self, path: str, handler: Handler) -> None:
        """Answer a path by a function of the connection and the address that was asked."""
        self.rules[path] = handler

    def serve(self, sock: socket.socket) -> None:
        """Answer one request, and close the connection."""
        with sock, suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data and (part := sock.recv(65536)):
                data += part
            target = data.split(b" ")[1].decode()
            self.asked.append(target)
            rules = sorted(self.rules, key=len, reverse=True)
            rule = next((self.rules[path] for path in rules if target.startswith(path)), None)
            if rule is None:
                sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                return
            rule(sock, target)


@contextmanager
def running_web() -> Iterator[Web]:
    """Serve while the block runs."""
    web, ended = Web(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        web.address = f"http://127.0.0.1:{server.getsockname()[1]}"

        def accept() -> None:
            while not ended.is_set():
                with suppress(TimeoutError):
                    sock, _ = server.accept()
                    sock.settimeout(30)
                    threading.Thread(target=web.serve, args=(sock,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield web
        finally:
            ended.set()
            thread.join()


def arguments_of(target: str) -> dict[str, str]:
    """The arguments of an asked address."""
    return dict(parse_qsl(urlsplit(target).query))


def oai_page(body: str, moment: str = "2026-11-20T10:00:00Z") -> str:
    """An answer of OAI-PMH."""
    return f'<?xml version="1.0"?><OAI-PMH xmlns="{OAI}"><responseDate>{moment}</responseDate>{body}</OAI-PMH>'


def oai_identify(removals: str = "persistent", granularity: str = "YYYY-MM-DDThh:mm:ssZ") -> str:
    """The answer to Identify."""
    told = f"<deletedRecord>{removals}</deletedRecord><granularity>{granularity}</granularity>"
    return oai_page(f"<Identify><repositoryName>x</repositoryName>{told}</Identify>")


def oai_record(key: str, title: str = "", inner: str = "", status: str = "") -> str:
    """A record; a removed one has a status and no metadata."""
    head = f"<header{status}><identifier>oai:x.example:{key}</identifier><datestamp>2026-11-01</datestamp></header>"
    if status:
        return f"<record>{head}</record>"
    spaces = 'xmlns:o="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    core = f"<dc:title>{title or f'Texte {key}'}</dc:title>{inner}"
    return f"<record>{head}<metadata><o:dc {spaces}>{core}</o:dc></metadata></record>"


def oai_list(*records: str, token: str | None = None, attributes: str = "") -> str:
    """A page of a list; a token of no characters ends it."""
    end = "" if token is None else f"<resumptionToken{attributes}>{token}</resumptionToken>"
    return oai_page(f"<ListRecords>{''.join(records)}{end}</ListRecords>")


DELETED = ' status="deleted"'
