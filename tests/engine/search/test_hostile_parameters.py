"""Whatever is asked of the search, it answers in bounded time or names every fault; it never breaks."""

import time
from urllib.parse import quote

import pytest

from tests.engine.loaded import LoadedApp, RawAnswer
from tests.hostile_words import WORDS

LONGEST_ANSWER_SECONDS = 0.5
LONGEST_REFUSAL = 4_000  # bytes: a refusal must not echo without end what was sent
LONGEST_FAULT = 3_000
LONGEST_ADDRESS = 8_000

# Query string as it goes over the wire -> the parameters that must be named as faulty.
REFUSED: dict[str, set[str]] = {
    # what no table knows
    "frobnicate=1": {"frobnicate"},
    "Q=soudeur": {"Q"},
    "q%00=soudeur": {"q\0"},
    "funder[]=2": {"funder[]"},
    "funder[0][code]=2": {"funder[0][code]"},
    "filter[funder][]=2": {"filter[funder][]"},
    "__proto__=1": {"__proto__"},
    "constructor[prototype][x]=1": {"constructor[prototype][x]"},
    "_source=*": {"_source"},
    "%F0%9F%92%A9=1": {"💩"},
    "%E2%80%AEq=1": {"\u202eq"},
    "=1": {""},
    "index=other": {"index"},
    "source=%7B%22size%22%3A1%7D": {"source"},
    "filter_path=hits": {"filter_path"},
    "fromm=1&sizee=2&sortt=3": {"fromm", "sizee", "sortt"},
    # numbers
    "page=0": {"page"},
    "page=-1": {"page"},
    "page=1.5": {"page"},
    "page=NaN": {"page"},
    "page=inf": {"page"},
    "page=1e3": {"page"},
    "page=0x10": {"page"},
    "page=abc": {"page"},
    "page=999999999999999999999": {"page"},
    "page=" + "9" * 5000: {"page"},
    "page=101&size=100": {"page"},
    "page=10001&size=1": {"page"},
    "size=0": {"size"},
    "size=-20": {"size"},
    "size=101": {"size"},
    "size=1e2": {"size"},
    "size=NaN": {"size"},
    "size=Infinity": {"size"},
    "size=10000000000000000000000": {"size"},
    "size=twenty": {"size"},
    "size=%2020%3B": {"size"},
    "seats=0": {"seats"},
    "seats=-1": {"seats"},
    "seats=1.5": {"seats"},
    "seats=nan": {"seats"},
    "seats=inf": {"seats"},
    "seats=one": {"seats"},
    "seats=1e400": {"seats"},
    "radius=-5&place=Albi": {"radius"},
    "radius=NaN&place=Albi": {"radius"},
    "radius=inf&place=Albi": {"radius"},
    "radius=-Infinity&place=Albi": {"radius"},
    "radius=1e308&place=Albi": {"radius"},
    "radius=30km&place=Albi": {"radius"},
    "radius=100000&place=Albi": {"radius"},
    "hours_max=-1": {"hours_max"},
    "hours_max=NaN": {"hours_max"},
    "hours_max=inf": {"hours_max"},
    "hours_max=1e999": {"hours_max"},
    "hours_max=beaucoup": {"hours_max"},
    "price_max=-0.01": {"price_max"},
    "price_max=nan": {"price_max"},
    "price_max=Infinity": {"price_max"},
    "price_max=1%20000%20euros": {"price_max"},
    "entry_level=12": {"entry_level"},
    "entry_level=19": {"entry_level"},
    "entry_level=-1": {"entry_level"},
    "entry_level=bac": {"entry_level"},
    "entry_level=1e1": {"entry_level"},
    "facet_size=0": {"facet_size"},
    "facet_size=100000": {"facet_size"},
    # points
    "lat=91&lon=2": {"lat"},
    "lat=-90.0001&lon=2": {"lat"},
    "lat=43&lon=181": {"lon"},
    "lat=91&lon=-181": {"lat", "lon"},
    "lat=NaN&lon=NaN": {"lat", "lon"},
    "lat=inf&lon=-inf": {"lat", "lon"},
    "lat=abc&lon=2": {"lat"},
    "lat=43.9": {"lon"},
    "lon=2.1": {"lat"},
    "lat=&lon=&radius=x": {"radius"},
    # dates
    "start_from=2026-02-31": {"start_from"},
    "start_from=99999999": {"start_from"},
    "start_from=00000000": {"start_from"},
    "start_to=2026-13-01": {"start_to"},
    "start_to=2026-00-10": {"start_to"},
    "start_to=2026-3-1": {"start_to"},
    "start_from=01/03/2027": {"start_from"},
    "start_from=2027-W10-1": {"start_from"},
    "start_from=now-1d": {"start_from"},
    "start_from=2027-03-01%7C%7C%2F1M": {"start_from"},
    "start_from=2027-03-01T00:00:00Z": {"start_from"},
    "start_from=12027-03-01": {"start_from"},
    "start_from=-2027-03-01": {"start_from"},
    "start_from=0000-01-01": {"start_from"},
    "start_from=demain": {"start_from"},
    "start_from=%D9%A2%D9%A0%D9%A2%D9%A7-03-01": {"start_from"},
    "start_from=NaN&start_to=Infinity": {"start_from", "start_to"},
    # codes
    "funder=99": {"funder"},
    "funder=-1": {"funder"},
    "funder=2%2C4": {"funder"},
    "funder=%2A": {"funder"},
    "funder=2%00": {"funder"},
    "funder=02": {"funder"},
    "funder=2&funder=x&funder=y": {"funder"},
    "recruiting=maybe": {"recruiting"},
    "recruiting=1": {"recruiting"},
    "recruiting=OPEN": {"recruiting"},
    "mode=2": {"mode"},
    "mode=onsite%2Cremote": {"mode"},
    "entry=1": {"entry"},
    "level=4": {"level"},
    "level=10": {"level"},
    "level=19": {"level"},
    "level=%D9%A1%D9%A4": {"level"},
    "domain=12": {"domain"},
    "domain=1234": {"domain"},
    "domain=123456": {"domain"},
    "domain=abc": {"domain"},
    "domain=31%2A": {"domain"},
    "rome=F17": {"rome"},
    "rome=F1703%20OR%20K1304": {"rome"},
    "rome=.%2A": {"rome"},
    "rncp=abc": {"rncp"},
    "rncp=RNCP": {"rncp"},
    "audience=x": {"audience"},
    "region=Occitanie": {"region"},
    "region=999": {"region"},
    "department=2C": {"department"},
    "department=Tarn": {"department"},
    "department=%27%20OR%201%3D1--": {"department"},
    "provider=123": {"provider"},
    "provider=12345678a": {"provider"},
    "provider=%3Cscript%3Ealert(1)%3C%2Fscript%3E": {"provider"},
    "remote=yes": {"remote"},
    "remote=only%00": {"remote"},
    "sort=price": {"sort"},
    "sort=_score": {"sort"},
    "sort=start%3Aasc": {"sort"},
    "sort=_script": {"sort"},
    "group=provider": {"group"},
    "training=*": {"training"},
    "training=n33nhrxdjcp%C3%A9": {"training"},
    "state_funded=maybe": {"state_funded"},
    "free=1e0": {"free"},
    "upcoming=vrai%00": {"upcoming"},
    # what was wanted once and came twice
    "page=1&page=x": {"page"},
    "size=5&size=500": {"size"},
    # all faults at once
    "page=0&size=0&seats=0&start_from=x&start_to=y&lat=91&lon=999&nope=1": {
        "page", "size", "seats", "start_from", "start_to", "lat", "lon", "nope",
    },
    "&".join(f"unknown{n}=1" for n in range(200)): {f"unknown{n}" for n in range(200)},
}  # fmt: skip

# These may be answered or refused, as long as the answer is sound.
BOUNDED = [
    *(f"q={quote(word)}" for word in WORDS),
    *(
        f"place={quote(word)}"
        for word in (
            "",
            " ",
            "*",
            "\0",
            "x" * 20_000,
            "00000",
            "99999",
            "2A",
            "2a",
            "000",
            "9",
            "é" * 500,
            "((((",
            "🏠",
            "-1",
        )
    ),
    "q=%FF%FE",
    "q=%C3%28",
    "q=%ED%A0%80",
    "place=%FF",
    "q=%",
    "q=%zz",
    "q=a&q=b",
    "&".join(["q=soudeur"] * 500),
    "&".join(f"funder={n % 21}" for n in range(1000)),
    "&".join(f"rome=A{n:04}" for n in range(2000)),
    "&".join(f"provider={n:09}" for n in range(2000)),
    "&".join(f"rncp={n}" for n in range(5000)),
    "&".join(f"domain={n:03}" for n in range(1000)),
    "&".join(f"department={n:02}" for n in range(1, 20)),
    "&" * 5000,
    ";".join("a=1" for _ in range(100)),
    "q",
    "q=",
    "funder=",
    "seats=",
    "start_from=&start_to=",
    "start_from=2027-03-31&start_to=2027-03-01",
    "start_from=0001-01-01&start_to=9999-12-31",
    "start_from=9999-12-31",
    "start_to=0001-01-01",
    "seats=2147483648",
    "seats=9223372036854775808",
    "seats=" + "9" * 4000,
    "hours_max=0",
    "hours_max=1e308",
    "price_max=-0",
    "price_max=" + "1" * 300,
    "lat=43%2C9&lon=2%2C1",
    "lat=90&lon=180&radius=1",
    "lat=-90&lon=-180&radius=500",
    "lat=0&lon=0&radius=0",
    "lat=1e-320&lon=1e-320",
    "lat=43.92000000000000000000000000000000001&lon=2.1",
    "place=Albi&lat=43.9&lon=2.1",
    "radius=10",
    "sort=distance",
    "sort=seats",
    "sort=relevance",
    "remote=only&place=Albi&radius=1",
    "page=100&size=100",
    "page=10000&size=1",
    "page=500",
    "group=training&page=500",
    "group=training&page=10000&size=1",
    "group=training&training=aaaaaaaaaaaa&sort=distance&lat=90&lon=180",
    "rncp=RNCP",
    "rncp=%D9%A1%D9%A2",
    "rncp=" + "1" * 1000,
    "level=11&level=12&level=13&level=14&level=15&level=16&level=17&level=18",
    "explain=true&q=soudeur",
    "q=soudeur&place=Albi&start_from=2027-03-01&start_to=2027-03-31&funder=2&seats=1&sort=distance&size=100&facet_size=1000",
]


def ask(loaded_app: LoadedApp, path: str) -> tuple[RawAnswer, float]:
    began = time.perf_counter()
    answer = loaded_app.get(path)
    return answer, time.perf_counter() - began


def named_faults(answer: RawAnswer) -> set[str]:
    error = answer.json()["error"]
    assert error["code"] == "bad_parameters"
    assert error["message"]
    assert error["faults"]
    for fault in error["faults"]:
        assert set(fault) == {"parameter", "value", "allowed", "message"}
        assert fault["message"]
        assert fault["allowed"]
    assert len(answer.content) < LONGEST_REFUSAL + LONGEST_FAULT * len(error["faults"])
    return {fault["parameter"] for fault in error["faults"]}


@pytest.mark.parametrize("query", REFUSED, ids=range(len(REFUSED)))
def test_every_fault_is_named(loaded_app: LoadedApp, query: str) -> None:
    answer, seconds = ask(loaded_app, f"/api/v1/offers?{query}")
    assert answer.status == 400, f"{query[:200]}: {answer.text[:300]}"
    assert named_faults(answer) == REFUSED[query], query[:200]
    assert seconds <= LONGEST_ANSWER_SECONDS, query[:200]


@pytest.mark.parametrize("query", BOUNDED, ids=range(len(BOUNDED)))
def test_an_odd_request_is_answered_or_refused_in_bounded_time(loaded_app: LoadedApp, query: str) -> None:
    answer, seconds = ask(loaded_app, f"/api/v1/offers?{query}")
    if answer.status == 400:
        assert named_faults(answer), query[:200]
    elif answer.status in (413, 414):
        assert len(query) > LONGEST_ADDRESS
    else:
        assert answer.status == 200, f"{query[:200]}: {answer.text[:300]}"
        assert len(answer.json()["results"]) <= 100
    assert seconds <= LONGEST_ANSWER_SECONDS, query[:200]


def test_the_page_never_breaks_either(loaded_app: LoadedApp) -> None:
    statuses = {query: ask(loaded_app, f"/offres?{query}")[0].status for query in (*REFUSED, *BOUNDED)}
    assert {query[:80]: status for query, status in statuses.items() if status not in (200, 400, 413, 414)} == {}


def test_the_list_is_as_long_as_was_promised() -> None:
    assert len(REFUSED) + len(BOUNDED) >= 150
