"""Tells what was answered how often, and for a fault how to see it again.

It must not know how anything is sent.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tools.fuzz.runner import Fault, Total

_SHOWN_MAX: Final = 4_000
_SAID_MAX: Final = 2_000


def tell(total: Total, seconds: float) -> None:
    """The answers by status and code."""
    sent = total.answers.total()
    table = Table(
        "status", "code", "answers", title=f"{sent} requests in {seconds:.0f} s, sent again {total.retries} times"
    )
    for column in table.columns:
        column.justify = "left" if column.header == "code" else "right"
    for (status, code), number in sorted(total.answers.items()):
        table.add_row(str(status), code, str(number))
    Console().print(table)


def tell_fault(fault: Fault, seed: int) -> None:
    """The request as the bytes it was sent as, and the commands that send it again."""
    print(f"fault: {fault.what}, for request {fault.number}")
    print(f"it was answered {fault.status}: {fault.said[:_SAID_MAX]}")
    print(f"send it again:  python -m tools.fuzz --seed {seed} --only {fault.number}")
    raw = repr(fault.sent.raw)
    if len(raw) > _SHOWN_MAX:
        file = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{fault.number}.bin"
        file.write_bytes(fault.sent.raw)
        print(f"its bytes: {file}, {len(fault.sent.raw)} of them")
        raw = f'open("{file}", "rb").read()'
    print("or, to what `make serve` serves:")
    print(f"python - <<'END'\nfrom fuzz.wire import exchange\nraw = {raw}")
    print("answer = exchange('http://127.0.0.1:8080', raw)\nprint(answer.status_code, answer.text)\nEND")
