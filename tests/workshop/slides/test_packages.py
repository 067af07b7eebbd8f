"""Wheels: fetched once with pip, which checks their hash, and kept."""

import hashlib
import re
import zipfile

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.slides import packages
from course_utils.workshop.slides.packages import REVEAL, fetch

WHEEL = "thing-1.0-py3-none-any.whl"
OTHER = "thing==1.0 --hash=sha256:" + "0" * 64


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder in which pip looks instead of asking the network, and a cache that is not there yet."""
    monkeypatch.setattr(packages, "cache_folder", lambda: tmp_path / "cache" / "packages")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, value in {"CONFIG_FILE": "/dev/null", "NO_INDEX": "1", "FIND_LINKS": str(folder)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder


@pytest.fixture
def thing(shelf):
    """What a wheel on the shelf is asked for by."""
    with zipfile.ZipFile(shelf / WHEEL, "w") as archive:
        archive.writestr("thing/static/one.js", "hello")
        archive.writestr("thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        archive.writestr("thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("thing-1.0.dist-info/RECORD", "")
    return f"thing==1.0 --hash=sha256:{hashlib.sha256((shelf / WHEEL).read_bytes()).hexdigest()}"


def test_a_wheel_is_downloaded_once(shelf, thing):
    path = fetch(thing)
    assert path.read_bytes() == (shelf / WHEEL).read_bytes()
    (shelf / WHEEL).unlink()  # from here on pip could not bring it
    assert fetch(thing) == path
    assert [one.name for one in packages.cache_folder().iterdir()] == ["thing==1.0"]  # nothing of a download is left
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.usefixtures("thing")
def test_another_file_of_the_same_name_is_not_used():
    with pytest.raises(ChapterError, match=r"pip cannot download it \(ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"):
        fetch(OTHER)
    assert list(packages.cache_folder().iterdir()) == []


@pytest.mark.usefixtures("shelf")
def test_without_network_and_cache_one_line_says_so():
    with pytest.raises(ChapterError) as caught:
        fetch(OTHER)
    message = str(caught.value)
    assert message.startswith(f"thing==1.0: not in {packages.cache_folder()}, and pip cannot download it (ERROR: ")
    assert message.endswith("); run this once with a network")
    assert "\n" not in message


def test_a_download_that_hangs_is_given_up(thing, monkeypatch):
    monkeypatch.setattr(packages, "_PATIENCE", 0.01)
    with pytest.raises(ChapterError, match=re.escape("(no answer in 0.01 s)")):
        fetch(thing)


def test_a_cache_that_cannot_be_written_is_named(thing, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ChapterError, match="cannot be written"):
        fetch(thing)


def test_the_cache_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert packages.cache_folder().name == "packages"
    assert "course_utils" in str(packages.cache_folder())


def test_reveal_is_pinned():
    assert re.fullmatch(r"[a-z-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", REVEAL)
