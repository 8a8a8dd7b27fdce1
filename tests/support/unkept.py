"""Requests, each over a connection of its own. Must not know what is asked."""

from __future__ import annotations

from typing import Final

import httpx

# One client for all of a process: to make one is to read every certificate of the machine, some 40 ms of computing.
HTTP: Final = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
