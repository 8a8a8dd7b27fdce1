"""The `main.py` of a codebase of the Firebase CLI; what `make deploy` sets of each function is in a file beside it.

Must not know any setting.
"""

import json
import os
from pathlib import Path

# Under the CLI's emulator the settings of a deployment are none: there `.env.local` may say some.
if os.environ.get("FUNCTIONS_EMULATOR") == "true":
    os.environ.setdefault("GOOGLE_CLOUD_PROJECT", os.environ.get("GCLOUD_PROJECT", ""))
else:
    _of_all = json.loads(Path(__file__).with_name("environment.json").read_text(encoding="utf-8"))
    os.environ.update(_of_all[os.environ["FUNCTION_TARGET"]])

# They read the environment.
from functions.http.entry_points import entry_point as __getattr__
from functions.http.entry_points import names as __dir__
from functions.http.framework import speak_problem_json

__all__ = ["__dir__", "__getattr__"]

speak_problem_json()
