"""The clause for plain words: plain relevance, titles before texts."""

from typing import Any, Final

# Two words must both be found, of more three in four: without it "soudeur à Albi" finds everything in Albi.
ENOUGH_WORDS: Final = "2<75%"
# The title counts most, then what the codes are called; the text itself only decides between equals.
TITLE_BOOST: Final = 4.0
SUBJECT_BOOST: Final = 2.0


def words_query(words: str) -> dict[str, Any]:
    """Return the scored clause for ``words``; they are matched as text, never parsed as a query language."""
    return {
        "bool": {
            "must": [{"match": {"words": {"query": words, "minimum_should_match": ENOUGH_WORDS}}}],
            "should": [
                {"match": {"title": {"query": words, "boost": TITLE_BOOST}}},
                {"match": {"subjects": {"query": words, "boost": SUBJECT_BOOST}}},
                {"match_phrase": {"title": {"query": words, "boost": TITLE_BOOST, "slop": 2}}},
            ],
        }
    }
