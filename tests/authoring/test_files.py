import os

import pytest

from course_utils.authoring.files import replace_file


def test_new_content_replaces_the_old(tmp_path):
    path = tmp_path / "x"
    assert replace_file(path, b"one")
    assert replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["x"]


def test_equal_content_is_not_written(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"one")
    os.utime(path, (1, 1))
    assert not replace_file(path, b"one")
    assert path.stat().st_mtime == 1


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
