"""Ties a program to the process that started it: should that one be killed, the program gets SIGTERM.

Must not know which program it is, nor import anything of the project: it is run as a file.

    python -I emulator/tether.py PARENT_PID PROGRAM [ARGUMENT ...]
"""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def tie(parent_pid: int) -> None:
    """Get SIGTERM when our parent ends. Only Linux offers the tie; elsewhere nothing happens."""
    # Ignored by our parent, it would be so here and in what we become, and the tie be none.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        # A parent that went before the tie was made would never send the signal.
        if os.getppid() != parent_pid:
            sys.exit(f"the process {parent_pid} that wanted this one is gone")


def main(parent_pid: str, *command: str) -> None:
    """Become `command`, tied."""
    tie(int(parent_pid))
    os.execvp(command[0], command)  # noqa: S606  (the command comes from our own code and Makefile)


if __name__ == "__main__":
    main(*sys.argv[1:])
