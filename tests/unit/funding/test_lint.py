"""Faults of funding rules: all are reported at once, with file and line."""

import re
from pathlib import Path

import pytest

from funding import FundingFileError, check_folder, read_book
from funding.lint.together import find_faults
from tests.unit.funding.samples import AMOUNTS, CONTACTS, RULE, SCENARIOS, write_folder

SOURCE = '[[version.source]]\ntext = "Code inventé, article 1"\nread_on = 2026-11-28\n'
EMPLOYEE = '{fact = "person.status", in = ["employee"]}'


def faults_of(folder: Path, **changed: str) -> list[str]:
    with pytest.raises(FundingFileError) as told:
        check_folder(write_folder(folder, **changed))
    return told.value.faults


def test_sound_folder_has_no_fault(tmp_path: Path) -> None:
    reading = check_folder(write_folder(tmp_path)).reading
    assert [scheme.id for scheme in reading.book.schemes] == ["grant"]
    assert len(reading.scenarios) == 6


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("person.status", "person.statut", 15, "unknown fact 'person.statut'"),
        ('["employee"]', '["worker"]', 15, "unknown value 'worker'"),
        ('["employee"]', '["employee", "employee"]', 15, "'employee' is there twice"),
        ('["employee"]', "[]", 15, "and not all of them"),
        ('funders = ["2"]', 'funders = ["99"]', 3, "unknown value '99'"),
        ('"person.status", in', '"person.status", has', 15, "person.status is compared with one of in"),
        ("at_least = 40", 'at_least = "40"', 17, "a number is expected"),
        ("is = true", 'is = "yes"', 18, "true or false is expected"),
        (EMPLOYEE, '{text = "rien"}', 15, "a condition has one of fact, all, any, not, untold"),
        (EMPLOYEE, '{any = [{fact = "person.disabled", is = true}]}', 15, "at least two conditions"),
        (EMPLOYEE, '{fact = "person.csp_since", within_months = 2, since = "offer.hours"}', 15, "another date"),
        (EMPLOYEE, EMPLOYEE[:-1] + ', remedy_for = ["student"]}', 15, "a remedy is expected beside it"),
        (EMPLOYEE, EMPLOYEE[:-1] + ', source = "Ailleurs"}', 14, "is none of the version’s"),
        ('id = "grant"', 'id = "other"', 1, "the name of the file is expected"),
        ('pays = ["fees"]', "pays = []", 4, "one or more of fees"),
        ('covers = "full"', 'covers = "all"', 5, "not 'all'"),
        ('decides = "Région"', 'decides = ""', 7, "a text is expected"),
        ("order = 1", "order = -1", 6, "a whole number is expected"),
        ('summary = "Une aide', 'summary = "Personnes éligibles : une aide', 8, "« éligible » is not said"),
        ('contacts = ["region"]', 'contacts = ["town"]', 9, "unknown contact 'town'"),
        ("to = 2026-12-31\n", "", 11, "a version has an end (to) or a day by which it is read again"),
        ("to = 2026-12-31", "to = 2025-12-31", 13, "a day not before from"),
        ("from = 2026-01-01\nto", 'from = "2026"\nto', 12, "a date such as 2026-11-28"),
        ("to = 2026-12-31", "to = 2026-12-31\nuntil = 3", 14, "unknown key 'until'"),
        ("to = 2026-12-31", 'to = 2026-12-31\non = "monday"', 14, "session_start, day are known"),
        (SOURCE, "", 11, "a source is expected"),
        ("read_on = 2026-11-28", "read_on = 2026-11-28\nas_of = 2026-11-29", 30, "a day not after read_on"),
        ("read_on = 2026-11-28", 'read_on = 2026-11-28\nid = "L6121-1"', 30, "leave it out if it is not known"),
        ("read_on = 2026-11-28\n", "", 27, "read_on: a date is expected"),
        ('amount = "bonus"', 'amount = "prize"', 22, "unknown amount 'prize'"),
        ("label =", 'label = "Deux fois"\nlabel =', 3, "Cannot overwrite a value"),
        ('{fact = "person.disabled", is = true},', f"{EMPLOYEE},", 16, "the condition changes nothing"),
        ('{fact = "person.disabled", is = true},', "{fact = \"offer.hours\", at_least = 90},", 18, "changes nothing"),
        ("[[version.amount]]", "deadlines = [{what = \"Demande\", days = 60, long_absence_days = 60}]\n"
         "[[version.amount]]", 22, "more than days are expected"),
    ],
)  # fmt: skip
def test_fault_of_rule_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in RULE
    faults = faults_of(tmp_path, rule=RULE.replace(old, new, 1))
    place = f"{tmp_path}/rules/grant.toml, line {line}: "
    assert [fault for fault in faults if fault.startswith(place) and said in fault], faults


def test_overlapping_versions_are_told(tmp_path: Path) -> None:
    version = RULE[RULE.index("[[version]]") :]
    again = version.replace("from = 2026-01-01\nto = 2026-12-31", "from = 2026-12-31\nto = 2027-12-31")
    (fault,) = faults_of(tmp_path, rule=RULE + "\n" + again)
    assert fault == f"{tmp_path}/rules/grant.toml, line 31: the version overlaps the one from 2026-01-01"
    apart = again.replace("from = 2026-12-31", 'from = 2027-01-01\non = "day"')
    assert "line 30: all versions of a scheme are chosen by the same day" in faults_of(tmp_path, rule=RULE + apart)[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to = 2026-12-31", "to = 2025-12-31", "amounts.toml, line 7: to: a day not before from"),
        ("euros = 50", "euros = 0", "amounts.toml, line 4: euros: more than 0"),
        ('source = {text = "Code inventé, article 2", read_on = 2026-11-28}', "", "text: a text is expected"),
        ("[[amount]]", AMOUNTS + "[[amount]]", "has two figures for the same days"),
        (
            "[[amount]]",
            AMOUNTS.replace("bonus", "other") + "[[amount]]",
            "amounts.toml, line 1: nothing uses the amount 'other'",
        ),
    ],
)
def test_fault_of_amount_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert [fault for fault in faults_of(tmp_path, amounts=AMOUNTS.replace(old, new, 1)) if said in fault]


def test_fault_of_contact_is_told(tmp_path: Path) -> None:
    assert "is there twice" in faults_of(tmp_path, contacts=CONTACTS + CONTACTS)[0]
    assert "https://" in faults_of(tmp_path, contacts=CONTACTS + 'url = "http://example.org"\n')[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('verdict = "yes"', 'verdict = "no"', "« Salarié, 40 heures »: verdict: 'no' is expected, not 'yes'"),
        ('verdict = "yes"', 'verdict = "maybe"', "yes, no, unknown are known, not 'maybe'"),
        ("hours = 39", "heures = 39", "unknown fact 'heures' of offer"),
        ('["student", "military"]', '["student", "soldier"]', "status: job_seeker, unregistered"),
        ('title = "39 heures"', 'title = "Salarié, 40 heures"', "is there twice"),
        ('each = {fact = "person.status"', 'each = {fact = "person.statut"', "is expected"),
        ('["student", "military"]', '["student"]', "6 scenarios at least are expected"),
        ('verdict = "yes"', 'remaining = [0, 1]\nverdict = "yes"', "remaining: [0.0, 1.0] is expected, not [0.0, 0.0]"),
    ],
)
def test_fault_of_scenario_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    faults = faults_of(tmp_path, scenarios=SCENARIOS.replace(old, new, 1))
    assert [fault for fault in faults if said in fault and ", line " in fault], faults


def test_scheme_without_scenarios_and_scenarios_without_scheme_are_told(tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "scenarios/grant.toml").rename(tmp_path / "scenarios/other.toml")
    with pytest.raises(FundingFileError) as told:
        check_folder(tmp_path)
    assert len([fault for fault in told.value.faults if "not 0" in fault or "no scheme with a version" in fault]) == 2


def test_verdict_that_no_scenario_expects_is_told(tmp_path: Path) -> None:
    known = SCENARIOS.replace('hours = "?"', "hours = 30").replace('verdict = "unknown"', 'verdict = "no"')
    assert "no scenario expects the verdict 'unknown'" in faults_of(tmp_path, scenarios=known)[0]


def test_folder_without_rules_and_text_that_is_not_utf8_are_told(tmp_path: Path) -> None:
    with pytest.raises(FundingFileError, match="no funding rules"):
        check_folder(tmp_path)
    write_folder(tmp_path)
    (tmp_path / "rules/grant.toml").write_bytes(RULE.encode("latin-1"))
    with pytest.raises(FundingFileError, match=r"rules/grant.toml, line 2: the file is not UTF-8"):
        check_folder(tmp_path)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, rule=RULE.replace("employee", "x").replace("= true", "= 1"), amounts="[[amount]]\n")
    assert {fault.rsplit(": ", 1)[0].split(",")[0].rsplit("/", 1)[-1] for fault in faults} >= {
        "grant.toml",
        "amounts.toml",
    }
    assert len(faults) > 5


# Every key that a file may have, to be given values of other types
FULL = {
    "rule": RULE.replace(
        "[[version.amount]]",
        'unread = ""\njudged = ["avis"]\ndocuments = ["devis"]\non = "session_start"\n'
        'deadlines = [{what = "Demande", days = 10, long_absence_days = 20, opens_days = 30}]\n[[version.amount]]',
    ).replace("is = true}", 'is = true, text = "handicap", remedy = "Demander", source = "Code inventé, article 1"}')
    + 'id = "LEGIARTI000000000000"\nas_of = 2026-11-01\nverified = true\n',
    "scenarios": SCENARIOS
    + """
[[scenario]]
title = "Tout"
on = 2026-06-02
offer = {hours = 39, funders = ["2"], price = 10, certifying = true, level = "13", cpf_periods = [{from = 2026-01-01}]}
session = {start = 2026-09-02, permanent = true}
missing = []
remedy = "Demander"
remaining = "unknown"
too_late = false
deadlines = ["unknown", "unknown"]
amounts = []
verdict = "no"
""",
    "amounts": AMOUNTS + "is_most = true\n",
    "contacts": CONTACTS + 'url = "https://example.org"\n',
}
NAMES = {"rule": "rules/grant", "scenarios": "scenarios/grant", "amounts": "amounts", "contacts": "contacts"}
WRONG = (
    *("3", "-1.5", '"x"', "[]", '["x"]', "[[1]]", "{}", '{x = "y"}', "true"),
    *("2026-02-28", "2026-02-28T10:00:00Z", "12:30:00"),
)
VALUE = re.compile(r"""(?<=[ ,{\n])(\w+) = ("[^"]*"|\d[\d.-]*|true|false|\[[^\[\]]*\]|\{[^{}]*\})""")
PLACE = re.compile(r"\.toml, line \d+: ")


def faults_in_memory(**changed: str) -> list[str]:
    reading = read_book({f"{NAMES[key]}.toml": text for key, text in (FULL | changed).items()})
    return list(reading.faults) or find_faults(reading)


@pytest.mark.parametrize("name", ["rule", "scenarios", "amounts", "contacts"])
def test_value_of_any_other_type_is_a_fault_or_fits_and_never_a_crash(name: str) -> None:
    text = FULL[name]
    assert faults_in_memory() == []
    values = list(VALUE.finditer(text))
    assert len(values) > 3
    for found in values:
        for wrong in WRONG:
            changed = f"{text[: found.start(2)]}{wrong}{text[found.end(2) :]}"
            faults = faults_in_memory(**{name: changed})
            assert [fault for fault in faults if not PLACE.search(fault)] == []
