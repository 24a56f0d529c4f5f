"""What one record becomes: whole if sound, repaired and told or set aside if damaged; nothing altered in silence."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.traps.hostile import record
from indexer.load.convert import ConvertContext, Converted, convert_record
from indexer.offers.document import Head, to_document
from indexer.records import Format, RawRecord
from indexer.transform.faults import REMEDIES
from mappings.offer import Offer, OfferBody
from mappings.reference import Commune, Reference

ALBI = Commune("81004", "Albi", ("81000",), 50_000, "81", "76", 43.9289, 2.1464)
CASTRES = Commune("81065", "Castres", ("81100",), 42_000, "81", "76", 43.6156, 2.2387)
PARIS_19 = Commune("75119", "Paris 19e Arrondissement", ("75019",), 180_000, "75", "11", 48.8871, 2.3878)
REFERENCE = Reference(
    communes={commune.insee: commune for commune in (ALBI, CASTRES, PARIS_19)},
    by_postal_code={"81000": ("81004",), "81100": ("81065",), "75019": ("75119",)},
    rome={"F1703": "Maçonnerie"},
    formacode={"42752": "Hôtellerie restauration"},
)
CONTEXT = ConvertContext("test", REFERENCE)
SOUND = record("A1")
POINT = "<geolocalisation><latitude>{}</latitude><longitude>{}</longitude></geolocalisation></adresse>"


def convert(text: str, form: Format = "2.3") -> Converted:
    return convert_record(RawRecord("feed.xml", 3, form, (text,)), CONTEXT)


def offer_of(text: str, form: Format = "2.3") -> dict[str, Any]:
    (prepared,), rejects, _ = convert(text, form)
    assert rejects == []
    head = Head(prepared.hash, 1, "2026-11-23T00:00:00Z")
    offer: dict[str, Any] = orjson.loads(to_document(orjson.loads(prepared.body), head))
    return offer


def test_a_sound_record_has_no_fault_and_is_as_the_contract_says() -> None:
    (prepared,), rejects, rows = convert(SOUND)
    offer = OfferBody.model_validate_json(prepared.body)
    assert (rejects, rows, offer.faults) == ([], [], [])
    assert (offer.id, offer.training_id, offer.source, offer.format) == ("A1", "FA1", "test", "2.3")
    assert (offer.title, offer.domain, offer.subjects) == (
        "Accueil & médiation à l'œuvre",
        ["427"],
        ["Hôtellerie restauration"],
    )
    assert (offer.region, offer.department, offer.place_text) == (["76"], ["81"], "Albi")
    assert [(place.lat, place.located_by) for place in offer.places] == [(43.9289, "commune")]
    assert prepared.session_ids == ("A1_S1",)
    assert (prepared.file, prepared.line, prepared.siren) == ("feed.xml", 3, offer.provider.siren)


def test_a_record_that_tells_of_no_provider_is_an_offer_without_one() -> None:
    start, end = SOUND.index("<organisme-formation-responsable>"), SOUND.index("</formation>")
    assert "provider" not in offer_of(SOUND[:start] + SOUND[end:])
    nameless = SOUND.replace("Atelier d'essai", "-").replace("04000000800017", "00000000000000")
    assert "provider" not in offer_of(nameless)
    assert Offer.model_validate(offer_of(nameless)).provider.name is None


def edit(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def address(postal_code: str, town: str) -> Callable[[str], str]:
    stated = "<codepostal>81000</codepostal><ville>Albi</ville><code-INSEE-commune>81004</code-INSEE-commune>"
    return edit(stated, f"<codepostal>{postal_code}</codepostal><ville>{town}</ville>")


ACTION_END = "</action>"
SEATS = "<nb-places-financees>{}</nb-places-financees>"
MEETING = "<recrutement><modalite-recrutement>9</modalite-recrutement>"
REPAIRED: list[tuple[str, Callable[[str], str], str, Any]] = [
    ("bad-date", edit("<debut>2", "<debut>92"), "sessions.0.start_precision", "unknown"),
    ("bad-date", edit("20270301", "20270231"), "sessions.0.start_text", "20270231"),
    ("bad-date", edit("20270630", "30/06/2027"), "sessions.0.start", "2027-03-01"),
    ("bad-date", edit("20270301", "30270301"), "sessions.0.open_until", "2027-06-30"),
    ("inverted-period", edit("20270630", "20260630"), "sessions.0.end_precision", "unknown"),
    ("inverted-period", edit("20270630", "20260630"), "sessions.0.start", "2027-03-01"),
    ("no-postal-code", edit("<codepostal>81000</codepostal>", ""), "places.0.postal_code", "81000"),
    ("bad-postal-code", edit("<codepostal>81000", "<codepostal>Albi"), "region", ["76"]),
    ("postal-code-as-insee", edit("commune>81004", "commune>81000"), "places.0.insee", "81004"),
    ("unknown-insee", edit("commune>81004", "commune>81999"), "department", ["81"]),
    ("postal-code-elsewhere", address("81100", "Albi"), "places.0.insee", "81004"),
    ("place-not-found", address("81999", "Nulle part"), "department", ["81"]),
    ("postal-code-in-town", address("81000", "81000 ALBI"), "places.0.town", "ALBI"),
    ("postal-code-in-town", address("00000", "81000 ALBI"), "places.0.postal_code", "81000"),
    ("postal-code-in-town", address("", "Albi (81000)"), "places.0.insee", "81004"),
    ("region-contradiction", edit("</adresse>", "<region>11</region></adresse>"), "region", ["76"]),
    ("bad-coordinates", edit("</adresse>", POINT.format("943.9", "2.1")), "location.0.lon", 2.1464),
    ("bad-coordinates", edit("</adresse>", POINT.format("Nord", "2.1")), "places.0.located_by", "commune"),
    ("whole-degree-coordinates", edit("</adresse>", POINT.format("43", "2")), "places.0.lat", 43.9289),
    ("swapped-coordinates", edit("</adresse>", POINT.format("2,15", "43,93")), "places.0.lat", 43.93),
    ("far-from-commune", edit("</adresse>", POINT.format("48.85", "2.35")), "places.0.lat", 48.85),
    ("bad-price", edit(ACTION_END, f"<prix-total-TTC>devis</prix-total-TTC>{ACTION_END}"), "id", "A1"),
    ("bad-number", edit(ACTION_END, f"<nombre-heures-total>-7</nombre-heures-total>{ACTION_END}"), "id", "A1"),
    ("negative-seats", edit("</organisme-fin", f"{SEATS.format(-5)}</organisme-fin"), "funding", [{"funder": "2"}]),
    ("unknown-funder", edit("<code-financeur>2", "<code-financeur>99"), "id", "A1"),
    ("overlong-text", edit("Théorie", "x" * 200_000), "content", "x" * 20_000),
    ("overlong-text", edit("Accueil", "x" * 2_000), "title", "x" * 1_000),
    ("bad-siret", edit("04000000800017", "00000000000000"), "provider", {"name": "Atelier d'essai"}),
    ("short-siret", edit("04000000800017", "040000008"), "provider.siren", "040000008"),
    ("forbidden-character", edit("Apprendre", "&#x1;Apprendre"), "goal", "Apprendre un métier."),
    ("forbidden-character", edit("Apprendre", "Appren\x0bdre"), "goal", "Apprendre un métier."),
    ("forbidden-character", edit("Apprendre", "Appren&#65534;dre\x00"), "goal", "Apprendre un métier."),
    ("undecodable-bytes", edit("métier", "m\udce9tier"), "goal", "Apprendre un métier."),
    ("html-entity", edit("métier", "m&eacute;tier"), "goal", "Apprendre un métier."),
    ("bare-ampersand", edit("Apprendre", "Hygiène & sécurité, R&D :"), "goal", "Hygiène & sécurité, R&D : un métier."),
    ("bare-ampersand", edit("Apprendre", "&inconnue; &nbsp"), "goal", "&inconnue; &nbsp un métier."),
    ("bare-ampersand", edit('"FA1"', '"F&A1"'), "training_id", "F&A1"),
    ("bare-less-than", edit("Apprendre", "Niveau < 3, <= 4 :"), "goal", "Niveau < 3, <= 4 : un métier."),
    ("iso-date", edit("20270301", "2027-03-01"), "sessions.0.start", "2027-03-01"),
    ("iso-date", edit("20270301", "2027-03-01T00:00:00"), "sessions.0.start_text", "20270301"),
    ("iso-date", edit("20270630", "2027-06"), "sessions.0.end_precision", "month"),
    ("bad-date", edit("20270301", "2027-02-31"), "sessions.0.start_text", "2027-02-31"),
    ("bad-code", edit("42752", "427"), "id", "A1"),
    ("unknown-code", edit("enseignement>0<", "enseignement>7<"), "id", "A1"),
    ("bad-email", edit("</coordonnees>", "<courriel>accueil</courriel></coordonnees>"), "places.0.town", "Albi"),
    ("bad-time", edit("</session>", f"{MEETING}<heure-debut>matin</heure-debut></recrutement></session>"),
     "sessions.0.meetings.0.start_time", "matin"),
    ("unlabelled-code", edit("</session>", "<cycle><type-cycle>7</type-cycle></cycle></session>"),
     "sessions.0.cycles.0.kind", "7"),
    ("too-many-others", edit(ACTION_END, "<x>" + "".join(f"<y>{n}</y>" for n in range(251)) + f"</x>{ACTION_END}"),
     "detail.others.action/x/y.249", "249"),
    ("bad-url", edit(ACTION_END, f"<url-action><urlweb>javascript:x()</urlweb></url-action>{ACTION_END}"), "id", "A1"),
    ("no-number", edit('<action numero="A1"', "<action"), "training_id", "FA1"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "damage", "path", "value"), REPAIRED)
def test_damage_is_repaired_by_its_rule_and_told(
    kind: str, damage: Callable[[str], str], path: str, value: Any
) -> None:
    (prepared,), rejects, rows = convert(damage(SOUND))
    offer = orjson.loads(prepared.body)
    found: Any = offer
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    assert found == value
    assert rejects == []
    assert prepared.fault_kinds == tuple(offer["fault_kinds"]) == (kind,)
    assert [(row.id, row.kind) for row in rows] == [(prepared.id, kind)]
    assert offer["faults"][0]["remedy"] == REMEDIES[kind]
    OfferBody.model_validate(offer)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (edit("Accueil & médiation à l'œuvre".replace("&", "&amp;"), ""), "no-title"),
        (edit("Accueil &amp; médiation à l'œuvre", " - "), "no-title"),
        (lambda text: re.sub("<intitule-formation>.*?</intitule-formation>", "", text), "no-title"),
        (edit("</contenu-formation>", "</contenu>"), "not-well-formed"),
        (edit("Théorie", "R <D>"), "not-well-formed"),
        (edit("Théorie", "<a/>" * 260_000), "too-many-elements"),
        (
            edit("Théorie", f"<a {' '.join(f'a{n} = {chr(39)}1{chr(39)}' for n in range(6_000))}/>"),
            "too-many-attributes",
        ),
        (lambda text: re.sub("<action .*?</action>", "", text), "no-action"),
        (edit("<session ", "<session/>" * 5_000 + "<session "), "too-many-sessions"),
    ],
)
def test_what_cannot_be_repaired_is_set_aside_with_its_number(damage: Callable[[str], str], reason: str) -> None:
    text = damage(SOUND)
    prepared, (reject,), rows = convert(text)
    assert (prepared, rows) == ([], [])
    assert (reject.reason, reject.file, reject.line) == (reason, "feed.xml", 3)
    assert reject.record == text[:100_000]
    assert reject.identifiers == (() if reason == "no-action" else ("A1",))
    assert "\n" not in reject.message


def test_signs_that_follow_each_other_are_shown_once() -> None:
    stated = "R&D &amp; essais & tests, O&M, puis plus loin & ici, puis & à la fin"
    (fault,) = offer_of(edit("Apprendre", stated)(SOUND))["faults"]
    assert fault["value"] == "&D &amp; essais & tes … &M, puis plus loin & … & à la fin un métier."


def test_every_remedy_is_shown_by_a_test() -> None:
    shown = {kind for kind, *_ in REPAIRED} | {"repeated-training", "repeated-funder"}
    assert shown == set(REMEDIES)


def test_a_formation_whose_number_came_before_says_so() -> None:
    raw = RawRecord("feed.xml", 3, "2.3", (SOUND,), repeats_training=True)
    ((prepared,), _, (row,)) = convert_record(raw, CONTEXT)
    assert (prepared.fault_kinds, row.value) == (("repeated-training",), "FA1")


FUNDER = f"<organisme-financeur><code-financeur>{{}}</code-financeur>{SEATS}{{}}</organisme-financeur>"
MARKET = (
    '<extras info="specificites"><extra info="programme-financeur">{}</extra>'
    '<extra info="ref-action-marche-financeur">{}</extra></extras>'
)


def funding_of(*lines: str) -> tuple[list[str], list[dict[str, Any]], list[str]]:
    bare = re.sub("<organisme-financeur>.*</organisme-financeur>", "", SOUND)
    offer = offer_of(bare.replace(ACTION_END, "".join(lines) + ACTION_END))
    return offer["funder"], offer["funding"], offer.get("fault_kinds", [])


def test_a_funder_that_buys_on_two_markets_buys_twice() -> None:
    first = FUNDER.format("02", 10, MARKET.format("Parcours métiers", "Lot 7"))
    second = FUNDER.format(2, 10, MARKET.format("Parcours métiers", "Lot 8"))
    third = FUNDER.format(2, 5, "")
    assert funding_of(first, second, third, FUNDER.format(16, 0, MARKET.format(".", "-"))) == (
        ["2", "16"],
        [
            {"funder": "2", "seats_bought": 10, "programme": "Parcours métiers", "market": "Lot 7"},
            {"funder": "2", "seats_bought": 10, "programme": "Parcours métiers", "market": "Lot 8"},
            {"funder": "2", "seats_bought": 5},
            {"funder": "16"},
        ],
        [],
    )


def test_a_funders_line_that_comes_twice_as_it_is_is_one_line() -> None:
    line = FUNDER.format(2, 10, MARKET.format("ASL", "Lot 7"))
    row = {"funder": "2", "seats_bought": 10, "programme": "ASL", "market": "Lot 7"}
    assert funding_of(line, FUNDER.format(4, 3, ""), line) == (
        ["2", "4"],
        [row, {"funder": "4", "seats_bought": 3}],
        ["repeated-funder"],
    )


def test_a_session_number_twice_in_one_action_leaves_the_first() -> None:
    second = '<session numero="A1_S1"><periode><debut>20280101</debut></periode></session>'
    (prepared,), (reject,), _ = convert(SOUND.replace("</session>", f"</session>{second}"))
    assert prepared.session_ids == ("A1_S1",)
    assert orjson.loads(prepared.body)["sessions"][0]["start"] == "2027-03-01"
    assert (reject.reason, reject.identifiers, reject.whole) == ("repeated-session", ("A1",), False)


def test_a_record_of_which_thousands_of_parts_are_rejects_is_told_once() -> None:
    session = SOUND[SOUND.index("<session") : SOUND.index("</session>") + len("</session>")]
    many = SOUND.replace(session, session * 3_000)
    (prepared,), rejects, _ = convert(many)
    assert prepared.session_ids == ("A1_S1",)
    assert [bool(each.record) for each in rejects] == [True] + [False] * 2_998
    assert {(each.reason, each.identifiers) for each in rejects} == {("repeated-session", ("A1",))}
    action = SOUND[SOUND.index("<action") : SOUND.index("</action>") + len("</action>")]
    twice = action.replace(session, session * 2)
    both = SOUND.replace(action, twice + twice.replace("A1", "A2"))
    assert [bool(each.record) for each in convert(both)[1]] == [True, False]


def test_the_hash_changes_with_content_but_not_with_the_date_of_export() -> None:
    def digest(text: str) -> str:
        ((prepared,), _, _) = convert(text)
        return prepared.hash

    touched = SOUND.replace('numero="A1"', 'numero="A1" datemaj="20270101" horodatage-export="2027-01-01T00:00:00"')
    exported = touched.replace(ACTION_END, f'<extras><extra info="date-export">1</extra></extras>{ACTION_END}')
    assert digest(SOUND) == digest(exported)
    assert digest(SOUND) != digest(SOUND.replace("Théorie", "Pratique"))


def test_hash_follows_a_table_only_where_it_changes_the_offer() -> None:
    def digest(reference: Reference) -> str:
        ((prepared,), _, _) = convert_record(RawRecord("f", 1, "2.3", (SOUND,)), ConvertContext("test", reference))
        return prepared.hash

    other_labels = replace(REFERENCE, formacode={"42752": "Hôtellerie"})
    more_labels = replace(REFERENCE, formacode={**REFERENCE.formacode, "22254": "Soudage"}, nsf={"254": "Structures"})
    assert digest(other_labels) != digest(REFERENCE) == digest(more_labels)


def test_hash_changes_with_the_version_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    ((before,), _, _) = convert(SOUND)
    monkeypatch.setattr("indexer.load.convert.RULES_VERSION", "next")
    ((after,), _, _) = convert(SOUND)
    assert after.hash != before.hash
    assert after.body == before.body


def test_what_no_rule_reads_is_kept_by_its_path() -> None:
    extras = '<extras info="cpf"><extra info="public">3</extra><extra info="public">4</extra></extras>'
    foreign = '<maison><a>b</a></maison><x:session xmlns:x="urn:y">z</x:session>'
    others = offer_of(SOUND.replace(ACTION_END, extras + foreign + ACTION_END))["detail"]["others"]
    assert others == {"action/cpf/public": ["3", "4"], "action/maison/a": ["b"], "action/session": ["z"]}


def test_a_long_list_of_extras_does_not_hide_the_rest() -> None:
    extras = "".join(f'<extra info="branche">{n}</extra>' for n in range(900))
    text = SOUND.replace(ACTION_END, f'<extras info="cpf">{extras}</extras><reste>là</reste>{ACTION_END}')
    others = offer_of(text)["detail"]["others"]
    assert len(others["action/cpf/branche"]) == 250
    assert others["action/reste"] == ["là"]


def test_a_remote_action_keeps_its_place_but_no_radius_can_hold_it() -> None:
    offer = offer_of(SOUND.replace("enseignement>0<", "enseignement>2<"))
    assert (offer["mode"], offer["region"], "location" in offer) == ("remote", ["76"], False)


def test_a_permanent_entry_is_open_to_its_end() -> None:
    session = offer_of(SOUND.replace("sorties>0<", "sorties>1<"))["sessions"][0]
    assert session["window"] == {"gte": "2027-03-01", "lte": "2027-06-30"}
    assert session["open_until"] == "2027-06-30"
    session = offer_of(SOUND.replace("sorties>0<", "sorties>1<").replace("20270630", "99999999"))["sessions"][0]
    assert session["window"] == {"gte": "2027-03-01", "lte": "9999-12-31"}
    assert session["open_until"] == "9999-12-31"


@pytest.mark.parametrize(
    ("level", "obligatory", "demanded"), [("5", "1", 14), ("14", "1", 14), ("14", "0", 0), ("1", "1", 0), ("0", "1", 0)]
)
def test_an_entry_level_is_demanded_only_if_it_is_obligatory(level: str, obligatory: str, demanded: int) -> None:
    text = SOUND.replace("<code-niveau-entree>1<", f"<code-niveau-entree>{level}<")
    text = text.replace(ACTION_END, f"<niveau-entree-obligatoire>{obligatory}</niveau-entree-obligatoire>{ACTION_END}")
    assert offer_of(text)["entry_level_required"] == demanded


def test_identifiers_of_any_length_have_short_keys() -> None:
    number = "|".join(f"14_AF_{n:010d}" for n in range(60))
    (prepared,), _, _ = convert(SOUND.replace('numero="A1"', f'numero="{number}"'))
    assert (prepared.id, len(prepared.key)) == (number, 12)


CERTIFIED = "<certification><code-RNCP>RNCP37348</code-RNCP></certification><action "


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (edit("Accueil &amp; médiation", "ACCUEIL &amp; mediation"), True),
        (edit('numero="FA1"', 'numero="FB2"'), True),
        (edit("Accueil", "Écueil"), False),
        (edit("42752", "44001"), False),  # another domain
        (edit("42752", "42799"), True),  # another code of the same
        (edit("<action ", CERTIFIED), False),
    ],
)
def test_a_training_is_told_by_its_title_and_without_a_certification_by_its_domains(
    change: Callable[[str], str], same: bool
) -> None:
    assert (offer_of(change(SOUND))["training_key"] == offer_of(SOUND)["training_key"]) is same


def test_a_certified_training_stays_one_whatever_its_domains_are() -> None:
    certified = SOUND.replace("<action ", CERTIFIED, 1)
    other_domain = certified.replace("42752", "44001")
    assert offer_of(other_domain)["domain"] != offer_of(certified)["domain"]
    assert offer_of(other_domain)["training_key"] == offer_of(certified)["training_key"]


OLD = """<offre-formation xmlns="http://www.lheo.org/1.3.0"><action-formation><domaine-formation>
<codes-FORMACODE><code-FORMACODE numero="G3">42752</code-FORMACODE></codes-FORMACODE>
<codes-ROME><code-ROME>23221</code-ROME><code-ROME>F1703</code-ROME></codes-ROME></domaine-formation>
<intitule-action>Maçon du bâti ancien</intitule-action><diplomante>1</diplomante>
<codes-public-vise><code-public-vise>80011</code-public-vise></codes-public-vise>
<certification><code-RNCP>RS403</code-RNCP></certification><code-niveau-sortie>4</code-niveau-sortie>
</action-formation><organisation-formation><conditions-pedagogiques><FOAD>1</FOAD></conditions-pedagogiques>
<modalites-acces><lieu-de-formation><coordonnees><ligne /><adresse><ligne>1 rue</ligne><codepostal>81000</codepostal>
<ville>ALBI</ville><region>73</region><extras info="geolocalisation"><extra info="latitude">43.93</extra>
<extra info="longitude">2.15</extra></extras></adresse></coordonnees></lieu-de-formation>
<modalite-entrees-sorties>0</modalite-entrees-sorties><sessions><session><periode><debut>20270300</debut>
<fin>20270600</fin></periode></session></sessions></modalites-acces>
<organisation-administrative><nombre-heures-total>700</nombre-heures-total><conventionnement>1</conventionnement>
</organisation-administrative></organisation-formation><organismes><organisme-formation-responsable>
<nom-organisme>Atelier</nom-organisme></organisme-formation-responsable><organismes-financeurs>
<code-financeur>11</code-financeur><code-financeur>2</code-financeur></organismes-financeurs></organismes>
</offre-formation>"""


def test_lheo_1_3_is_read_as_its_successors_are() -> None:
    offer = offer_of(OLD, "1.3")
    expected = {
        "title": "Maçon du bâti ancien",
        "formacode": ["42752"],
        "rome": ["F1703"],
        "rs": ["403"],
        "certifying": True,
        "level": "13",
        "mode": "blended",
        "entry": "fixed",
        "audience": ["80011"],
        "funder": ["11", "2"],
        "state_funded": True,
        "hours": 700.0,
        "region": ["76"],
        "location": [{"lat": 43.93, "lon": 2.15}],
    }
    assert {name: offer[name] for name in expected} == expected
    assert offer["sessions"][0]["window"] == {"gte": "2027-03-01", "lte": "2027-03-31"}
    assert offer["detail"]["others"]["domaine-formation/code-ROME"] == ["23221"]
    assert "faults" not in offer


def test_a_derived_number_stays_when_dates_change_and_differs_between_offers() -> None:
    same = offer_of(OLD.replace("20270300", "20280400").replace("<ligne>1 rue", "<ligne>2 rue"), "1.3")
    other = offer_of(OLD.replace("700", "350"), "1.3")
    first = offer_of(OLD, "1.3")
    assert first["id"] == same["id"] != other["id"]
    assert first["sessions"][0]["id"].startswith(first["id"])
    assert first["sessions"][0]["id"] != same["sessions"][0]["id"]


def test_sessions_of_one_period_without_numbers_are_counted() -> None:
    session = SOUND[SOUND.index("<session ") : SOUND.index("</session>") + len("</session>")]
    bare = re.sub(' numero="[^"]*"', "", session, count=1)
    other = bare.replace("20270301", "20270401")
    numbers = [each["id"] for each in offer_of(SOUND.replace(session, bare + other + bare + bare))["sessions"]]
    assert len(set(numbers)) == 4
    assert numbers[2:] == [f"{numbers[0]}_2", f"{numbers[0]}_3"]


def resume(number: str, start: str, town: str = "Albi") -> str:
    return (
        f'<resume-offre xmlns="http://www.lheo.org/2.2" numero="{number}"><intitule-formation>\nSoudeur\n'
        "</intitule-formation><nom-organisme>Atelier</nom-organisme><SIRET>04000000800017</SIRET>"
        f"<codepostal>81000</codepostal><code-INSEE-commune>81004</code-INSEE-commune><ville>{town}</ville>"
        f"<session><periode><debut>{start}</debut><fin>99999999</fin></periode></session>"
        '<extras info="lheo"><extra info="conventionnement">1</extra></extras>'
        '<extras info="geolocalisation"><extra info="latitude">43.93</extra>'
        '<extra info="longitude">2.15</extra></extras>'
        '<extras info="complements"><extra info="code-niveau-sortie">5</extra></extras></resume-offre>'
    )


def test_resumes_of_one_action_become_one_offer_in_any_order() -> None:
    texts = (resume("AF_1_SE_2", "20280101"), resume("AF_1_SE_1", "20270101"))
    bodies = []
    for order in (texts, texts[::-1]):
        (prepared,), rejects, _ = convert_record(RawRecord("f", 1, "index", order), CONTEXT)
        assert rejects == []
        bodies.append(prepared.body)
    assert bodies[0] == bodies[1]
    offer = orjson.loads(bodies[0])
    assert (offer["id"], offer["level"], offer["state_funded"]) == ("AF_1", "14", True)
    assert [session["id"] for session in offer["sessions"]] == ["AF_1_SE_1", "AF_1_SE_2"]
    assert [(place["insee"], place["lat"]) for place in offer["places"]] == [("81004", 43.93)]


def test_a_broken_resume_costs_its_session_alone() -> None:
    texts = (resume("AF_1_SE_1", "20270101"), resume("AF_1_SE_2", "20280101").replace("</ville>", "</vile>"))
    (prepared,), (reject,), _ = convert_record(RawRecord("f", 1, "index", texts), CONTEXT)
    assert prepared.session_ids == ("AF_1_SE_1",)
    assert (reject.reason, reject.identifier, reject.whole) == ("not-well-formed", "AF_1", False)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_whatever_raises_or_stores_what_the_contract_forbids(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([SOUND, OLD, resume("AF_1_SE_1", "20270101")]))
    form: Format = "index" if "resume-offre" in text else "1.3" if "offre-formation" in text else "2.3"
    places = [found.span(1) for found in re.finditer(r">([^<>]*)<", text)]
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = data.draw(st.sampled_from(places))
        if end <= len(text):
            text = text[:start] + data.draw(st.text(max_size=30)) + text[end:]
    prepared, rejects, _ = convert(text, form)
    assert prepared or rejects
    assert "not-convertible" not in {reject.reason for reject in rejects}
    for offer in prepared:
        OfferBody.model_validate_json(offer.body)


def test_signs_inside_cdata_and_comments_are_no_faults_and_stay() -> None:
    cdata = "<![CDATA[Théorie & <b>pratique</b> &eacute;lémentaire < 3]]><!-- & < -->"
    assert offer_of(SOUND.replace("Théorie et pratique.", cdata))["content"] == "Théorie & pratique élémentaire < 3"
    mended = offer_of(SOUND.replace("Théorie et pratique.", cdata).replace("Apprendre", "Lire & apprendre"))
    assert mended["content"] == "Théorie & pratique élémentaire < 3"
    assert [(fault["kind"], fault["value"]) for fault in mended["faults"]] == [
        ("bare-ampersand", "& apprendre un métier")
    ]


def test_a_record_full_of_unclosed_sections_is_looked_at_once() -> None:
    text = SOUND.replace("Théorie", "<![CDATA[ & " * 100_000)
    prepared, (reject,), _ = convert(text)
    assert (prepared, reject.reason) == ([], "not-well-formed")


def test_dates_of_other_elements_are_restated_too() -> None:
    text = SOUND.replace('<action numero="A1"', '<action numero="A1" datecrea="2026-05-04"').replace(
        ACTION_END, f"<date-information><date>2027-01-10</date></date-information>{ACTION_END}"
    )
    offer = offer_of(text)
    assert (offer["created"], offer["detail"]["information_dates"]) == ("20260504", ["20270110"])
