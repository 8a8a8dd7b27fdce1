"""The schemas of recording an activity: one for each type of the policy, told apart by `activity_type`.

It must not know any single type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, assert_never

from streak_core.domain.policy import WHOLE_NUMBER_MAX, BelowOrFromXp, ChoiceFromXp, FlatXp, PerStepXp

if TYPE_CHECKING:
    from streak_core.domain.policy import ActivityType, Policy, XpRule

Schema = dict[str, Any]

_REF: Final = "#/components/schemas/"
# What every recording may say, whatever its type: written by hand, once, in the contract.
_COMMON: Final = {"occurred_at": "OccurredAt", "time_zone": "OccurredIn", "activity_id": "ChosenActivityId"}


def activity_schemas(policy: Policy) -> dict[str, Schema]:
    """`ActivityBody`, and a schema for each type and for its metadata."""
    names = {name: f"{pascal(name)}Activity" for name in policy.activity_types}
    found: dict[str, Schema] = {
        "ActivityBody": {
            "description": "What the user did.",
            **told_apart("activity_type", names),
            "example": {"activity_type": "check_in"},
        }
    }
    for name, kind in policy.activity_types.items():
        metadata = _metadata(kind.xp)
        if metadata:
            found[f"{pascal(name)}Metadata"] = metadata
        found[names[name]] = _activity(name, kind, has_metadata=metadata is not None)
    return found


def told_apart(member: str, names: dict[str, str]) -> Schema:
    """One of several named schemas, told apart by the value of a member."""
    return {
        "oneOf": [{"$ref": _REF + name} for name in names.values()],
        "discriminator": {
            "propertyName": member,
            "mapping": {value: _REF + name for value, name in names.items()},
        },
    }


def pascal(name: str) -> str:
    """A name of the policy as the name of a schema."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _activity(name: str, kind: ActivityType, *, has_metadata: bool) -> Schema:
    metadata = f"{pascal(name)}Metadata" if has_metadata else "NoMetadata"
    return {
        "type": "object",
        "description": f"{_worth(kind.xp)} {_counted(kind)} {_category(kind)}",
        "required": ["activity_type", *(["metadata"] if has_metadata else [])],
        "properties": {
            "activity_type": {"type": "string", "const": name},
            "metadata": {"$ref": _REF + metadata},
            **{field: {"$ref": _REF + schema} for field, schema in _COMMON.items()},
        },
        "additionalProperties": False,
    }


def _metadata(rule: XpRule) -> Schema | None:
    match rule:
        case FlatXp():
            return None
        case PerStepXp():
            return _object({rule.field: {"type": "integer", "minimum": 0, "maximum": WHOLE_NUMBER_MAX}})
        case ChoiceFromXp():
            choice = {"type": "string", "enum": list(rule.choices)}
            return _object({rule.choice_field: choice, rule.field: _number(rule)})
        case BelowOrFromXp():
            return _object({rule.field: _number(rule)})
        case _:
            assert_never(rule)


def _object(properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _number(rule: ChoiceFromXp | BelowOrFromXp) -> Schema:
    return {"type": "number", "minimum": rule.minimum, "maximum": rule.maximum}


def _worth(rule: XpRule) -> str:
    match rule:
        case FlatXp():
            return f"{rule.xp} XP."
        case PerStepXp():
            return f"{rule.xp_per_step} XP for each {rule.step} of `{rule.field}`."
        case ChoiceFromXp():
            worth = " or ".join(f"{xp} XP ({choice})" for choice, xp in rule.choices.items())
            return f"{worth} from a `{rule.field}` of {rule.from_} on, below it none."
        case BelowOrFromXp():
            return f"{rule.xp_from} XP from a `{rule.field}` of {rule.from_} on, below it {rule.xp_below} XP."
        case _:
            assert_never(rule)


def _counted(kind: ActivityType) -> str:
    return "It always counts for the streak." if kind.counts == "always" else "It counts for the streak if it gives XP."


def _category(kind: ActivityType) -> str:
    return f"Its category is `{kind.category}`." if kind.category else "It has no category."
