"""What is read of a file of log lines: each head whole, by whose it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from streak_core.records.acts import EVERYBODY
from streak_core.records.chain import head_text
from tests.unit.records.trail import ADA, chain
from tools.streakctl.trails.verifying import read_heads

if TYPE_CHECKING:
    from pathlib import Path


def test_heads_are_read_with_their_hash_their_moment_and_their_end(tmp_path: Path) -> None:
    heads = [one.head for one in chain(3)]
    lines = [[["ada", head_text(heads[0])], ["service:rules", head_text(heads[1])]], [["ada", head_text(heads[2])]]]
    file = tmp_path / "heads.json"
    file.write_text("\n".join(json.dumps({"event": "audit_heads", "heads": json.dumps(one)}) for one in lines))
    assert read_heads(file) == {ADA: {1: heads[0], 3: heads[2]}, EVERYBODY: {2: heads[1]}}
