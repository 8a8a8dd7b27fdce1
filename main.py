"""The entry points of the functions, where functions-framework looks for them; nothing else."""

from functions.http.entry_points import entry_point as __getattr__
from functions.http.entry_points import names as __dir__
from functions.http.framework import speak_problem_json

__all__ = ["__dir__", "__getattr__"]

speak_problem_json()
