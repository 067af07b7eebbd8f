"""Nothing that a student wrote runs where readers see it: nbgrader's form grader, opened in Chromium, and feedback."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

pytest.importorskip("nbgrader", reason="nbgrader is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from course_utils.workshop.authoring.chapters import ChapterError  # noqa: E402
from course_utils.workshop.authoring.notebook import encode_notebook, read_notebook  # noqa: E402
from course_utils.workshop.homework.assignment import EMPTY, marks  # noqa: E402
from course_utils.workshop.homework.feedback import page as feedback_page  # noqa: E402
from course_utils.workshop.homework.gradebook import into_gradebook, readings  # noqa: E402
from course_utils.workshop.homework.grading import Graded, Mark  # noqa: E402
from course_utils.workshop.homework.harmless import harmless_html  # noqa: E402
from course_utils.workshop.homework.making import make_homework  # noqa: E402
from course_utils.workshop.homework.submission import Piece, merged  # noqa: E402
from tests.browser.front_ends import chromium, free_port, launch, wait_for_answer  # noqa: E402 - where playwright is

from .payloads import ATTACKS, DOT, IMG, READ  # noqa: E402
from .submissions import ASSIGNMENT, CHAPTER, FILE, NAME  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning", "default:.*:sqlalchemy.exc.SAWarning"),
    pytest.mark.editions,
]
TEXTS = {f"attack-{number}": text.replace("NAME", str(number)) for number, text in enumerate(ATTACKS.values())}
TEXTS |= {f"read-{number}": text for number, text in enumerate(READ)}
STUDENT = "Zoë O'Brien & Söhne"
UNFIT = [IMG.replace("/", "%2f").replace("NAME", "name"), os.fsdecode(b"J\xf6rg"), "two\nlines", 'a"b', "c\\d"]


def submission(ours, texts):
    """Return a submission with these texts, and with code whose outputs are HTML."""
    pictures = {"dot.png": {"image/png": DOT}}
    notebook = merged(ours, [Piece(key, False, text, pictures=pictures) for key, text in texts.items()])
    own = new_code_cell(f"%%html\n{IMG}</script>", id="own-1")
    own.outputs = [
        new_output("stream", name="stdout", text=f"\x1b[31m{IMG}\x1b[0m{IMG}"),
        new_output("error", ename=IMG, evalue=IMG, traceback=[f"{IMG}: \x1b[1m{IMG}"]),
    ]
    notebook.cells.append(own)
    return notebook


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a course in which all payloads were handed in by one student, and others have names that do not fit."""
    home = tmp_path_factory.mktemp("formgrader")
    course = home / "homework"
    source = make_homework(CHAPTER, course).source
    ours = read_notebook(source)
    ours.cells = [
        new_markdown_cell(EMPTY, id=key, metadata=marks(key, grade=True, solution=True, points=1)) for key in TEXTS
    ]
    source.write_bytes(encode_notebook(ours))
    results = course / "results" / ASSIGNMENT
    results.mkdir(parents=True)
    marked = [Mark(key, 1, None, words=text) for key, text in TEXTS.items()]
    graded = [Graded(name, "", marked) for name in [*UNFIT, STUDENT]]
    (results / f"{STUDENT}.ipynb").write_bytes(encode_notebook(submission(ours, TEXTS)))
    for one in graded:
        (course / "submitted" / one.student / ASSIGNMENT).mkdir(parents=True)
    evil = course / "submitted" / "eve" / ASSIGNMENT / "evil.html"
    evil.parent.mkdir(parents=True)
    evil.write_text("<script>fetch('/ran?' + location)</script>")
    with pytest.raises(ChapterError) as refused:
        into_gradebook(graded, source, results)
    return SimpleNamespace(home=home, course=course, source=source, results=results, ours=ours, graded=graded[-1],
                           refused=str(refused.value))  # fmt: skip


@pytest.fixture(scope="module")
def server(desk):
    """Serve the form grader alone, as README says."""
    port, log = free_port(), desk.home / "log"
    own = {f"JUPYTER_{name}_DIR": str(desk.home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    words = [
        "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True", f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--no-browser", "--allow-root",
        f"--Exchange.root={desk.home}",
    ]  # fmt: skip
    variables = os.environ | own | {"JUPYTER_NO_CONFIG": "1"}  # without JupyterLab and others, which take seconds
    variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with log.open("w") as sink:
        command = [sys.executable, "-m", "jupyter_server", *words]
        process = subprocess.Popen(command, cwd=desk.course, env=variables, stdout=sink, stderr=sink)
    try:
        wait_for_answer(f"http://127.0.0.1:{port}/api/status", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()  # it has no kernels to end
        process.wait()


class Opened:
    """A page of the form grader, and what ran or was asked for in it."""

    def __init__(self, browser, server):
        self.server, self.ran = server, []
        self.context = browser.new_context()
        self.context.route(re.compile(rf"^(?!{server}/|data:|about:|file:)"), lambda route: route.abort())
        self.context.on("request", self.note)
        self.page = self.context.new_page()
        self.page.on("dialog", self.dismiss)

    def note(self, request):
        """Note what an attack asks for; MathJax and nbgrader's own files are none."""
        if "/ran" in request.url or "evil.html" in request.url or "outside.example" in request.url:
            self.ran.append(request.url)

    def dismiss(self, dialog):
        """Note a dialog."""
        self.ran.append(dialog.message)
        dialog.dismiss()

    def visit(self, path):
        """Open a page, touch all that can be touched, and return what ran."""
        self.page.goto(path if ":" in path else self.server + path, wait_until="load")
        self.page.evaluate("""() => {
            for (const one of document.querySelectorAll("#notebook-container, #main-table, body > section"))
                for (const element of one.querySelectorAll(
                        ".rendered_html *, .input_area *, .output_wrapper *, .output_area *, td, section *")) {
                    for (const kind of ["mouseover", "focus", "click"])
                        element.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
                    if (element.href && element.closest(".rendered_html")) open(element.href);
                }
        }""")
        self.page.wait_for_function("() => document.readyState === 'complete'")
        return self.ran


@pytest.fixture(scope="module")
def opened(server, desk):
    """Open the page where readers grade."""
    if chromium() is None:
        reason = "no Chromium on this machine: install it (on Debian: apt install chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with sync_api.sync_playwright() as playwright:
        browser = launch(playwright)
        one = Opened(browser, server)
        one.page.goto(f"{server}/formgrader/gradebook/{ASSIGNMENT}/{Path(FILE).stem}")
        one.page.locator("td.name a").first.wait_for(state="attached")
        one.path = one.page.locator("td.name a").first.get_attribute("href")
        yield one
        browser.close()


def named(urls):
    """Return which attacks asked for these addresses."""
    numbers = {int(found[1]) for url in urls if (found := re.search(r"(?:ran\?|example/|html\?)(\d+)", url))}
    return sorted(list(ATTACKS)[number] for number in numbers) + [url for url in urls if not re.search(r"\d", url[20:])]


def test_nothing_runs_in_the_form_grader(opened):
    assert named(opened.visit(opened.path)) == []
    assert opened.page.locator(".rendered_html").count() == len(TEXTS)  # no page of an error
    html = opened.page.content()
    assert "\\href" not in html
    assert not opened.page.locator(".rendered_html :is(a, script, style, svg, math, iframe, form, [id])").count()


def test_texts_read_right_in_the_form_grader(opened):
    opened.page.goto(opened.server + opened.path)
    shown = opened.page.locator(".rendered_html").all()[len(ATTACKS) :]
    texts = [re.sub(r"\n{2,}(?! )", "\n", one.inner_text()).strip() for one in shown]
    assert texts == [re.sub(r"\n{2,}(?! )", "\n", text) for text in READ.values()]
    pictures = opened.page.locator(".rendered_html img").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert pictures == [3, 3]


def test_names_and_lists_of_the_form_grader_run_nothing(opened, desk):
    for path in (
        f"/formgrader/manage_submissions/{ASSIGNMENT}", "/formgrader/manage_students",
        f"/formgrader/gradebook/{ASSIGNMENT}/{Path(FILE).stem}",
    ):  # fmt: skip
        opened.page.goto(opened.server + path)
        opened.page.get_by_text("Brien").first.wait_for(state="attached")
        assert opened.visit(path) == []
    for name in ("name", "two\\nlines", 'a"b', "J\\udcf6rg", "c\\d"):
        assert name in desk.refused


def test_nothing_runs_in_feedback(opened, desk):
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root, config.Exchange.root = str(desk.course), str(desk.home)
    made = NbGraderAPI(CourseDirectory(config=config), config=config).generate_feedback(ASSIGNMENT, STUDENT)
    assert made["success"], made
    theirs = desk.course / "feedback" / STUDENT / ASSIGNMENT / FILE.replace("ipynb", "html")
    assert theirs.read_text().count("rendered_html") >= len(TEXTS)
    ours = desk.home / "ours.html"
    ours.write_text(feedback_page(desk.graded, dict.fromkeys(TEXTS, IMG), {}))
    for path in (theirs, ours):
        assert opened.visit(path.as_uri()) == []


@pytest.mark.parametrize("text", [*TEXTS.values()], ids=[*ATTACKS, *map(str, range(len(READ)))])
def test_rendered_again_a_text_stays_what_it_is(text):
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    html = harmless_html(text, {"dot.png": {"image/png": DOT}})
    assert markdown2html_mistune(html).rstrip("\n") == html
    assert "\n" not in html


def test_marks_of_readers_outlive_the_cleaning_of_an_old_course(desk):
    from nbgrader.api import Gradebook

    old = desk.course / "autograded" / STUDENT / NAME
    cleaned, raw = old.read_bytes(), (desk.results / f"{STUDENT}.ipynb").read_bytes()
    assert unescape(raw.decode()) != unescape(cleaned.decode())
    with Gradebook(f"sqlite:///{desk.course}/gradebook.db") as book:
        for key in ("read-0", "attack-0"):
            grade = book.find_grade(key, Path(FILE).stem, ASSIGNMENT, STUDENT)
            grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    old.write_bytes(raw)  # as it was before texts were cleaned
    into_gradebook([desk.graded], desk.source, desk.results)
    assert old.read_bytes() == cleaned
    assert {key for key, one in readings(desk.source)[STUDENT].items() if one.score} == {"read-0", "attack-0"}
    changed = submission(desk.ours, TEXTS | {"attack-0": "another"})
    (desk.results / f"{STUDENT}.ipynb").write_bytes(encode_notebook(changed))
    into_gradebook([desk.graded], desk.source, desk.results)
    assert {key for key, one in readings(desk.source)[STUDENT].items() if one.score} == {"read-0"}
    assert nbformat.read(old, 4).cells[0].source == "<div><p>another</p>&#10;</div>"
