"""Prints the reference of the documents' parameters for docs/documents.md."""

from search_app.documents.params import VOCABULARY
from search_app.search.params.__main__ import parameter_table

if __name__ == "__main__":
    print(parameter_table(VOCABULARY), end="")
