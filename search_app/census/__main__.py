"""Prints the reference of the census's parameters as a Markdown table, for docs/providers.md."""

from search_app.census.params import VOCABULARY
from search_app.search.params.__main__ import parameter_table

if __name__ == "__main__":
    print(parameter_table(VOCABULARY))
