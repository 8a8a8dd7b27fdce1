"""What a person has to mend before the local environment can do what it is asked.

Must not know how the message is shown.
"""


class SetupError(Exception):
    """Something is missing or taken on this machine; the message says what, and how to mend it."""


class NoJavaError(SetupError):
    """There is no Java here that is new enough for the Firestore emulator."""


class WrongUseError(Exception):
    """What was asked for cannot be done as it was asked; the message says why."""
