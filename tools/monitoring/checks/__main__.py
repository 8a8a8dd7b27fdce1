"""The command `python -m tools.monitoring.checks`: every check on the project's own files, and an exit status.

It must not know what is checked.
"""

from __future__ import annotations

import sys

from tools.monitoring.checks.alerts import alert_problems, playbook_problems
from tools.monitoring.checks.dashboard import DASHBOARD, dashboard_problems
from tools.monitoring.files import NotReadableError, read_document
from tools.monitoring.variables import EXAMPLES, filled


def main() -> int:
    """Prints every complaint; 0 where there is none, else 1."""
    found = [*alert_problems(), *playbook_problems()]
    try:
        found += dashboard_problems(filled(read_document(DASHBOARD), EXAMPLES))
    except NotReadableError as error:
        found.append(str(error))
    for problem in found:
        print(problem)
    print(f"{len(found)} problems" if found else "alerts, playbooks and dashboard are as they should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
