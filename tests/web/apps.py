"""An app that has installed the package as it is packed, and has examples as files. Must not know what they show."""

from __future__ import annotations

import json
import shutil
import tarfile
from typing import TYPE_CHECKING, Final

from tests.web.running import CLIENT, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPTIONS: Final = {
    "strict": True,
    "noImplicitAny": False,  # a variable of JavaScript is declared without a type
    "target": "es2022",
    "module": "nodenext",
    "checkJs": True,
    "noEmit": True,
    "types": ["node"],
    "typeRoots": [str(CLIENT / "node_modules" / "@types")],
}


def app_with(examples: Sequence[str], place: Path) -> Path:
    """The folder of the app, with `example0.js` and so on in it."""
    (pack,) = json.loads(run("npm", "pack", "--json", "--pack-destination", place))
    with tarfile.open(place / pack["filename"]) as packed:
        packed.extractall(place / "node_modules", filter="data")
    (place / "node_modules" / "package").rename(place / "node_modules" / "unbroken-client")
    (place / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (place / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS}), encoding="utf-8")
    shutil.copy(CLIENT / "types" / "around.d.ts", place)
    for number, example in enumerate(examples):
        (place / f"example{number}.js").write_text(example, encoding="utf-8")
    return place
