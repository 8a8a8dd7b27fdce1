"""How Chromium is begun. Must not know what is looked at."""

from __future__ import annotations

from typing import Final

# As this machine's own Chromium needs them; what it would ask of the world is left out.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
