"""The project's tests, in folders that mirror the code. Must not be imported by it."""

from tools.plain_case import use_plain_case

use_plain_case()
