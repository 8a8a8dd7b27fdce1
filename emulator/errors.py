"""What a person has to mend on this machine before the local environment can run.

Must not know how the message is shown.
"""


class SetupError(Exception):
    """Something is missing or taken on this machine; the message says what, and how to mend it."""
