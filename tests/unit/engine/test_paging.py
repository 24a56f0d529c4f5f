"""A search is read to its end from one view, each hit once, whatever is written meanwhile."""

from itertools import islice

from engine.fake import FakeEngine
from engine.paging import View, close_view, closing, open_view, opening, read_page

BODY = {"size": 2, "sort": [{"_seq_no": "asc"}], "query": {"match_all": {}}}


def test_each_hit_is_read_once_and_what_comes_meanwhile_is_not() -> None:
    fake = FakeEngine()
    fake.put("x", {key: {"name": key} for key in "abcde"})
    view = fake.run(open_view("x", BODY, "1m"))
    fake.put("x", {"late": {"name": "late"}})
    pages = list(islice(iter(lambda: fake.run(read_page(view)), []), 5))  # no more than 5, if it does not get on
    assert [[hit["_id"] for hit in page] for page in pages] == [["a", "b"], ["c", "d"], ["e"]]
    fake.run(close_view(view))
    assert fake.cluster.views == {}


def test_a_view_is_opened_after_a_refresh() -> None:
    fake = FakeEngine()
    fake.blocking.call("PUT", "/x/_doc/a", {"name": "a"})
    view = fake.run(open_view("x", BODY, "1m"))
    assert len(fake.run(read_page(view))) == 1


def test_no_view_and_no_page_lacks_a_shard() -> None:
    assert opening("x", "1m").params == {"keep_alive": "1m", "allow_partial_pit_creation": "false"}
    assert View.of("v", BODY, "1m").next_page().params == {"allow_partial_search_results": "false"}


def test_a_page_keeps_the_view_and_may_have_another_size() -> None:
    view = View.of("v", BODY, "60s")
    view.advance([7])
    page = view.next_page(0)
    assert page.body == BODY | {"pit": {"id": "v", "keep_alive": "60s"}, "search_after": [7], "size": 0}
    assert "search_after" not in BODY
    assert closing(["v", "w"]).body == {"pit_id": ["v", "w"]}
