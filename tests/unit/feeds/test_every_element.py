"""Nothing that LHEO can say of an offer is lost: each element is found again in what is stored, or its fault is."""

import re
from typing import Any, Final

import orjson
import pytest

from indexer.load.convert import ConvertContext, convert_record
from indexer.records import Format, RawRecord
from mappings.reference import Reference
from tests.unit.feeds.lheo_tree import BOXES, BOXES_1_3, Element, Grower, is_told

CONTEXT = ConvertContext("test", Reference())
# Form, boxes and root of a record.
FORMS: Final[dict[str, tuple[Format, dict[str, str], str]]] = {
    "2.3": ("2.3", BOXES, "formation"),
    "2.2": ("2.2", BOXES, "formation"),
    "1.3": ("1.3", BOXES_1_3, "offre-formation"),
    "index": ("index", BOXES, "resume-offre"),
}
FRANCE: Final = {"pays": "FR"}
NEEDED: Final = ("intitule-formation", "intitule-action")
BATCH: Final = 60  # elements that get something more in one record: fewer than an offer keeps of other elements


def grow(form: str, *, repeated: bool = False, fixed: dict[str, str] | None = None) -> Element:
    _, boxes, root = FORMS[form]
    return Grower(boxes, repeated=repeated, fixed=fixed).grow(root)


def stored(form: str, *records: str) -> dict[str, Any]:
    """Return the offer that the records make."""
    prepared, rejects, _ = convert_record(RawRecord("feed.xml", 1, FORMS[form][0], records), CONTEXT)
    assert [reject.message for reject in rejects] == []
    assert len(prepared) == 1
    offer: dict[str, Any] = orjson.loads(prepared[0].body)
    return offer


def text_of(offer: dict[str, Any]) -> str:
    return orjson.dumps(offer, option=orjson.OPT_INDENT_2).decode()


def texts_lost(tree: Element, record: str) -> list[str]:
    return [f"{leaf.path}: {leaf.value}" for leaf in tree.all() if leaf.told and not is_told(leaf.told, record)]


@pytest.mark.parametrize("fixed", [FRANCE, {}], ids=["in France", "abroad"])
@pytest.mark.parametrize("form", FORMS)
def test_each_element_with_a_word_of_its_own_is_found_again(form: str, fixed: dict[str, str]) -> None:
    tree = grow(form, repeated=True, fixed=fixed)
    assert texts_lost(tree, text_of(stored(form, tree.to_xml()))) == []


@pytest.mark.parametrize("form", ["2.3", "1.3", "index"])  # 2.2 is read by the rules of 2.3
def test_each_element_makes_a_difference(form: str) -> None:
    """Codes of short tables have no word of their own: without them the record must be another."""
    tree = grow(form, fixed=FRANCE)
    whole = stored(form, tree.to_xml())
    leaves = [each for each in tree.all() if not each.children and each.name not in (*NEEDED, "pays")]
    assert [leaf.path for leaf in leaves if stored(form, tree.to_xml(without=leaf)) == whole] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", ["attribute", "text beside elements", "extra", "foreign element"])
def test_what_no_schema_foresees_is_found_again(form: str, what: str) -> None:
    lost = []
    size = len(list(grow(form).all()))
    for start in range(0, size, BATCH):
        tree = grow(form)
        words = [
            word for at, each in enumerate(list(tree.all())[start : start + BATCH]) if (word := add(each, what, at))
        ]
        record = text_of(stored(form, tree.to_xml()))
        lost += [word for word in words if not is_told(word, record)]
    assert lost == []


def add(element: Element, what: str, number: int) -> str | None:
    """Put something into an element that no schema foresees; return the word that it holds."""
    word = f"en{number}plus{re.sub(r'[^a-zA-Z]', '', element.name)}"
    if what == "attribute":
        element.attributes = f' info="{word}"'
        return word
    if not element.children:
        return None
    inner = {
        "text beside elements": word,
        "extra": f'<extras info="x"><extra info="y">{word}</extra></extras>',
        "foreign element": f'<autre xmlns="urn:x"><y>{word}</y></autre>',
    }
    more = Raw(element.path, inner[what])
    element.children = [*element.children, more] if number % 2 else [more, *element.children]
    return word


class Raw(Element):
    """XML that is taken as it is."""

    def to_xml(self, without: Element | None = None) -> str:
        return self.value
