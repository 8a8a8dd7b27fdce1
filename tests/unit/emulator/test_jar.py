"""Which JAR of the Firestore emulator is taken, in made-up folders. Must not download anything."""

import zipfile
from pathlib import Path

import pytest

from emulator.errors import SetupError
from emulator.jar import JAR_IN_SDK, MAIN_CLASS, PINNED, PINNED_JAVA_RELEASE, installed_jar, java_release_for


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def made_up_sdk(folder: Path) -> Path:
    """An SDK with the emulator; the answer is its JAR."""
    jar = folder / JAR_IN_SDK
    jar.parent.mkdir(parents=True)
    jar.touch()
    gcloud = folder / "bin" / "gcloud"
    gcloud.parent.mkdir()
    gcloud.write_text("#!/bin/sh\n")
    gcloud.chmod(0o755)
    return jar


def made_up_firebase_cache(home: Path, *versions: str) -> Path:
    folder = home / ".cache" / "firebase" / "emulators"
    folder.mkdir(parents=True)
    for version in versions:
        (folder / f"cloud-firestore-emulator-v{version}.jar").touch()
    return folder


def made_up_jar(file: Path, class_version: int) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        header = b"\xca\xfe\xba\xbe\x00\x00" + class_version.to_bytes(2)
        archive.writestr(MAIN_CLASS.replace(".", "/") + ".class", header)
    return file


def test_an_sdk_is_found_from_a_gcloud_that_is_a_link(tmp_path: Path, cache: Path) -> None:
    jar = made_up_sdk(tmp_path / "lib" / "google-cloud-sdk")
    path = tmp_path / "bin"
    path.mkdir()
    (path / "gcloud").symlink_to("../lib/google-cloud-sdk/bin/gcloud")
    assert installed_jar({"PATH": str(path)}, usual_sdks=(), cache=cache) == jar


def test_the_named_sdk_comes_before_the_one_on_path(tmp_path: Path, cache: Path) -> None:
    named = made_up_sdk(tmp_path / "named")
    made_up_sdk(tmp_path / "on_path")
    environment = {"CLOUDSDK_ROOT_DIR": str(tmp_path / "named"), "PATH": str(tmp_path / "on_path" / "bin")}
    assert installed_jar(environment, usual_sdks=(), cache=cache) == named


def test_an_sdk_is_found_at_a_usual_place(tmp_path: Path, cache: Path) -> None:
    jar = made_up_sdk(tmp_path / "usual")
    assert installed_jar({"PATH": ""}, usual_sdks=(tmp_path / "usual",), cache=cache) == jar


def test_an_sdk_is_found_in_the_home_folder(tmp_path: Path, cache: Path) -> None:
    jar = made_up_sdk(tmp_path / "google-cloud-sdk")
    assert installed_jar({"PATH": "", "HOME": str(tmp_path)}, usual_sdks=(), cache=cache) == jar


def test_an_sdk_without_the_emulator_is_passed_over(tmp_path: Path, cache: Path) -> None:
    made_up_sdk(tmp_path / "sdk").unlink()
    folder = made_up_firebase_cache(tmp_path, "1.19.8")
    environment = {"PATH": str(tmp_path / "sdk" / "bin"), "HOME": str(tmp_path)}
    found = installed_jar(environment, usual_sdks=(), cache=cache)
    assert found == folder / "cloud-firestore-emulator-v1.19.8.jar"


def test_of_the_firebase_cache_the_newest_is_taken_by_number(tmp_path: Path, cache: Path) -> None:
    folder = made_up_firebase_cache(tmp_path, "1.9.12", "1.19.8", "1.19.10")
    (folder / "cloud-firestore-emulator-v1.99.0.jar.part").touch()
    (folder / "pubsub-emulator-9.0.0.jar").touch()
    found = installed_jar({"PATH": "", "HOME": str(tmp_path)}, usual_sdks=(), cache=cache)
    assert found == folder / "cloud-firestore-emulator-v1.19.10.jar"


def test_a_download_counts_when_it_is_whole(cache: Path) -> None:
    with (cache / PINNED.name).open("wb") as file:
        file.truncate(PINNED.size_bytes)
    assert installed_jar({"PATH": ""}, usual_sdks=(), cache=cache) == cache / PINNED.name


def test_a_download_that_lacks_a_byte_does_not_count(cache: Path) -> None:
    with (cache / PINNED.name).open("wb") as file:
        file.truncate(PINNED.size_bytes - 1)
    assert installed_jar({"PATH": ""}, usual_sdks=(), cache=cache) is None


def test_where_nothing_is_installed_nothing_is_found(tmp_path: Path, cache: Path) -> None:
    assert installed_jar({"PATH": "", "HOME": str(tmp_path)}, usual_sdks=(), cache=cache) is None


def test_the_named_jar_comes_first(tmp_path: Path, cache: Path) -> None:
    jar = tmp_path / "mine.jar"
    jar.touch()
    made_up_sdk(tmp_path / "sdk")
    environment = {"FIRESTORE_EMULATOR_JAR": str(jar), "CLOUDSDK_ROOT_DIR": str(tmp_path / "sdk")}
    assert installed_jar(environment, usual_sdks=(), cache=cache) == jar


def test_a_named_jar_that_is_not_there_is_refused(tmp_path: Path, cache: Path) -> None:
    made_up_sdk(tmp_path / "sdk")
    environment = {
        "FIRESTORE_EMULATOR_JAR": str(tmp_path / "mine.jar"),
        "CLOUDSDK_ROOT_DIR": str(tmp_path / "sdk"),
    }
    with pytest.raises(SetupError, match=r"FIRESTORE_EMULATOR_JAR names .*mine\.jar, which is no file"):
        installed_jar(environment, usual_sdks=(), cache=cache)


@pytest.mark.parametrize(("class_version", "release"), [(52, 11), (55, 11), (56, 12), (65, 21)])
def test_the_java_a_jar_needs_is_read_from_it(tmp_path: Path, class_version: int, release: int) -> None:
    assert java_release_for(made_up_jar(tmp_path / "some.jar", class_version)) == release


def test_the_download_to_come_needs_the_java_its_cli_asks_for() -> None:
    assert java_release_for(None) == PINNED_JAVA_RELEASE


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>"])
def test_a_file_that_is_no_jar_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.jar").write_bytes(content)
    with pytest.raises(SetupError, match="is not the Firestore emulator's JAR"):
        java_release_for(tmp_path / "some.jar")


def test_the_jar_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.jar", "w") as archive:
        archive.writestr("Other.class", b"\xca\xfe\xba\xbe\x00\x00\x00\x37")
    with pytest.raises(SetupError, match="is not the Firestore emulator's JAR"):
        java_release_for(tmp_path / "other.jar")
