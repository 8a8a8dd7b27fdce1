"""What the tools' command lines take, with a sentence for what they don't. Must not know whose they are."""

from __future__ import annotations

import argparse


def whole_number(text: str) -> int:
    """A whole number of 1 or more. Raises `ArgumentTypeError`."""
    if text.isascii() and text.isdecimal() and int(text) > 0:
        return int(text)
    message = f"{text!r}: must be a whole number of 1 or more"
    raise argparse.ArgumentTypeError(message)
