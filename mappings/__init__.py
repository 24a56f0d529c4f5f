"""The contract between writer and reader: what is stored, under which names, with which codes."""
