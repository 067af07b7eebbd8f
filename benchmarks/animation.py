"""Make the animation that opens the README: a live figure of the website, its sliders drawn by a pointer.

Usage: ``python benchmarks/animation.py``, with Chromium installed. It writes one for light pages and one for dark ones.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # the tests' Chromium serves here too

TARGETS = {scheme: ROOT / ".github" / "images" / f"playground-{scheme}.webp" for scheme in ("light", "dark")}
# A slider by its place, and the places along it through which the pointer draws it, from 0 to 1.
KEEP_PROB, LAMBDA = 0, 1
DOWN, UP = [1 - k / 19 for k in range(12)], [k / 50 for k in range(21)]
MOVES = [(KEEP_PROB, DOWN), (KEEP_PROB, DOWN[::-1]), (LAMBDA, UP), (LAMBDA, UP[::-2])]
STEP, REST = 170, 1500  # milliseconds that a picture is shown
PAGE = {"width": 1060, "height": 900}
HIDDEN = "figcaption, .course-source { display: none; }"
WIDTH, QUALITY = 900, 72
ARROW = (
    '<svg viewBox="0 0 22 22"><path d="M3 1v17l4.5-4.2 2.8 6.6 3-1.3-2.8-6.4H17z" fill="#fff" stroke="#000"'
    ' stroke-width="1.4"/></svg>'
)
POINTER = """arrow => {
    const shown = document.createElement("div");
    shown.style = "position:fixed;z-index:99;pointer-events:none;width:22px;height:22px;left:-99px";
    shown.innerHTML = arrow;
    document.body.append(shown);
    addEventListener("pointermove", ({ clientX, clientY }) => {
        shown.style.left = `${clientX}px`;
        shown.style.top = `${clientY}px`;
    }, true);
}"""


def frames(browser: Browser, address: str, scheme: str) -> tuple[list[Image.Image], list[int]]:
    """Return pictures of the figure while its sliders are drawn, and how long each is shown."""
    page = browser.new_page(viewport=PAGE, color_scheme=scheme, device_scale_factor=1)
    page.goto(address)
    page.wait_for_selector("[data-shown]")
    page.add_style_tag(content=HIDDEN)
    page.evaluate(POINTER, ARROW)
    pictures, times = [picture(page)], [REST]
    for place, values in MOVES:
        slider = page.locator(".course-figure input[type=range]").nth(place)
        for value in values:
            box = slider.bounding_box()
            x = box["x"] + 12 + (box["width"] - 24) * value
            page.mouse.move(x, box["y"] + box["height"] / 2)
            if value == values[0]:
                page.mouse.down()
            page.wait_for_timeout(80)
            found = picture(page)
            if found.tobytes() == pictures[-1].tobytes():
                continue
            pictures.append(found)
            times.append(STEP)
        page.mouse.up()
        times[-1] = REST
    page.close()
    return pictures, times


def picture(page: Page) -> Image.Image:
    """Return the figure as it stands."""
    data = page.locator("figure.live").screenshot(animations="disabled")
    taken = Image.open(BytesIO(data)).convert("RGB")
    return taken.resize((WIDTH, round(WIDTH * taken.height / taken.width)), Image.Resampling.LANCZOS)


def main() -> None:
    """Write each animation beside the old one, then put it in its place."""
    from course_utils.workshop.site.pages import write_pages
    from tests.browser.front_ends import launch
    from tests.browser.pages import CHAPTERS

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_pages([one for one in CHAPTERS if one.number == "02"], Path(folder), lite=False)
        browser = launch(playwright)
        for scheme, target in TARGETS.items():
            (first, *rest), times = frames(browser, (Path(folder) / "figures" / "playground.html").as_uri(), scheme)
            target.parent.mkdir(exist_ok=True)
            beside = target.with_suffix(".part")
            first.save(
                beside, "WEBP", save_all=True, append_images=rest, duration=times, loop=0, quality=QUALITY, method=6
            )
            beside.replace(target)
            size = target.stat().st_size
            print(f"{target.relative_to(ROOT)}: {len(times)} pictures, {sum(times) / 1000:.0f} s, {size / 1e6:.2f} MB")
        browser.close()


if __name__ == "__main__":
    main()
