"""The exception of the local engine, with a message for the terminal."""


class EngineError(Exception):
    """The engine cannot do what was asked; the message is one line with cause and remedy."""
