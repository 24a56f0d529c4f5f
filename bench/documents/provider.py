"""``python -m bench.documents.provider PORT RECORDS``: a provider of OAI-PMH over invented records, 100 a page."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs

PAGE: Final = 100
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-11-20T10:00:00Z</responseDate>"
)
IDENTIFY: Final = (
    "<Identify><repositoryName>x</repositoryName><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
)
RECORD: Final = (
    "<record><header><identifier>oai:bench.example:{n}</identifier><datestamp>2026-11-01T00:00:00Z</datestamp></header>"
    '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Guide inventé n° {n} des métiers de l’atelier</dc:title>'
    "<dc:creator>Autrice {author}</dc:creator><dc:subject>Formacode : {formacode}</dc:subject><dc:subject>{rome}"
    "</dc:subject><dc:subject>RNCP {rncp}</dc:subject><dc:description>{words}</dc:description><dc:publisher>Éditeur "
    "{publisher}</dc:publisher><dc:date>202{year}-0{month}-1{month}</dc:date><dc:type>Guide</dc:type><dc:identifier>"
    "https://bench.example/documents/{n}</dc:identifier><dc:language>fre</dc:language><dc:coverage>Occitanie"
    "</dc:coverage><dc:rights>Licence Ouverte 2.0</dc:rights></oai_dc:dc></metadata></record>"
)
WORDS: Final = "Accès, conditions, financements et débouchés, avec des adresses et des témoignages. " * 8


def record(n: int) -> str:
    """Return an invented record."""
    return RECORD.format(
        n=n,
        author=n % 500,
        formacode=10_000 + n % 900,
        rome=f"H{1000 + n % 900}",
        rncp=30_000 + n % 9_000,
        words=f"{n} {WORDS}",
        publisher=n % 40,
        year=n % 7,
        month=n % 9 + 1,
    )


def page(query: str, records: int) -> str:
    """Return the answer to a request."""
    given = {name: values[0] for name, values in parse_qs(query).items()}
    if given.get("verb") == "Identify":
        return f"{HEAD}{IDENTIFY}</OAI-PMH>"
    start = int(given.get("resumptionToken", "0"))
    rows = "".join(record(n) for n in range(start, min(start + PAGE, records)))
    following = start + PAGE if start + PAGE < records else ""
    return f"{HEAD}<ListRecords>{rows}<resumptionToken>{following}</resumptionToken></ListRecords></OAI-PMH>"


def main() -> None:
    """Serve until the process is ended."""
    port, records = int(sys.argv[1]), int(sys.argv[2])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page(self.path.partition("?")[2], records).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
