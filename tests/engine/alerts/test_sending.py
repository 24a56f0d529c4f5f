"""What came is told, each offer once, whatever the clock, the mail server or the sender do."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta

from mappings.keys import key_of
from tests.engine.alerts.alerting import Alerting, offers_in, path_of
from tests.engine.alerts.mail_server import Received
from tests.engine.installation import Action

OLD = Action("A1", sessions=("S1",), funders=("2",))


def action(number: str, title: str = "Soudure à l’arc") -> Action:
    return Action(number, title=title, sessions=(f"S-{number}",), funders=("2",))


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def keys(*numbers: str) -> list[str]:
    return sorted(map(key_of, numbers))


def test_new_offers_are_told_once_each_and_nothing_else(desk: Alerting) -> None:
    desk.subscribe()
    assert desk.send().status == 0
    assert desk.server.take() == []
    desk.load(OLD, action("A2"), action("A3"), action("X1", "Coiffure"))
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert sorted(offers_in(mail)) == keys("A2", "A3")
    assert "2\u00a0nouvelles offres" in mail.text.splitlines()[0]
    assert desk.send().status == 0  # twice in an hour
    assert desk.server.take() == []
    desk.load(OLD, action("A2"), action("A3"), action("A4"))
    assert desk.send(day(1)).status == 0
    (mail,) = desk.server.take()
    assert offers_in(mail) == keys("A4")


def test_a_weekly_alert_waits_seven_days_and_tells_all_of_them(desk: Alerting) -> None:
    desk.subscribe(frequency="weekly")
    told: Counter[str] = Counter()
    for number, days, mails in (("A2", 1, 0), ("A3", 6, 0), ("A4", 8, 1), ("A5", 9, 0), ("A6", 14, 0), ("A7", 15, 1)):
        desk.load(OLD, *(action(f"A{each}") for each in range(2, int(number[1:]) + 1)))
        assert desk.send(day(days)).status == 0
        received = desk.server.take()
        assert len(received) == mails, (number, days)
        told.update(key for mail in received for key in offers_in(mail))
    assert told == Counter(keys("A2", "A3", "A4", "A5", "A6", "A7"))


def test_two_senders_at_once_send_one_mail(desk: Alerting) -> None:
    for number in range(3):
        desk.subscribe(f"p{number}@exemple.fr")
    desk.load(OLD, action("A2"))
    senders = [desk.start_sender() for _ in range(2)]
    told = sorted(sender.communicate(timeout=120)[0] for sender in senders)
    assert [sender.returncode for sender in senders] == [0, 0]
    assert Counter(mail.recipient for mail in desk.server.take()) == {f"p{n}@exemple.fr": 1 for n in range(3)}
    assert "nothing done" in told[1] or all("mails sent" in each for each in told)


def test_a_sender_killed_after_250_doubles_one_mail_with_the_same_message_id(desk: Alerting) -> None:
    for number in range(4):
        desk.subscribe(f"p{number}@exemple.fr")
    desk.load(OLD, action("A2"), action("A3"))
    sender: list[subprocess.Popen[str]] = []

    def kill(_: Received) -> None:
        if len(desk.server.received) == 2:
            os.kill(sender[0].pid, signal.SIGKILL)

    desk.server.on_data = kill
    sender.append(desk.start_sender())
    sender[0].communicate(timeout=120)
    assert sender[0].returncode == -signal.SIGKILL
    desk.server.on_data = None
    before = desk.server.take()
    desk.load(OLD, action("A2"), action("A3"), action("A4"))  # the letter that is sent again does not grow
    assert desk.send().status == 0
    after = desk.server.take()
    assert {mail.recipient for mail in before + after} == {f"p{n}@exemple.fr" for n in range(4)}
    by_id: dict[str, list[Received]] = {}
    for mail in before + after:
        by_id.setdefault(str(mail.message["Message-ID"]), []).append(mail)
    doubles = [mails for mails in by_id.values() if len(mails) > 1]
    assert len(doubles) == 1
    assert all(offers_in(first) == offers_in(second) for first, second in doubles)
    for number in range(4):
        told = {
            str(mail.message["Message-ID"]): offers_in(mail)
            for mail in before + after
            if mail.recipient == f"p{number}@exemple.fr"
        }
        assert sorted(key for each in told.values() for key in each) == keys("A2", "A3", "A4")


def test_a_server_that_wants_it_later_gets_the_same_letter_again(desk: Alerting) -> None:
    desk.subscribe()
    desk.load(OLD, action("A2"))
    desk.server.to_data.append("451 try again later")
    run = desk.send()
    assert (run.status, desk.server.take()) == (1, [])
    assert "1 to be sent by the next run" in run.out
    (outbox,) = (record["outbox"] for record in desk.records("active"))
    assert outbox["letter"] == "news"
    desk.load(OLD, action("A2"), action("A3"))
    assert desk.send().status == 0
    first, second = desk.server.take()
    assert [offers_in(first), offers_in(second)] == [keys("A2"), keys("A3")]
    assert desk.send().status == 0
    assert desk.server.take() == []


def test_an_address_refused_three_times_is_not_tried_again(desk: Alerting) -> None:
    desk.subscribe()
    desk.load(OLD, action("A2"))
    desk.server.to_recipients.extend(["550 no such user"] * 3)
    desk.server.tried.clear()
    runs = [desk.send() for _ in range(4)]
    assert [run.status for run in runs] == [0, 0, 0, 0]
    assert desk.server.tried == ["a.b@exemple.fr"] * 3
    assert "stopped: refused three times" in runs[2].out
    assert len(desk.records("stopped")) == 1
    assert "stopped, the address refuses mail: 1" in desk.send("", "status").out
    assert desk.send(day(31)).status == 0
    assert desk.records("stopped") == []


def test_a_success_in_between_forgets_refusals(desk: Alerting) -> None:
    desk.subscribe()
    for number, answers in ((2, ["550 no"] * 2), (3, ["550 no"] * 2)):
        desk.load(OLD, *(action(f"A{each}") for each in range(2, number + 1)))
        desk.server.to_recipients.extend(answers)
        for _ in range(3):
            assert desk.send().status == 0
        assert len(desk.server.take()) == 1
    assert desk.records("stopped") == []


def test_a_mail_server_that_is_away_is_one_line_and_nothing_is_lost(desk: Alerting) -> None:
    desk.subscribe()
    desk.load(OLD, action("A2"))
    away = {"BOUSSOLE_SMTP_URL": "smtp://127.0.0.1:1"}
    desk.environment.update(away)
    sender = desk.start_sender()
    out, error = sender.communicate(timeout=60)
    assert (sender.returncode, error) == (1, "")
    assert "the mail server at 127.0.0.1:1: SMTPConnectError" in out
    desk.environment["BOUSSOLE_SMTP_URL"] = desk.server.url
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert offers_in(mail) == keys("A2")


def test_a_sender_that_is_not_accepted_stops_nobodys_alert(desk: Alerting) -> None:
    desk.subscribe()
    desk.load(OLD, action("A2"))
    for _ in range(4):
        desk.server.to_senders.append("550 who are you")
        run = desk.send()
        assert (run.status, "does not accept the sender (550)" in run.out) == (1, True)
    assert desk.send().status == 0
    assert len(desk.server.take()) == 1


def test_the_first_load_of_a_source_is_a_number(desk: Alerting) -> None:
    desk.subscribe()
    desk.load(*(action(f"B{number}") for number in range(3)), source="two")
    desk.load(OLD, action("A2"))
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert offers_in(mail) == keys("A2")
    assert "3\u00a0offres répondent à votre recherche" in mail.text
    desk.load(*(action(f"B{number}") for number in range(4)), source="two")
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert offers_in(mail) == keys("B3")


def test_more_than_fifty_are_a_number(desk: Alerting) -> None:
    desk.subscribe()
    for last, listed in ((51, 50), (103, 0)):
        desk.load(
            OLD,
            *(action(f"A{number}") for number in range(1, last) if number != 1),
            *([action("A51")] if last == 51 else []),
        )
        assert desk.send().status == 0
        (mail,) = desk.server.take()
        assert len(offers_in(mail)) == listed
    assert "51\u00a0nouvelles offres répondent à votre recherche." in mail.text
    assert f"{desk.client.base_url}/offres?q=soudure" in mail.text


def test_once_a_year_one_is_asked_and_without_an_answer_all_is_removed(desk: Alerting) -> None:
    desk.subscribe("keeps@exemple.fr")
    desk.subscribe("goes@exemple.fr")
    assert desk.send(day(364)).status == 0
    assert desk.server.take() == []
    assert desk.send(day(365)).status == 0
    asked = {mail.recipient: mail for mail in desk.server.take()}
    assert asked.keys() == {"keeps@exemple.fr", "goes@exemple.fr"}
    link = path_of(asked["keeps@exemple.fr"].link("/alertes/maintien/"))
    assert "Garder" in desk.client.get(link).text
    assert desk.client.post(link).status_code == 200
    assert desk.send(day(364)).status == 0
    assert desk.server.take() == []
    assert desk.send(day(395)).status == 0
    assert len(desk.records("active")) == 1


def test_what_a_load_has_not_shown_yet_is_told_by_a_later_run(desk: Alerting) -> None:
    desk.subscribe()
    lock = {"name": "load:one", "owner": "elsewhere 1 1", "until": "2999-01-01T00:00:00+00:00"}
    desk.load(OLD, action("A2"))
    names = desk.installation.names
    newest = desk.installation.offers()[("A2")]["news_at"]
    # The load of « one » goes on: its state says that only the one before is whole.
    desk.installation.call("PUT", f"{names.locks}/_doc/load:one?refresh=true", lock)
    earlier = (datetime.fromisoformat(newest) - timedelta(hours=1)).isoformat()
    state = {"name": "one", "loaded_at": earlier, "offers": 1, "sessions": 1}
    desk.installation.call("PUT", f"{names.sources}/_doc/one?refresh=true", state)
    assert desk.send().status == 0
    assert desk.server.take() == []
    desk.installation.call("DELETE", f"{names.locks}/_doc/load:one?refresh=true")
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert offers_in(mail) == keys("A2")
    assert desk.send().status == 0
    assert desk.server.take() == []
