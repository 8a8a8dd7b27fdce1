"""How shapes of stored forms are read: strictly. Must not know any of them."""

from __future__ import annotations

from pydantic import ConfigDict, with_config

# A field that a shape does not have is refused, and so is what has another type than it was written with.
closed = with_config(ConfigDict(extra="forbid", strict=True))
# Stored as fields and not as a text: Firestore has no dates, so that a day is text there.
closed_fields = with_config(ConfigDict(extra="forbid"))
