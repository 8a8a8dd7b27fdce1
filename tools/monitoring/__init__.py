"""Alert policies, log metrics and the dashboard, what checks them here, and the command that deploys them.

It must not know Firestore, and nothing that is deployed as a function imports it.
"""

from tools.plain_case import use_plain_case

use_plain_case()
