"""How work that is told to stop ends. It must not know what is done."""


class StoppedError(Exception):
    """It is to end, before all is done."""
