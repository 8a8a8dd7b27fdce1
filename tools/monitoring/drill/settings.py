"""The settings by which the drill tells a function of its memory. It must not know who reads them."""

from typing import Final

# A file with the limit in bytes, as the kernel writes it for a process with a limit.
LIMIT_FILE: Final = "DRILL_MEMORY_LIMIT_FILE"
# What each call of the job leaves behind.
LEAK_MIB: Final = "DRILL_LEAK_MIB"
