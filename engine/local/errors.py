"""The one error of the local engine: a sentence for the person at the terminal."""


class EngineError(Exception):
    """The engine cannot do what was asked; the message is one clear line that says why and what helps."""
