"""Keys: what is encrypted, found and signed with them, and what a former key is still good for."""

import pytest

from alerts.address import parse_address
from alerts.keys import AlertKeys, Purpose, UnreadableAddress

OLD, NEW = "o" * 32, "n" * 40
ADDRESS = parse_address("a.b@exemple.fr")


@pytest.mark.parametrize("text", ["", "short", "x" * 31, f"{OLD} short", " "])
def test_short_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="32 characters or more"):
        AlertKeys.parse(text)


def test_address_is_encrypted_anew_each_time_and_read_with_any_key() -> None:
    old, both = AlertKeys.parse(OLD), AlertKeys.parse(f"{NEW} {OLD}")
    stored = old.encrypt(ADDRESS)
    assert stored != old.encrypt(ADDRESS)
    assert "exemple" not in stored
    assert both.decrypt(stored) == old.decrypt(stored) == ADDRESS
    with pytest.raises(UnreadableAddress):
        AlertKeys.parse(NEW).decrypt(stored)


def test_marks_find_an_address_whatever_its_capitals_under_every_key() -> None:
    both = AlertKeys.parse(f"{NEW} {OLD}")
    marks = both.marks(ADDRESS)
    assert marks == both.marks(parse_address("A.B@exemple.fr"))
    assert marks[1:] == AlertKeys.parse(OLD).marks(ADDRESS)
    assert len(set(marks)) == 2


def test_alert_of_address_and_search_has_one_id() -> None:
    keys = AlertKeys.parse(OLD)
    ids = {*keys.alert_ids(ADDRESS, "q=a"), *keys.alert_ids(parse_address("A.B@Exemple.fr"), "q=a")}
    assert len(ids) == 1
    assert ids.isdisjoint(keys.alert_ids(ADDRESS, "q=b"))


def test_token_opens_one_record_for_one_purpose() -> None:
    keys = AlertKeys.parse(OLD)
    token = keys.token(Purpose.STOP, "abc")
    assert keys.read_token(Purpose.STOP, token) == "abc"
    assert keys.read_token(Purpose.CONFIRM, token) is None
    assert AlertKeys.parse(NEW).read_token(Purpose.STOP, token) is None
    assert AlertKeys.parse(f"{NEW} {OLD}").read_token(Purpose.STOP, token) == "abc"
    for changed in (token[:-1], token + "x", "abd" + token[3:], "abc", "abc.", ".", "", "é." + token, "a" * 500):
        assert keys.read_token(Purpose.STOP, changed) is None


def test_no_key_is_in_what_a_traceback_shows() -> None:
    assert OLD not in repr(AlertKeys.parse(OLD))
