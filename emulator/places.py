"""Where the local environment finds the project's own files. Must not know what is in them."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CACHE: Final = ROOT / ".cache"
FIRESTORE_RULES: Final = ROOT / "firestore.rules"
# The variable is functions-framework's own.
MAIN: Final = Path(os.environ.get("FUNCTION_SOURCE", ROOT / "main.py")).resolve()
