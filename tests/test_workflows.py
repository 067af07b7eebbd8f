"""The workflows for GitHub Actions: they keep to the README, call what exists, and may do no more than they must."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tests import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.y*ml"))
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+")
READS = {"contents: read", "pages: read"}
PUBLISHES = {("site.yml", "deploy", "pages: write"), ("site.yml", "deploy", "id-token: write")}

WORKFLOWS = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
JOBS = {(name, job): content for name, flow in WORKFLOWS.items() for job, content in flow["jobs"].items()}
STEPS = [(name, job, step) for (name, job), content in JOBS.items() for step in content["steps"]]
COMMANDS = [(name, job, step["run"]) for name, job, step in STEPS if "run" in step]
BASH = [command for name, job, command in COMMANDS if not JOBS[name, job]["runs-on"].startswith("windows")]


def readme():
    return (ROOT / "README.md").read_text(encoding="utf-8")


def commands(name, job):
    """Give what a job's steps run."""
    return [run for file, one, run in COMMANDS if (file, one) == (name, job)]


def triggers(flow):
    return flow[True]  # YAML takes `on` for a truth value


def test_linux_runs_the_readmes_test_command():
    (promised,) = re.findall(r"^\| `(make \w+)` \|.* runs every check", readme(), re.MULTILINE)
    assert promised in commands("test.yml", "linux")


def test_windows_runs_the_readmes_lines():
    (block,) = re.findall(r"^On Windows.*?\n```\n(.*?)\n```$", readme(), re.MULTILINE | re.DOTALL)
    promised = block.splitlines()
    said = [line for run in commands("test.yml", "windows") for line in run.splitlines()]
    # What waits for Ctrl-C is started beside the next command.
    assert [line.removeprefix('start "" /b ') for line in said][: len(promised)] == promised
    assert promised[-1] == r".venv\Scripts\python -m course_utils.lab"
    assert said[len(promised) - 1].startswith("start ")


def test_windows_runs_every_chapter():
    (line,) = (run for run in commands("test.yml", "windows") if "run_notebooks.py" in run)
    named = [word.replace("\\", "/") for word in line.split() if word.endswith(".ipynb")]
    assert named == sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))


def test_windows_has_the_python_that_py_is_asked_for():
    steps = JOBS["test.yml", "windows"]["steps"]
    (python,) = (step["with"]["python-version"] for step in steps if "setup-python" in step.get("uses", ""))
    assert {version for step in steps for version in re.findall(r"\bpy -(\S+)", step.get("run", ""))} == {python}


def test_every_action_is_pinned_with_its_version():
    lines = [line.strip() for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
    used = [line.partition("uses: ")[2] for line in lines if "uses: " in line]
    assert len(used) == sum("uses" in step for _, _, step in STEPS) > 0
    assert [line for line in used if not PINNED.fullmatch(line)] == []
    assert len({line.partition("@")[0] for line in used}) == len(set(used))  # one version of each


def test_nothing_is_allowed_that_is_not_needed():
    allowed = set()
    for (name, job), content in JOBS.items():
        rights = content.get("permissions", WORKFLOWS[name].get("permissions"))
        assert isinstance(rights, dict), f"{name}, {job}: without this the owner's defaults hold"
        allowed |= {(name, job, f"{right}: {kind}") for right, kind in rights.items()}
    assert {one for one in allowed if one[2] not in READS} == PUBLISHES
    checkouts = [step for _, _, step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert {json.dumps(step["with"]) for step in checkouts} == {'{"persist-credentials": false}'}


def test_no_secret_is_asked_for_and_no_code_of_strangers_gets_rights():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "secrets" not in text.replace("no secret and no setting", "")
        assert re.findall(r"pull_request_target|workflow_run", text) == []
    assert "pull_request" not in triggers(WORKFLOWS["site.yml"])
    # What others write, such as a branch's name, never becomes part of a command.
    assert [run for _, _, run in COMMANDS if "${{" in run] == []


def test_everything_ends_by_itself():
    assert {key: job["timeout-minutes"] for key, job in JOBS.items() if not 1 <= job["timeout-minutes"] <= 120} == {}
    assert WORKFLOWS["test.yml"]["concurrency"]["cancel-in-progress"] is True
    assert WORKFLOWS["site.yml"]["concurrency"] == {"group": "pages", "cancel-in-progress": False}


def test_a_site_is_published_from_the_default_branch_where_pages_is_on():
    asked, build, deploy = (JOBS["site.yml", name] for name in ("asked", "build", "deploy"))
    assert asked["if"] == "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    assert (build["needs"], build["if"]) == ("asked", "needs.asked.outputs.source == 'workflow'")
    assert deploy["needs"] == "build"
    (upload,) = (step for step in build["steps"] if "upload-pages-artifact" in step.get("uses", ""))
    assert upload["with"]["path"] == "dist/site"
    assert re.search(r"^site: .*dist/site", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


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


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("command", BASH)
def test_bash_understands_each_step(command):
    done = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


# What only Linux and its kin have goes away when all is loaded: Python's own modules know where to ask for it.
WITHOUT_LINUX = """
import importlib, os, pkgutil, signal, sys
sys.path.insert(0, sys.argv[1])

def load():
    import course_utils, run_notebooks
    for one in pkgutil.walk_packages(course_utils.__path__, "course_utils."):
        if one.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(one.name)
        except ModuleNotFoundError as error:
            if error.name != "torch":  # it may be left out
                raise
    return {name for name in sys.modules if name.split(".")[0] in ("course_utils", "run_notebooks")}

there = load()
assert len(there) > 80, there
for name in there:
    del sys.modules[name]
for name in ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for name in ("SIGALRM", "SIGKILL", "SIGHUP", "SIGUSR1", "setitimer", "alarm"):
    delattr(signal, name)
for name in ("fork", "geteuid", "getuid", "killpg", "setsid", "uname", "O_NOFOLLOW"):
    delattr(os, name)
assert load() == there
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows shows it by itself")
def test_everything_can_be_imported_where_linux_is_missing():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LINUX, str(ROOT / "tests" / "platforms")],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_actionlint_finds_nothing():
    # Not among the course's packages: the one for pip fetches a program from elsewhere while it installs.
    if (actionlint := shutil.which("actionlint")) is None:
        pytest.skip("actionlint is not on the path")
    asked = [actionlint, "-no-color", *map(str, FILES)]
    done = subprocess.run(asked, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
