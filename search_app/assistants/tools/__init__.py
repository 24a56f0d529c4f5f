"""The tools that assistants call: each reads its arguments, asks the search, and answers in text and in values."""
