"""The catalogue in the European Learning Model (ELM 3), as JSON-LD that is written while it is read (docs/elm.md)."""
