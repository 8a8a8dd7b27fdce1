"""What all parts of a policy have in common: they are frozen, closed and built when they are first read.

It must not know any single part.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Data(BaseModel):
    """A part of a policy."""

    # Built when it is first read, as a part of the whole: each by itself would cost every start its time.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, defer_build=True)
