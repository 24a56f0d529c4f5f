"""Query understanding: from typed words to search words, filters, places and jobs."""

from search_app.search.understand.found import FilterWords
from search_app.search.understand.rules import SAYS_LITTLE, phrases_in
from search_app.search.understand.understander import Understander
from search_app.search.understand.understanding import Understanding

__all__ = ["SAYS_LITTLE", "FilterWords", "Understander", "Understanding", "phrases_in"]
