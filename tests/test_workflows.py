"""The workflows for GitHub Actions: what they parse as, what their commands do, and that they may do no more."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
JOBS = {(name, job): content for name, flow in WORKFLOWS.items() for job, content in flow["jobs"].items()}
STEPS = [(job, step) for job, content in JOBS.items() for step in content["steps"]]
BASH = [step["run"] for job, step in STEPS if "run" in step and not JOBS[job]["runs-on"].startswith("windows")]
PUBLISHES = {
    ("site.yml", "deploy", "pages", "write"),
    ("site.yml", "deploy", "id-token", "write"),
    ("release.yml", "publish", "contents", "write"),  # a release belongs to the repository
}


def test_nothing_is_allowed_that_is_not_needed():
    allowed = {
        (*job, right, kind)
        for job, content in JOBS.items()
        for right, kind in content.get("permissions", WORKFLOWS[job[0]].get("permissions")).items()
    }
    assert {one for one in allowed if one[2:] not in (("contents", "read"), ("pages", "read"))} == PUBLISHES
    for job, step in STEPS:
        used = step.get("uses", "")
        assert not used or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", used), f"{job}: {used} could become another"
        assert not used.startswith("actions/checkout@") or step["with"] == {"persist-credentials": False}
        assert "${{" not in step.get("run", "")  # what others write, such as a branch's name
    triggers = {kind for flow in WORKFLOWS.values() for kind in flow[True]}  # YAML takes `on` for a truth value
    assert triggers <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert "pull_request" not in WORKFLOWS["site.yml"][True]
    assert set(WORKFLOWS["release.yml"][True]) == {"push"}
    assert set(WORKFLOWS["release.yml"][True]["push"]) == {"tags"}  # nothing else makes a release
    assert "secrets." not in json.dumps(WORKFLOWS)
    assert {job: one["timeout-minutes"] for job, one in JOBS.items() if not 1 <= one["timeout-minutes"] <= 120} == {}


GH = """\
#!/bin/sh
[ "$*" = "api repos/ada/course/pages --jq .build_type" ] && [ -n "$GH_TOKEN" ] || { echo "asked $*" >&2; exit 9; }
echo "$SAYS"; echo "$WHY" >&2; exit "$STATUS"
"""


@pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("status", "says", "why", "source", "told"),
    [
        (0, "workflow", "", "workflow", []),
        (0, "legacy", "", "legacy", ["::notice::"]),
        (1, json.dumps({"message": "Not Found"}), "gh: Not Found (HTTP 404)", "none", ["::notice::"]),
        (1, "", "gh: Forbidden (HTTP 403)", "unknown", ["::warning::", "::notice::"]),
    ],
    ids=["on", "from a branch", "off", "no answer"],
)
def test_without_pages_the_question_is_answered_and_green(status, says, why, source, told, tmp_path):
    (step,) = JOBS["site.yml", "asked"]["steps"]
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    said = {"SAYS": says, "WHY": why, "STATUS": str(status), "GH_TOKEN": "a token"}
    names = {"GITHUB_REPOSITORY": "ada/course", "GITHUB_OUTPUT": str(tmp_path / "output")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],  # as GitHub calls it
        cwd=tmp_path, env=said | names | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output").read_text(encoding="utf-8") == f"source={source}\n"
    assert re.findall(r"^::\w+::", done.stdout, re.MULTILINE) == told
    assert source != "unknown" or why in done.stdout


@pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("tag", "status"), [("v1.2.3", 0), ("v1.2.4", 1), ("1.2.3", 1)])
def test_a_tag_that_is_not_the_version_makes_no_release(tag, status, tmp_path):
    (step,) = (one for one in JOBS["release.yml", "build"]["steps"] if "TAG" in one.get("run", ""))
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 1.2.3\n", encoding="utf-8")
    python.chmod(0o755)
    asked = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        asked, cwd=tmp_path, env={"TAG": tag, "PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (status, "")
    assert ("::error::" in done.stdout) == bool(status)


@pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("says", ["https://ada.github.io/course/", ""])
def test_the_published_site_is_told_its_address(says, tmp_path):
    """If it cannot be found out the site is made all the same."""
    (step,) = (one for one in JOBS["site.yml", "build"]["steps"] if "ADDRESS" in one.get("run", ""))
    for name, text in {
        "gh": f'#!/bin/sh\n[ "$*" = "api repos/ada/course/pages --jq .html_url" ] && [ "{says}" ] && echo "{says}"\n',
        "make": '#!/bin/sh\necho "make $*"\n',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        env={"GITHUB_REPOSITORY": "ada/course", "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout == f"make site TORCH=no ADDRESS={says}\n"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("command", BASH)
def test_bash_understands_each_step(command):
    done = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_actionlint_finds_nothing():
    # Not among the course's packages: the one for pip fetches a program from elsewhere while it installs.
    if (actionlint := shutil.which("actionlint")) is None:
        pytest.skip("actionlint is not on the path")
    asked = [actionlint, "-no-color", *map(str, FILES)]
    done = subprocess.run(asked, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
