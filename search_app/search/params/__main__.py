"""Prints the reference of all parameters as a Markdown table, for docs/search.md."""

from collections.abc import Mapping

from search_app.search.params.parameter import Parameter
from search_app.search.params.table import PARAMETERS


def parameter_table(parameters: Mapping[str, Parameter] = PARAMETERS) -> str:
    """Return one row a parameter: name, whether it may be repeated, meaning, what is allowed."""
    rows = [
        f"| `{row.name}` | {'yes' if row.many else ''} | {row.description} | {row.allowed} |"
        for row in parameters.values()
    ]
    return "\n".join(["| parameter | repeated | meaning | allowed |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    print(parameter_table())
