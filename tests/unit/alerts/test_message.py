"""Messages: readable as they are sent, and nothing that others wrote becomes a header or a command."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from alerts.address import parse_address
from alerts.letter import Action, Entry, Letter, Line, one_line, to_html, to_text
from alerts.message import Envelope, Message, build_message, message_id

SITE = "https://boussole.example"
STOP = f"{SITE}/alertes/desabonnement/" + "x" * 150
EVIL = "Soudeur\r\nBcc: victim@b.example\r\n.\r\nMAIL FROM:<x@y.example>\x00\u2028\x85<b>&é"


def letter(title: str = "Soudeur à l’arc", subject: str = "Boussole : 1 nouvelle offre") -> Letter:
    return Letter(
        subject=subject, heading="1 nouvelle offre", asked="Votre recherche : « soudeur »", paragraphs=("Un nombre.",),
        entries=(Entry(one_line(title), f"{SITE}/offres/abc", (Line("Lieu", "Albi (81)"),)),),
        action=Action("Voir", f"{SITE}/offres?q=soudeur&place=Albi"), closing=("Parce que.",),
        stop=Action("Arrêter", STOP),
    )  # fmt: skip


def message(told: Letter) -> Message:
    envelope = Envelope(
        parse_address("boussole@boussole.example"), parse_address("a@b.example"), message_id("r", "w", SITE), STOP,
        datetime(2026, 11, 30, 8, tzinfo=UTC),
    )  # fmt: skip
    return build_message(told, envelope, SITE)


def test_headers_that_mail_programs_act_upon_stand_on_one_line_each() -> None:
    head = message(letter()).to_bytes().partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{STOP}>" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "Auto-Submitted: auto-generated" in head
    assert "List-Id: Alertes de Boussole <alertes.boussole.example>" in head
    assert "Message-ID: <r.w@boussole.example>" in head
    assert not any(line.startswith((" ", "\t")) for line in head)


def test_text_comes_first_and_both_parts_hold_title_and_link_once_unbroken() -> None:
    title = "Titre professionnel d’agent de maintenance des matériels de construction et de manutention " * 3
    raw = message(letter(title)).to_bytes()
    read = message_from_bytes(raw, policy=policy.default)
    plain, html = (part for part in read.walk() if part.get_content_maintype() == "text")
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part in (plain, html):
        lines = str(part.get_content()).splitlines()
        assert sum(title.strip() in line for line in lines) == 1
        assert sum(f"{SITE}/offres/abc" in line for line in lines) == 1
    assert title.strip().encode() in raw
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize("eight_bits", [True, False])
def test_texts_of_others_become_no_headers_and_no_lines(eight_bits: bool) -> None:
    raw = message(letter(EVIL, subject=EVIL)).to_bytes(eight_bits=eight_bits)
    read = message_from_bytes(raw, policy=policy.default)
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert read["To"] == "a@b.example"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\x00", raw)
    assert b"\r\n.\r\n" not in raw
    assert eight_bits or raw.isascii()
    text = str(read.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert sum(line.startswith(("Bcc", "MAIL", ".")) for line in text.splitlines()) == 0


def test_html_escapes_what_others_wrote_and_loads_nothing() -> None:
    html = to_html(letter("<img src=x onerror=alert(1)>"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert not re.search(r"<(script|img|link|style|iframe|form)|<[^>]* src=|url\(|@import", html)
    assert set(re.findall(r'href="([^"]+)"', html)) == {
        f"{SITE}/offres/abc", f"{SITE}/offres?q=soudeur&amp;place=Albi", STOP,
    }  # fmt: skip


def test_text_says_what_html_says() -> None:
    text = to_text(letter())
    words = [
        re.sub(r"<[^>]+>", "", line).replace("&nbsp;:", " :")
        for line in to_html(letter()).split("<body")[1].splitlines()
    ]
    said = [word.strip() for word in words if word.strip() and not word.startswith(" style")]
    assert [word for word in said if word not in text] == []


def test_one_line_cuts_what_is_too_long() -> None:
    assert one_line("a" * 400, 10) == "aaaaaaaaa…"
    assert one_line("  a \t b\u00a0c ") == "a b\u00a0c"
