"""The contract with what is rendered in its place: schemas between two marks, and the numbers in its sentences.

It must not know what the schemas say, nor where the contract is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from tools.openapi.activities import activity_schemas
from tools.openapi.sentences import with_numbers
from tools.openapi.words import word_schemas

if TYPE_CHECKING:
    from streak_core.domain.policy import Policy

Json = Any

BEGIN: Final = "    # What follows is rendered by `make openapi` from the policy and the code: change those.\n"
END: Final = "    # Here ends what is rendered.\n"
# What is in C, where it is there, takes a tenth of the time.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_EXAMPLES: Final = frozenset({"example", "examples"})


class RenderingError(ValueError):
    """The contract can't be rendered; the message says why and what to do."""


def rendered(contract: str, policy: Policy) -> str:
    """The text of the contract for a policy; what was rendered before is replaced. Raises `RenderingError`."""
    if contract.count(BEGIN) != 1 or contract.count(END) != 1 or contract.index(BEGIN) > contract.index(END):
        message = f"the contract must have these two lines once, in this order:\n{BEGIN}{END}"
        raise RenderingError(message)
    before, _, rest = contract.partition(BEGIN)
    _, _, after = rest.partition(END)
    schemas = {**word_schemas(policy), **activity_schemas(policy)}
    twice = [name for name in schemas if re.search(rf"^    {name}:", before + after, re.MULTILINE)]
    if twice:
        message = f"the contract has schemas of its own of these names: {', '.join(twice)}; name the types otherwise"
        raise RenderingError(message)
    return with_numbers(before, policy) + BEGIN + _as_text(schemas) + END + with_numbers(after, policy)


def without_examples(contract: str) -> str:
    """The contract as it is for another policy than the one whose activities its examples are of."""
    found = _stripped(yaml.load(contract, Loader=LOADER))  # noqa: S506  (safe)
    return yaml.dump(found, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=120)


def _as_text(schemas: dict[str, Any]) -> str:
    text = yaml.dump(schemas, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice, so that the text of a schema does not hang on its neighbours."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _stripped(node: Json, *, is_names: bool = False) -> Json:
    """Without examples; the names of properties are no keywords."""
    if isinstance(node, list):
        return [_stripped(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {name: one for name, one in node.items() if is_names or name not in _EXAMPLES}
    return {name: _stripped(one, is_names=name == "properties") for name, one in kept.items()}
