"""Finds the Firestore emulator's JAR: the one named, an installed one, else Google's own pinned download.

Must not know how it is started.
"""

import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from emulator.download import Download, fetch
from emulator.errors import SetupError
from emulator.places import CACHE

MAIN_CLASS: Final = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
JAR_IN_SDK: Final = Path("platform") / "cloud-firestore-emulator" / "cloud-firestore-emulator.jar"
JAR_IN_FIREBASE: Final = re.compile(r"cloud-firestore-emulator-v(\d+(?:\.\d+)*)\.jar")

# Address, size and checksum as firebase-tools 15.34.2 lists them; that version of the CLI asks for Java 21.
PINNED: Final = Download(
    name="cloud-firestore-emulator-v1.22.0.jar",
    url="https://storage.googleapis.com/firebase-preview-drop/emulator/cloud-firestore-emulator-v1.22.0.jar",
    size_bytes=136_707_194,
    sha256="9b6498b7f62714d67f48f59b3818883cd682dbcd46b9f59511de81c97bb5166c",
)
PINNED_JAVA_RELEASE: Final = 21
JAVA_RELEASE_MIN: Final = 11
# Class files of Java 11 carry the version 55, and so on by one.
CLASS_VERSION_OFFSET: Final = 44

USUAL_SDKS: Final = (
    Path("/usr/lib/google-cloud-sdk"),
    Path("/usr/share/google-cloud-sdk"),
    Path("/usr/local/google-cloud-sdk"),
    Path("/opt/google-cloud-sdk"),
    Path("/snap/google-cloud-cli/current"),
    Path("/opt/homebrew/share/google-cloud-sdk"),
    Path("/usr/local/share/google-cloud-sdk"),
)
HOW_TO_GET: Final = (
    "Any one of these helps: `gcloud components install cloud-firestore-emulator` (or the Debian package "
    f"google-cloud-cli-firestore-emulator); put the file at {CACHE / PINNED.name}; set "
    "FIRESTORE_EMULATOR_JAR to a JAR that you have; set FIRESTORE_EMULATOR_HOST to an emulator that runs."
)


def installed_jar(
    environment: Mapping[str, str] = os.environ,
    *,
    usual_sdks: Sequence[Path] = USUAL_SDKS,
    cache: Path = CACHE,
) -> Path | None:
    """The JAR that is here already, or None. Raises SetupError when FIRESTORE_EMULATOR_JAR names no file."""
    named = environment.get("FIRESTORE_EMULATOR_JAR")
    if named:
        if not Path(named).is_file():
            message = f"FIRESTORE_EMULATOR_JAR names {named}, which is no file"
            raise SetupError(message)
        return Path(named)
    in_sdks = (sdk / JAR_IN_SDK for sdk in _sdks(environment, usual_sdks))
    for jar in (*in_sdks, *_newest_first(_firebase_cache(environment))):
        if jar.is_file():
            return jar
    downloaded = cache / PINNED.name
    return downloaded if PINNED.is_whole(downloaded) else None


def download_jar() -> Path:
    """Google's own JAR in the project's cache. Raises SetupError, saying how else to get it."""
    try:
        return fetch(PINNED, CACHE)
    except SetupError as error:
        message = f"{error}\n{HOW_TO_GET}"
        raise SetupError(message) from error


def java_release_for(jar: Path | None) -> int:
    """The oldest Java release that can run `jar`, or the pinned download when there is none yet."""
    if jar is None:
        return PINNED_JAVA_RELEASE
    try:
        with zipfile.ZipFile(jar) as archive, archive.open(MAIN_CLASS.replace(".", "/") + ".class") as start:
            header = start.read(8)
    except (zipfile.BadZipFile, KeyError) as error:
        message = f"{jar} is not the Firestore emulator's JAR. {HOW_TO_GET}"
        raise SetupError(message) from error
    return max(JAVA_RELEASE_MIN, int.from_bytes(header[6:8]) - CLASS_VERSION_OFFSET)


def _sdks(environment: Mapping[str, str], usual: Sequence[Path]) -> Iterator[Path]:
    named = environment.get("CLOUDSDK_ROOT_DIR")
    if named:
        yield Path(named)
    gcloud = shutil.which("gcloud", path=environment.get("PATH", ""))
    if gcloud is not None:
        # Distributions put a link on PATH; the SDK is where the link leads, as <sdk>/bin/gcloud.
        yield Path(gcloud).resolve().parent.parent
    home = environment.get("HOME")
    if home:
        yield Path(home) / "google-cloud-sdk"
    yield from usual


def _firebase_cache(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("FIREBASE_EMULATORS_PATH")
    if named:
        return Path(named)
    home = environment.get("HOME")
    return Path(home) / ".cache" / "firebase" / "emulators" if home else None


def _newest_first(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    versions = {
        file: tuple(int(part) for part in match[1].split("."))
        for file in folder.iterdir()
        if (match := JAR_IN_FIREBASE.fullmatch(file.name)) is not None
    }
    return sorted(versions, key=versions.__getitem__, reverse=True)
