"""Files from packages: fetched once with pip, known by their hash, unpacked without surprises."""

import hashlib
import re
import zipfile
from dataclasses import replace

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.slides import packages
from course_utils.workshop.slides.packages import REVEAL, Package, fetch, unpack

WHEEL = "thing-1.0-py3-none-any.whl"


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder in which pip looks instead of asking the network, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(packages, "cache_folder", lambda: tmp_path / "cache" / "packages")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def make_wheel(folder, text="hello"):
    """Write a wheel that pip accepts; return what it should be known by."""
    path = folder / WHEEL
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing/static/one.js", text)
        archive.writestr("thing/static/two.js", "two")
        archive.writestr("thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        archive.writestr("thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("thing-1.0.dist-info/RECORD", "")
    return Package("thing", "1.0", WHEEL, hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_package_is_downloaded_once(shelf):
    package = make_wheel(shelf)
    path = fetch(package)
    assert path.parent == packages.cache_folder()
    assert path.read_bytes() == (shelf / WHEEL).read_bytes()
    (shelf / WHEEL).unlink()  # from here on pip could not bring it
    assert fetch(package) == path
    assert [one.name for one in path.parent.iterdir()] == [WHEEL]  # no folder of a download is left


def test_only_what_is_named_is_unpacked(shelf, tmp_path):
    unpack(make_wheel(shelf), {"thing/static/one.js": "js/uno.js"}, tmp_path / "out")
    assert [str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()] == [
        "js/uno.js"
    ]
    assert (tmp_path / "out" / "js" / "uno.js").read_text() == "hello"


def test_another_file_of_the_same_name_is_not_used(shelf):
    package = replace(make_wheel(shelf), sha256="0" * 64)
    with pytest.raises(ChapterError, match=re.escape("thing==1.0: the file that came is not the one expected")):
        fetch(package)
    assert list(packages.cache_folder().iterdir()) == []


def test_a_spoilt_cache_is_mended(shelf):
    package = make_wheel(shelf)
    fetch(package).write_bytes(b"half of i")
    assert hashlib.sha256(fetch(package).read_bytes()).hexdigest() == package.sha256


def test_without_network_and_cache_one_line_says_so(shelf):
    with pytest.raises(ChapterError) as caught:
        fetch(Package("thing", "1.0", WHEEL, "0" * 64))
    message = str(caught.value)
    assert message.startswith(f"thing==1.0: not in {packages.cache_folder()}, and pip cannot download it (")
    assert message.endswith("); run this once with a network")
    assert "\n" not in message


def test_a_download_that_hangs_is_given_up(shelf, monkeypatch):
    monkeypatch.setattr(packages, "_PATIENCE", 0.01)
    with pytest.raises(ChapterError, match=re.escape("(no answer in 0.01 s)")):
        fetch(make_wheel(shelf))


def test_a_cache_that_cannot_be_written_is_named(shelf, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ChapterError, match="cannot be written"):
        fetch(make_wheel(shelf))


def test_a_file_that_is_not_in_the_package_is_named(shelf, tmp_path):
    with pytest.raises(ChapterError, match=re.escape(f"{WHEEL}: has no file thing/three.js")):
        unpack(make_wheel(shelf), {"thing/three.js": "three.js"}, tmp_path / "out")


@pytest.mark.parametrize("target", ["../one.js", "/tmp/one.js", "a/../../one.js"])
def test_nothing_is_written_outside_the_folder(shelf, tmp_path, target):
    with pytest.raises(ChapterError, match="leads out of"):
        unpack(make_wheel(shelf), {"thing/static/one.js": target}, tmp_path / "out" / "folder")
    assert not list((tmp_path / "out").rglob("*.js"))


def test_the_cache_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert packages.cache_folder().name == "packages"
    assert "course_utils" in str(packages.cache_folder())


def test_reveal_is_pinned():
    assert re.fullmatch(r"[0-9a-f]{64}", REVEAL.sha256)
    assert REVEAL.version in REVEAL.file
