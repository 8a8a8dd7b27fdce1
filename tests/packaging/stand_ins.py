"""Stand-ins for packages: tiny wheels with the real ones' demands, in a folder that pip takes for an index.

Must not know which lock they are for.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from importlib.metadata import distributions
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from pathlib import Path

WHEEL = "Wheel-Version: 1.0\nGenerator: stand-in\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
PIN = re.compile(r"^(?P<what>[^ \\\n]+==[^ \\\n]+(?: ; [^\\\n]+?)?) \\\n(?:    --hash=.*\n)+", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release of a package, and what it asks for."""

    name: str
    version: str
    asks_for: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Index:
    """A folder of them."""

    folder: Path
    digests: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """What PIP_INDEX_URL wants."""
        return self.folder.as_uri()

    def offer(self, *releases: Release) -> None:
        """Put one wheel a release in."""
        for release in releases:
            folder = self.folder / canonicalize_name(release.name)
            folder.mkdir(parents=True, exist_ok=True)
            content = _write_wheel(folder, release)
            self.digests[folder.name, release.version] = hashlib.sha256(content).hexdigest()
            links = (f'<a href="{wheel.name}">{wheel.name}</a>' for wheel in sorted(folder.glob("*.whl")))
            (folder / "index.html").write_text("<!DOCTYPE html>" + "".join(links), encoding="utf-8")

    def lock(self, text: str) -> str:
        """The lock `text` with the stand-ins' hashes; a package that is not offered has one that nothing fits."""
        return PIN.sub(lambda found: f"{found['what']} --hash=sha256:{self._digest(found['what'])}\n", text)

    def _digest(self, pin: str) -> str:
        wanted = Requirement(pin)
        version = str(wanted.specifier).removeprefix("==")
        return self.digests.get((canonicalize_name(wanted.name), version), "0" * 64)


def _write_wheel(folder: Path, release: Release) -> bytes:
    module = canonicalize_name(release.name).replace("-", "_")
    wheel, info = folder / f"{module}-{release.version}-py3-none-any.whl", f"{module}-{release.version}.dist-info"
    lines = [
        *("Metadata-Version: 2.1", f"Name: {release.name}", f"Version: {release.version}"),
        *(f"Provides-Extra: {each}" for each in release.extras),
        *(f"Requires-Dist: {each}" for each in release.asks_for),
    ]
    files = {
        f"{module}_stand_in/__init__.py": "",
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": WHEEL,
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel.read_bytes()


def installed_releases() -> list[Release]:
    """Each package of the environment that runs this."""
    return [
        Release(
            name=each.name,
            version=each.version,
            asks_for=tuple(each.requires or ()),
            extras=tuple(each.metadata.get_all("Provides-Extra") or ()),
        )
        for each in distributions()
    ]


def newer(release: Release) -> Release:
    """A release that came out after the lock was made, and that whoever asked for the older one would take."""
    return Release(
        name=release.name, version=f"{release.version}.post1", asks_for=release.asks_for, extras=release.extras
    )
