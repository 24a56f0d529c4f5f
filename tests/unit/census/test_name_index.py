"""Index-only fields of a body: what the name search compares."""

from mappings.census.name_index import FIELDS, index_fields


def test_fields_are_made_of_folded_names_acronyms_and_towns() -> None:
    made = index_fields(
        {
            "names_folded": ["sarl e learning", "l atelier"],
            "name_sort": "sarl e learning",
            "acronyms_folded": ["ela"],
            "sites": [{"town": "Saint-Étienne", "insee": "42218"}, {"town": None, "insee": None}],
        }
    )
    assert made == {
        "names_joined": ["elearning", "latelier", "sarlelearning"],
        "name_words": ["atelier", "e", "ela", "l", "learning", "sarl"],
        "town_words": ["etienne", "saint"],
        "name_length": 15,
        "commune": ["42218"],
    }
    assert set(made) == set(FIELDS)


def test_body_without_name_and_site_has_empty_fields() -> None:
    assert index_fields({"siren": "100000009"}) == {
        "names_joined": [], "name_words": [], "town_words": [], "name_length": 0, "commune": []
    }  # fmt: skip
