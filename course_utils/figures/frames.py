"""A scene's panels as frames: what stays is recorded once, what changes for every result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from matplotlib.artist import Artist
from matplotlib.image import AxesImage

from course_utils.figures.recorder import ChunkStore, Recorder
from course_utils.figures.style import SHADES, CourseFigure

__all__ = ["Frames", "Scene"]

DPI = 100
ROLES = {light.lower(): role for role, (light, _) in enumerate(SHADES.values())}
ROLES["#000000"] = ROLES[SHADES["ink"][0].lower()]  # what matplotlib writes with


class Scene(Protocol):
    """A figure that can show a result and then another."""

    figure: CourseFigure

    @property
    def changing(self) -> Sequence[Artist]:
        """Artists that an update changes, in painting order; limits of axes must stay."""

    @property
    def words(self) -> str:
        """What the numbers in the figure say, as text."""

    def update(self, result: Any) -> None:
        """Show ``result``."""


class Frames:
    """Records a scene, each of its panels by itself; the words of a headline above them are left to the page."""

    def __init__(self, scene: Scene) -> None:
        self.figure = scene.figure
        for artist in scene.changing:
            artist.set_animated(True)
        self.figure.set_dpi(DPI)
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")  # the layout of the first drawing holds from now on
        self.panels: list[Any] = list(self.figure.subfigs) or [self.figure]
        headline = getattr(scene, "headline", ())
        shown = [artist for artist in scene.changing if artist not in headline]
        self.changing = [[one for one in shown if one.axes in panel.axes] for panel in self.panels]
        self.era = 0
        self.renew()

    def renew(self) -> None:
        """Begin a new era: chunks are counted from 0 again, and all frames before are void."""
        self.era += 1
        self.store = ChunkStore()
        self.recorders = [Recorder(panel.bbox.frozen(), DPI, ROLES, self.store) for panel in self.panels]
        pairs = zip(self.recorders, self.panels, strict=True)
        images = [one for part in self.changing for one in part if isinstance(one, AxesImage) and one.get_visible()]
        for image in images:
            image.set_visible(False)  # matplotlib before 3.11 draws those that are animated, too
        self.plates = [recorder.record([panel]) for recorder, panel in pairs]
        for image in images:
            image.set_visible(True)

    @property
    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each panel in pixels."""
        return [(recorder.width, recorder.height) for recorder in self.recorders]

    def record(self) -> list[list[int]]:
        """Return the frame of each panel as the scene is now."""
        pairs = zip(self.recorders, self.changing, strict=True)
        return [recorder.record(artists) for recorder, artists in pairs]
