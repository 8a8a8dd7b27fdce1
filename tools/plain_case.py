"""Capital letters as English has them, whatever language the machine speaks. Must not know who needs them."""

import contextlib
import locale
from typing import Final

PLAIN: Final = ("C.UTF-8", "en_US.UTF-8")


def use_plain_case() -> None:
    """Call it before any of protobuf's messages is imported.

    Their names in JSON are made with the C library's capitals then. Where a small i has a dotted one, as in Turkish,
    `evaluation_interval` would become `evaluationinterval`.
    """
    for name in PLAIN:
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            return
