import os

import pytest

from course_utils.workshop.authoring.files import replace_file, replace_folder


def test_new_content_replaces_the_old_and_equal_content_is_not_written(tmp_path):
    path = tmp_path / "x"
    assert replace_file(path, b"one")
    assert replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    os.utime(path, (1, 1))
    assert not replace_file(path, b"two")
    assert path.stat().st_mtime == 1
    assert os.listdir(tmp_path) == ["x"]


def test_a_failure_leaves_the_old_content_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(b"one")

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"two")
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["x"]


def folder(path, text):
    path.mkdir()
    (path / "page").write_text(text)
    return path


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_takes_the_place_of_another_or_of_none(tmp_path, there):
    target = tmp_path / "site"
    if there:
        folder(target, "old")
        (target / "gone").touch()
    replace_folder(folder(tmp_path / "new", "new"), target)
    assert [path.name for path in target.iterdir()] == ["page"]
    assert (target / "page").read_text() == "new"
    assert os.listdir(tmp_path) == ["site"]


def test_the_old_folder_comes_back_when_the_new_one_cannot_be_moved(tmp_path):
    target = folder(tmp_path / "site", "old")
    with pytest.raises(FileNotFoundError):
        replace_folder(tmp_path / "lost", target)
    assert (target / "page").read_text() == "old"
    assert os.listdir(tmp_path) == ["site"]
