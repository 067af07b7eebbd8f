"""Git for Windows turns \\n into \\r\\n unless it is told better; the build would then call every notebook changed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests import ROOT

FILES = [
    ROOT / "notebooks" / "00_start_here.ipynb",
    ROOT / "notebooks" / "source" / "00_start_here" / "chapter.py",
    ROOT / "README.md",
]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_checkout_with_gits_settings_for_windows_has_the_same_bytes(tmp_path):
    def git(*arguments):
        own = ("core.autocrlf=true", "core.safecrlf=false", "user.name=reader", "user.email=reader@example.org")
        settings = [word for setting in own for word in ("-c", setting)]
        subprocess.run(["git", *settings, *arguments], cwd=tmp_path, check=True, capture_output=True, timeout=60)

    git("init")
    copies = [Path(shutil.copy(path, tmp_path)) for path in (ROOT / ".gitattributes", *FILES)]
    git("add", ".")
    git("commit", "--message", "course")
    for copy in copies:
        copy.unlink()
    git("checkout", ".")
    assert [copy.read_bytes() for copy in copies[1:]] == [path.read_bytes() for path in FILES]
