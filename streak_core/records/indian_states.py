"""India's states and union territories by their codes: those of ISO 3166-2, of vehicles, and the ones before.

It must not know how a state is written in a profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INDIA: Final = "IN"
_CODES: Final[Mapping[str, str]] = {
    "AN": "Andaman and Nicobar Islands",
    "AP": "Andhra Pradesh",
    "AR": "Arunachal Pradesh",
    "AS": "Assam",
    "BR": "Bihar",
    "CH": "Chandigarh",
    "CG": "Chhattisgarh",
    "DH": "Dadra and Nagar Haveli and Daman and Diu",
    "DL": "Delhi",
    "GA": "Goa",
    "GJ": "Gujarat",
    "HR": "Haryana",
    "HP": "Himachal Pradesh",
    "JK": "Jammu and Kashmir",
    "JH": "Jharkhand",
    "KA": "Karnataka",
    "KL": "Kerala",
    "LA": "Ladakh",
    "LD": "Lakshadweep",
    "MP": "Madhya Pradesh",
    "MH": "Maharashtra",
    "MN": "Manipur",
    "ML": "Meghalaya",
    "MZ": "Mizoram",
    "NL": "Nagaland",
    "OD": "Odisha",
    "PY": "Puducherry",
    "PB": "Punjab",
    "RJ": "Rajasthan",
    "SK": "Sikkim",
    "TN": "Tamil Nadu",
    "TS": "Telangana",
    "TR": "Tripura",
    "UP": "Uttar Pradesh",
    "UK": "Uttarakhand",
    "WB": "West Bengal",
}
# The codes and names before, and those of a territory that is a part of another one since.
_EARLIER: Final[Mapping[str, str]] = {
    "CT": "CG",
    "DD": "DH",
    "DN": "DH",
    "OR": "OD",
    "ORISSA": "OD",
    "PONDICHERRY": "PY",
    "TG": "TS",
    "UA": "UK",
    "UT": "UK",
    "UTTARANCHAL": "UK",
}


def state_of_code(text: str) -> str | None:
    """The name of the state of a code, with or without `IN-` before it; None for what is none."""
    code = text.strip().upper().removeprefix("IN-")
    return _CODES.get(_EARLIER.get(code, code))


def states() -> frozenset[str]:
    """The names of all."""
    return frozenset(_CODES.values())
