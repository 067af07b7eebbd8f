"""What cites and describes a version agrees with pyproject.toml: citation file, changes, README, the paper."""

import datetime
import json
import re
import sys

import yaml

from tests import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PAPER = ROOT / ".github" / "paper"


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_version_and_day_stand_everywhere_as_in_pyproject():
    version, day, changes = re.search(
        r"^## (\S+) – (\d{4}-\d\d-\d\d)\n(.+?)(?=^## |\Z)", read(".github/CHANGELOG.md"), re.MULTILINE | re.DOTALL
    ).groups()
    assert CITED["version"] == version == PROJECT["version"]
    assert CITED["date-released"] == day == str(datetime.date.fromisoformat(day))
    assert "- " in changes
    bibtex = re.search(r"@misc\{.*?^\}", read("README.md"), re.MULTILINE | re.DOTALL)[0]
    assert f"Version {PROJECT['version']}" in bibtex
    assert f"year   = {{{day[:4]}}}" in bibtex


def test_the_version_is_written_in_no_other_place():
    """Nobody would find it there: `course_utils.__version__` reads what was installed."""
    line = re.compile(rf"""__version__ *=|version["']? *[:=] *["']{re.escape(PROJECT["version"])}["']""")
    found = {
        path.name for path in (ROOT / "course_utils").rglob("*.py") if line.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_the_citation_names_the_course_and_its_licences():
    title = re.search(r"^# (.+)$", read("README.md"), re.MULTILINE)[1]
    assert CITED["title"] == title
    assert f"title  = {{{title}}}" in read("README.md")
    assert " AND ".join(CITED["license"]) == PROJECT["license"]
    assert {"cff-version", "message", "authors", "type", "abstract"} <= set(CITED)


def test_the_paper_has_what_the_journal_asks_for():
    _, head, text = read(".github/paper/paper.md").split("---\n", 2)
    about = yaml.safe_load(head)
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(about)
    assert {one["affiliation"] for one in about["authors"]} == {one["index"] for one in about["affiliations"]}
    sections = set(re.findall(r"^# (.+)$", text, re.MULTILINE))
    asked = {"Summary", "Statement of need", "Learning objectives", "Content and instructional design"}
    assert asked | {"Experience of use", "References"} <= sections
    entries = set(
        re.findall(r"^@\w+\{(\w+),", (PAPER / about["bibliography"]).read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"@(\w+)", text)) == entries
    assert 250 < len(text.split()) < 1750  # the journal's limits, with room for nothing


def test_the_accessibility_statement_names_tests_that_are_there():
    rows = re.findall(r"^\| (.+) \| (.+) \| `(.+)` \|$", read(".github/ACCESSIBILITY.md"), re.MULTILINE)
    assert len(rows) > 5
    for _, how, where in rows:
        text = read(f"tests/{where}")
        assert "def test" in text
        assert "axe-core" not in how or "violations(" in text, where
        assert "keyboard" not in how or re.search(r"\.press\(|keyboard", text), where


def test_the_container_makes_what_the_makefile_makes():
    container = json.loads(read(".devcontainer/devcontainer.json"))
    assert container["image"] == "python:3.11"
    assert container["postCreateCommand"].endswith("make setup")
    assert "\nsetup:" in read("Makefile")
