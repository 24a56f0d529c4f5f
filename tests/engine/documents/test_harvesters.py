"""Three foreign harvesters of OAI-PMH get the same records from ``/oai``, while documents are rewritten."""

import random
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from oaipmh.client import Client
from oaipmh.metadata import MetadataRegistry, oai_dc_reader
from oaipmh_scythe import HTTPConfig, Scythe
from oaipmh_scythe.models import Header, Record

from tests.documents.indexed import create_documents, numbered_document, numbered_documents, write_documents
from tests.served import Served, serving_command

COUNT = 730  # eight pages
PAUSE = 0.01  # seconds between two writes
# By its callback: after automatic resumption its iterator has the last page alone.
PERL = """
use HTTP::OAI;
my $harvester = HTTP::OAI::Harvester->new(baseURL => $ARGV[0]);
my $answer = $harvester->%s(metadataPrefix => "oai_dc"%s, onRecord => sub { print $_[0]->identifier, "\\n" });
die $answer->message if $answer->is_error;
"""


def scythe(address: str, chosen: Mapping[str, str]) -> list[str]:
    """Harvest with oaipmh-scythe."""
    with Scythe(address) as harvester:
        records = harvester.list_records(set_=chosen.get("set"))
        return [str(each.header.identifier) for each in records if isinstance(each, Record)]


def scythe_by_post(address: str, chosen: Mapping[str, str]) -> list[str]:
    """Harvest the headers with oaipmh-scythe by POST."""
    with Scythe(address, http_config=HTTPConfig(http_method="POST")) as harvester:
        headers = harvester.list_identifiers(set_=chosen.get("set"))
        return [str(each.identifier) for each in headers if isinstance(each, Header)]


def oaipmh(address: str, chosen: Mapping[str, str]) -> list[str]:
    """Harvest with oaipmh."""
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", oai_dc_reader)
    client = Client(address, registry)
    return [header.identifier() for header, _, _ in client.listRecords(metadataPrefix="oai_dc", **chosen)]


def http_oai(address: str, chosen: Mapping[str, str], verb: str = "ListRecords") -> list[str]:
    """Harvest with Perl's HTTP::OAI (Debian: libhttp-oai-perl)."""
    perl = shutil.which("perl")
    assert perl is not None
    present = subprocess.run([perl, "-MHTTP::OAI", "-e", "1"], capture_output=True, check=False)
    assert present.returncode == 0, "HTTP::OAI is missing: apt-get install libhttp-oai-perl, or make test as root"
    more = "".join(f', {name} => "{value}"' for name, value in chosen.items())
    told = subprocess.run(
        [perl, "-e", PERL % (verb, more), address], capture_output=True, text=True, check=False, timeout=120
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def http_oai_headers(address: str, chosen: Mapping[str, str]) -> list[str]:
    """Harvest the headers with Perl's HTTP::OAI."""
    return http_oai(address, chosen, "ListIdentifiers")


HARVESTERS = (scythe, scythe_by_post, oaipmh, http_oai, http_oai_headers)
Harvester = Callable[[str, Mapping[str, str]], list[str]]


@pytest.fixture(scope="module")
def served(engine_url: str, module_index_prefix: str) -> Iterator[Served]:
    """The app over numbered documents."""
    create_documents(engine_url, module_index_prefix)
    write_documents(engine_url, module_index_prefix, numbered_documents(COUNT))
    with serving_command(engine_url, module_index_prefix, WORKERS="2") as app:
        yield app


@contextmanager
def rewriting(engine_url: str, prefix: str) -> Iterator[Counter[str]]:
    """Rewrite documents as changed now, one tenth of them as removed, until the block ends; counts the writes."""
    draw, stop, written = random.Random(5), threading.Event(), Counter[str]()

    def write() -> None:
        while not stop.wait(PAUSE):
            numbers, now = draw.sample(range(COUNT), 40), datetime.now(UTC).replace(microsecond=0)
            write_documents(engine_url, prefix, [numbered_document(number, stamp=now) for number in numbers])
            written["documents"] += len(numbers)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("harvest", HARVESTERS)
def test_foreign_harvester_gets_every_record_once_while_documents_are_rewritten(
    harvest: Harvester, served: Served, engine_url: str, module_index_prefix: str
) -> None:
    expected = sorted(f"oai:127.0.0.1:{each.key}" for each in numbered_documents(COUNT))
    with rewriting(engine_url, module_index_prefix) as written:
        found = harvest(f"{served.address}/oai", {})
    assert sorted(found) == expected
    assert written["documents"]


@pytest.mark.parametrize("harvest", HARVESTERS)
def test_foreign_harvester_gets_the_records_of_a_set(harvest: Harvester, served: Served) -> None:
    expected = sorted(f"oai:127.0.0.1:{each.key}" for each in numbered_documents(COUNT) if "76" in each.region)
    assert len(expected) > 200
    assert sorted(harvest(f"{served.address}/oai", {"set": "region:76"})) == expected
