"""The entry points of the functions; nothing else."""

from functions.calendar import calendar
from functions.consistency import consistency
from functions.edge.framework import speak_problem_json
from functions.edge.runtime import config
from functions.maintenance import maintenance
from functions.streak import streak

__all__ = ["calendar", "consistency", "maintenance", "streak"]

# A process with a wrong or dangerous configuration must not start.
config()
speak_problem_json()
