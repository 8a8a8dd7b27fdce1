"""The maintenance job: due users only, by shard, resumable, paced; it writes down what time has decided already.

It must not decide a verdict (replay does) or know HTTP.
"""

from streak_core.maintenance.rules import Rules
from streak_core.maintenance.run import Maintenance

__all__ = ["Maintenance", "Rules"]
