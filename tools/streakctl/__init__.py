"""`streakctl`, the operator's tool: proves users against their ledgers, and shows what is stored of them.

Nothing that is deployed may import it: its terminal needs packages that the functions do not have.
"""

from typing import Any

# What is found, as JSON has it.
Json = dict[str, Any]
