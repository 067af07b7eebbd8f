"""A wheel that only tests of browsers read, brought by pip the first time and kept for the next."""

import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs

from course_utils.workshop.authoring.files import replace_folder

PATIENCE = 120  # seconds for a download


def fetch(requirement: str) -> Path:
    """Return a wheel, ``name==1.0 --hash=sha256:…``, or raise OSError with what pip says; nothing of it is run."""
    kept = Path(platformdirs.user_cache_dir("course_utils", appauthor=False)) / "packages" / requirement.split()[0]
    if not list(kept.glob("*.whl")):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            (Path(folder) / "requirements.txt").write_text(requirement, encoding="utf-8")
            command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
            command += ["--retries", "1", "--dest", "wheel", "-r", "requirements.txt"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
            if done.returncode:
                raise OSError(f"pip cannot download {requirement.split()[0]}: {done.stderr.strip()[-200:]}")
            replace_folder(Path(folder) / "wheel", kept)
    return next(kept.glob("*.whl"))
