"""Live figures on pages without a kernel: the site from a host and from a folder, moved by keys, mouse and buttons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course_utils.live import atlas as kept
from course_utils.live.atlas import Atlas, states_of
from tests.browser.front_ends import FigureOnPage
from tests.browser.pages import SCREENS, brightness, opened, violations

PAGES = {"index": 1, "00_start_here": 1, "01_dropout_theory": 2, "02_numpy_dropout": 4, "03_l2_cost_and_backprop": 3,
         "04_pytorch_dropout": 2, "05_bug_clinic": 1, "06_regularization_today": 4}  # fmt: skip
# Presses every key and button that moves a figure; returns the settings that were shown, and what was said of them.
EVERYTHING = """figure => {
    const seen = [], words = figure.querySelector("[aria-live]");
    const note = () => seen.push([figure.dataset.shown, words.textContent]);
    for (const slider of figure.querySelectorAll("input[type=range]:enabled")) {
        for (const end of [slider.min, slider.max, (Number(slider.min) + Number(slider.max)) / 2]) {
            slider.value = end;
            slider.dispatchEvent(new Event("input"));
            note();
        }
    }
    for (const button of figure.querySelectorAll(".course-choice button, .course-preset, .course-buttons button")) {
        if (button.disabled || button.textContent === "PNG") continue;
        button.click();
        note();
    }
    return seen;
}"""


def figure_of(page: Page, index: int = 0) -> FigureOnPage:
    """Return a figure once it plays."""
    found = FigureOnPage(page, index)
    expect(found.body).to_have_attribute("data-shown", re.compile("."))
    return found


def words_of(name: str) -> dict[str, str]:
    """Return what an atlas says of its states, by what a page calls them."""
    head = Atlas.unpacked((kept.FOLDER / f"{name}.atlas").read_bytes()).head

    def text(value: object) -> str:
        return f"{value:g}" if isinstance(value, float) else str(value)

    states = ["|".join(map(text, state.values())) for state in states_of(head["lines"])]
    return dict(zip(states, head["words"], strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_plays_and_shows_states_of_its_atlas(browser: Browser, site: Path, name: str) -> None:
    with opened(browser, (site / f"{name}.html").as_uri()) as page:
        places = page.locator("[data-atlas]")
        assert places.count() == PAGES[name]
        for index in range(PAGES[name]):
            figure = figure_of(page, index)
            before = figure.picture()
            seen, words = (
                dict(figure.body.evaluate(EVERYTHING)),
                words_of(places.nth(index).get_attribute("data-atlas")),
            )
            assert seen == {state: words[state] for state in seen}
            assert len(seen) > 5
            figure.press_button("reset")
            assert figure.picture() == before or figure.body.locator("figure").count()  # one was pinned


@pytest.mark.parametrize("screen", SCREENS)
def test_the_playground_is_in_the_first_screen_and_follows_keys_and_mouse(browser, address, screen):
    with opened(browser, f"{address}/index.html", screen) as page:
        figure = page.locator(".course-figure").first
        expect(figure).to_have_attribute("data-shown", "1|0|64|0.15|0")
        height = SCREENS[screen]["height"]
        slider, canvas = page.locator("input[type=range]").first, page.locator(".course-panel canvas").first
        assert slider.bounding_box()["y"] < height - 100
        box = canvas.bounding_box()
        assert box["y"] + 0.5 * box["height"] < height
        found = FigureOnPage(page)
        page.evaluate("scrollTo(0, 0)")
        before = found.picture()
        slider.focus()
        page.keyboard.press("ArrowLeft")
        expect(figure).to_have_attribute("data-shown", "0.95|0|64|0.15|0")
        assert found.picture() != before
        found.slider("λ").drag(0, 0.5)
        expect(figure).to_have_attribute("data-shown", re.compile(r"^0\.95\|2\.\d\|64"))
        assert "test" in found.words()


@pytest.mark.parametrize("panel", [0, 1])
def test_the_star_is_dragged_in_either_picture_and_only_where_it_is(browser, address, panel):
    with opened(browser, f"{address}/figures/penalty_corner.html", "phone") as page:
        figure = figure_of(page)
        canvas = figure.body.locator(".course-panel canvas").nth(panel)

        def place(w1: float, w2: float) -> tuple[float, float]:
            """Return where weights are on the page, by where the figure says that its axes are."""
            said = page.evaluate("document.querySelector('.course-figure').figure.told")
            axes, size, box = said["dragged"]["axes"][panel][0], said["panels"][panel], canvas.bounding_box()
            (x0, x1), (y0, y1), scale = axes["x"], axes["y"], box["width"] / size["width"]
            x = axes["left"] + axes["width"] * (w1 - x0) / (x1 - x0)
            y = axes["top"] + axes["height"] * (y1 - w2) / (y1 - y0)
            return box["x"] + scale * x, box["y"] + scale * y

        def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
            canvas.scroll_into_view_if_needed()
            page.mouse.move(*place(*start))
            page.mouse.down()
            page.mouse.move(*place(*end), steps=12)
            page.mouse.up()

        drag((-1.5, -1.5), (0, 0))  # there is no star
        assert figure.shown() == "1.25|1|1"
        drag((1.25, 1), (-0.6, 0.3))
        expect(figure.body).to_have_attribute("data-shown", "-0.5|0.25|1")
        assert (figure.slider("star, w₁").value(), figure.slider("star, w₂").value()) == (-0.5, 0.25)
        page.mouse.move(*place(1, 1))  # it was let go
        assert figure.shown() == "-0.5|0.25|1"
        drag((-0.5, 0.25), (9, -9))
        assert figure.shown() == "2|-2|1"
        figure.press_button("reset")
        figure.slider("budget").type("0.5")
        drag((1.25, 1), (0, 0))  # such states were not computed
        assert figure.shown() == "1.25|1|0.5"
        assert figure.status() == "this moves where Python runs"
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS["phone"]["width"]


def test_many_numbers_are_a_slider(browser, address):
    with opened(browser, f"{address}/figures/double_descent.html") as page:
        figure = figure_of(page)
        for label, index, said in (("units", 5, "60"), ("λ", 0, "0")):
            slider = figure.slider(label)
            slider.handle.fill(str(index))
            assert (slider.said(), slider.handle.get_attribute("aria-valuetext")) == (said, said)
        expect(figure.body).to_have_attribute("data-shown", "60|0")
        figure.slider("units").handle.press("ArrowRight")
        expect(figure.body).to_have_attribute("data-shown", "70|0")


def test_what_was_not_computed_leads_to_what_is_nearest_and_says_so(browser, address):
    with opened(browser, f"{address}/00_start_here.html") as page:
        figure = figure_of(page)
        figure.slider("keep_prob").type("0.33")
        expect(figure.body).to_have_attribute("data-shown", "0.35|0")
        assert figure.status() == "keep_prob 0.35 is the nearest that was computed beforehand"
        assert figure.slider("keep_prob").value() == 0.35
        figure.slider("keep_prob").type("2")
        assert figure.status() == "keep_prob must be a number from 0.05 to 1, got '2'"
        figure.press_button("learns by heart")
        for masks in (1, 2, 3, 4, 0):
            figure.press_button("new masks")
            expect(figure.body).to_have_attribute("data-shown", f"1|{masks}")
            assert figure.status() == "other masks, same picture: nothing is dropped"


def test_a_link_from_the_room_opens_a_figure_at_its_settings(browser, address):
    page_of = f"{address}/figures/playground.html"
    with opened(browser, f"{page_of}#keep_prob=0.5&lambd=0.3&hidden=64&flipped=0.15&masks=0", "phone") as page:
        figure = figure_of(page)
        expect(figure.body).to_have_attribute("data-shown", "0.5|0.3|64|0.15|0")
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS["phone"]["width"]
        page.goto(f"{page_of}#keep_prob=0.8&hidden=64")  # another link in the same window
        expect(figure.body).to_have_attribute("data-shown", "0.8|0.3|64|0.15|0")
        page.goto(f"{page_of}#keep_prob=0.52&lambd=0&hidden=60")  # which was not computed beforehand
        expect(figure.body).to_have_attribute("data-shown", "0.5|0|64|0.15|0")
        assert figure.status() == "keep_prob 0.5 is the nearest that was computed beforehand"
        page.goto(f"{page_of}#keep_prob=7&lambd=1")
        assert figure.status() == "keep_prob must be a number from 0.05 to 1, got '7'"
        page.goto(f"{page_of}#<script>&bug=A4")  # of another figure
        expect(figure.slider("keep_prob").handle).to_be_enabled()


def test_what_only_python_can_move_rests_and_says_why(browser, address):
    with opened(browser, f"{address}/index.html") as page:
        figure = figure_of(page)
        expect(figure.slider("hidden units").handle).to_be_enabled()
        figure.slider("keep_prob").type("0.35")
        expect(figure.slider("hidden units").handle).to_be_disabled()
        row = figure.body.locator(".course-control", has_text="hidden units")
        expect(row).to_have_attribute("title", "this moves where Python runs")
        figure.press_button("clean labels")
        expect(figure.body).to_have_attribute("data-shown", "1|0|64|0|0")
        assert re.fullmatch(r"\d{4} states, computed beforehand", figure.body.locator(".course-source").inner_text())


def test_a_preset_is_reached_from_everywhere(browser, address):
    with opened(browser, f"{address}/05_bug_clinic.html") as page:
        figure = figure_of(page)
        for label in ("A5", "0.1", "100"):
            figure.press_button(label)
        expect(figure.body).to_have_attribute("data-shown", "A5|0.1|100|0.7|0")
        expect(figure.slider("keep_prob").handle).to_be_disabled()
        figure.press_button("nothing dropped")
        expect(figure.body).to_have_attribute("data-shown", "both|0.01|10|1|0")
        assert figure.status() == ""


def test_a_picture_is_pinned_and_saved_and_its_code_shown(browser, address, tmp_path):
    with opened(browser, f"{address}/03_l2_cost_and_backprop.html") as page:
        figure = figure_of(page)
        panels = len(figure.picture())
        figure.press_button("pin")
        figure.slider("λ").type("3")
        assert len(figure.picture()) == 2 * panels
        assert figure.body.locator("figcaption").inner_text().startswith("A: λ 0, penalty L2.")
        figure.press_button("show the code")
        assert "penalized_bowl(lambd=3.0, penalty='L2')" in figure.code()
        with page.expect_download() as download:
            figure.press_button("PNG")
        download.value.save_as(tmp_path / "figure.png")
        assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_it_turns_dark_with_the_page(browser, address):
    with opened(browser, f"{address}/00_start_here.html", color_scheme="dark") as page:
        figure, pixel = figure_of(page), "one => one.getContext('2d').getImageData(2, 2, 1, 1).data[0]"
        dark, light = figure.body.locator("canvas").all()  # Chromium complains of two readings of one
        assert brightness(page) < 60
        page.wait_for_timeout(200)
        assert dark.evaluate(pixel) < 60
        page.locator("#theme").click()
        page.wait_for_timeout(200)
        assert light.evaluate(pixel) > 200


def test_without_scripts_or_without_its_atlas_a_picture_stands_there(browser, address, site):
    with opened(browser, f"{address}/00_start_here.html", java_script_enabled=False) as page:
        expect(page.locator("[data-atlas] img")).to_be_visible()
        assert len(page.locator("[data-atlas] img").get_attribute("alt")) > 40
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/atlases/*.js", lambda route: route.abort())
        page.goto(f"{address}/00_start_here.html")
        page.locator("[data-atlas]").scroll_into_view_if_needed()
        expect(page.locator("[data-atlas] img")).to_be_visible()
        expect(page.locator(".course-figure")).to_have_count(0)


HEAVIEST = {"keep_prob_trainer": 150_000, "playground": 1_300_000}  # bytes of a figure's own page


@pytest.mark.parametrize("name", [*HEAVIEST, "bug_clinic"])
def test_a_figure_has_a_page_of_its_own_that_needs_no_other_file(browser, address, site, tmp_path, name):
    alone = tmp_path / "alone.html"
    alone.write_bytes((site / "figures" / f"{name}.html").read_bytes())
    assert alone.stat().st_size <= HEAVIEST.get(name, 1_300_000)
    with opened(browser, alone.as_uri(), "phone", color_scheme="dark") as page:
        figure = figure_of(page)
        before = figure.picture()
        figure.body.locator(".course-preset").last.click()
        assert figure.picture() != before
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS["phone"]["width"]
        assert figure.body.locator("canvas").first.bounding_box()["y"] < SCREENS["phone"]["height"] - 200
        assert violations(page) == []
    with opened(browser, f"{address}/figures/{name}.html", ours=address) as page:
        page.locator("figcaption a").click()
        expect(page.locator(f"figure.live[id^=figure-] [data-atlas={name}]").first).to_be_in_viewport()


def test_run_it_here_leads_to_the_cell_of_the_figure(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html") as page:
        links = page.get_by_role("link", name="run it here", exact=True).evaluate_all("all => all.map(one => one.href)")
        assert len(links) == PAGES["02_numpy_dropout"]
        keys = ["layers-live", "live-trainer", "sine-live", "playground"]
        assert [link.rsplit("=", 1)[1] for link in links] == keys
        assert all("lite/lab/index.html?path=02_numpy_dropout.ipynb&cell=" in link for link in links)
