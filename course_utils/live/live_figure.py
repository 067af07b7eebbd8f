"""The engine of every live figure: settings to result, result to frame, frame to the reader's browser.

Computing is apart from drawing: ``compute`` is a pure function, so its results can be kept, and so can the frames that
are recorded of them. A front end asks, this answers; what is asked when is decided there.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from course_utils.figures.frames import Frames, Scene
from course_utils.figures.style import SHADES
from course_utils.live.atlas import Lines, find_atlas, key_of, lines_of
from course_utils.live.plain import PlainWidget
from course_utils.live.quantities import Quantity, Redraw, arguments_of
from course_utils.texts import sentence

try:
    from course_utils.live.widget import FigureWidget
except ImportError:  # anywidget is not there
    FigureWidget = PlainWidget  # type: ignore[misc]  # one of two widgets under one name

__all__ = ["LiveFigure", "written"]

SLOW = 0.25  # seconds: where computing takes longer, a quick look comes first
QUICK = 0.06  # seconds: where it takes less, a neighbour may be computed before it is asked for
LARGE, LARGEST = 300_000, 4_000_000  # bytes of chunks that a new reader may be sent at once, and that are kept
MOST = 2000  # frames that are kept

Message = tuple[dict[str, Any], list[bytes]]


class LiveFigure:
    """A picture with controls; the last settings win, and an error leaves the last good picture in place.

    Parameters
    ----------
    compute : function of arguments as keywords
        Pure: equal arguments give equal results.
    draw : function of the first result
        Makes the scene.
    quantities : sequence of Range, Choice or Redraw
        One control for each, in this order; they say which arguments settings become.
    fixed : mapping, optional
        Arguments that nothing changes.
    presets : mapping of name to settings, optional
        A button for each, which shows a known effect; what it says stands in the course's texts, else it is the name.
    code : str, optional
        Python that draws the same picture as a plain figure, ``{given}`` standing for the arguments.
    preview : mapping, optional
        Arguments that give a result of the same kind for less work. Where ``compute`` is slow, as in a browser, it is
        shown while the settings move; the full result follows at rest.
    exact : mapping, optional
        Arguments that give the same result on every machine; the states of an atlas are computed with them.
    atlas : str, optional
        Name of the atlas; without one there is none.
    telling : sequence of sequences of str
        Settings whose combinations the atlas holds while all others stay; one sequence after the other.
    dragged : two names of settings, optional
        The place of a mark, x and y, that readers may drag in all axes of the picture.
    remembered : int
        How many results are kept.
    ahead : bool
        Whether a neighbour may be computed before it is asked for, where that is quick.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run. Where anywidget
        is not installed there is nothing else.
    """

    def __init__(
        self,
        compute: Callable[..., Any],
        draw: Callable[[Any], Scene],
        quantities: Sequence[Quantity],
        fixed: Mapping[str, Any] | None = None,
        presets: Mapping[str, Mapping[str, Any]] | None = None,
        code: str = "",
        preview: Mapping[str, Any] | None = None,
        exact: Mapping[str, Any] | None = None,
        atlas: str = "",
        telling: Sequence[Sequence[str]] = (),
        dragged: Sequence[str] = (),
        remembered: int = 64,
        ahead: bool = True,
        plain: bool = False,
    ) -> None:
        self.compute, self.preview, self.fixed, self.snippet = compute, preview, dict(fixed or {}), code
        self.exact, self.name, self.telling, self.dragged = dict(exact or {}), atlas, telling, list(dragged)
        self.quantities = {quantity.name: quantity for quantity in quantities}
        self.first = {quantity.name: quantity.parse(str(quantity.start)) for quantity in quantities}
        self.settings: dict[str, Any] = dict(self.first)
        self.presets, self.remembered, self.ahead, self.seconds = dict(presets or {}), remembered, ahead, 0.0
        self.results: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
        # JupyterLab sends what widgets say over a thread of its own, and cells run beside it.
        self.one_at_a_time = threading.RLock()
        kind = PlainWidget if plain else FigureWidget
        found = find_atlas(atlas) if atlas and kind is not PlainWidget else None  # which has frames, and no PNG
        self.atlas = found if found and found.head["fixed"] == written(self.fixed) else None
        self.scene = draw(self.result(self.settings))
        self.frames = Frames(self.scene)
        if self.atlas and not self.atlas.fits(self.frames):
            self.atlas = None
            self.results.clear()  # the first is as exact as the atlas, what follows will not be
            self.scene = draw(self.result(self.settings))
            self.frames = Frames(self.scene)
        self.recorded: dict[tuple[Hashable, ...], dict[str, Any]] = {}
        self.adopted: dict[int, int] = {}  # numbers of the atlas's chunks among those of this era
        self.told = 0  # chunks of this era that were sent to anyone
        self.widget = kind(self)

    def arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is computed from."""
        exact = self.exact if self.atlas and key_of(settings) in self.atlas.places else {}
        return arguments_of(list(self.quantities.values()), settings) | self.fixed | exact

    def code(self, **settings: Any) -> str:
        """Return Python code that draws the picture of these settings as a plain figure."""
        return self.snippet.replace("{given}", written(self.arguments(settings)))

    def lines(self) -> Lines:
        """Return the states that an atlas of this figure holds."""
        return lines_of(list(self.quantities.values()), self.first, self.presets.values(), self.telling)

    def lines_from(self, start: Mapping[str, Any], names: Sequence[str]) -> Lines:
        """Return a line of states for each of some settings, all others as at another start."""
        return lines_of(list(self.quantities.values()), self.first | dict(start), [], [(name,) for name in names])

    def set(self, **changes: Any) -> None:
        """Change settings, show them in the controls, and show the result.

        Raises
        ------
        ValueError, TypeError
            For a setting that the figure does not have, or a value that its control does not; then nothing changes.
        """
        self.type(self.parsed(changes))

    def type(self, changes: Mapping[str, Any]) -> None:
        """Change settings as a reader who types does: what is not allowed is answered by a line below the picture."""
        with self.one_at_a_time:
            self.widget.show(*self.reply({"want": changes, "full": True, "era": self.frames.era, "have": self.told}))

    @property
    def controls(self) -> dict[str, Typed]:
        """What a reader types into, by name of the setting; for code written before controls moved to the browser."""
        return {name: Typed(self, name) for name in self.settings}

    @property
    def redraw(self) -> str:
        """The setting that counts random draws, empty if there is none."""
        return next((quantity.name for quantity in self.quantities.values() if isinstance(quantity, Redraw)), "")

    def parsed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return changes of settings as the values that they mean; raise as :meth:`set` does."""
        unknown = set(changes) - set(self.settings)
        if unknown:
            raise ValueError(f"settings must be among {', '.join(self.settings)}, got {', '.join(sorted(unknown))}")
        return {name: self.quantities[name].parse(str(value)) for name, value in changes.items()}

    def result(self, settings: Mapping[str, Any] | None = None) -> Any:
        """Return the result of settings, by default the present ones; computed or remembered."""
        settings = self.settings if settings is None else settings
        key = key_of(settings)
        if key not in self.results:
            start = time.perf_counter()
            self.results[key] = self.compute(**self.arguments(settings))
            self.seconds = time.perf_counter() - start
            if len(self.results) > self.remembered:
                self.results.popitem(last=False)
        self.results.move_to_end(key)
        return self.results[key]

    def saved(self, kind: str) -> bytes:
        """Return the present picture as a file of a kind, "png" or "svg"."""
        with self.one_at_a_time:
            self.scene.update(self.result())
            figure, buffer = self.scene.figure, BytesIO()
            if kind == "png":
                return figure._repr_png_()[0]
            figure.savefig(buffer, format=kind)
            return buffer.getvalue()

    def png(self) -> bytes:
        """Return the present picture as a PNG; for code written before there were other kinds."""
        return self.saved("png")

    # what a front end asks and is told

    def declaration(self) -> dict[str, Any]:
        """Return what a front end needs to know before it asks for anything, in no language."""
        return {
            "quantities": [
                {"kind": type(quantity).__name__}
                | {key: value for key, value in vars(quantity).items() if key not in ("becomes", "start")}
                for quantity in self.quantities.values()
            ],
            "presets": [{"name": name, "changes": changes} for name, changes in self.presets.items()],
            "first": self.first,
            "panels": [{"width": width, "height": height} for width, height in self.frames.sizes],
            "shades": [[_rgb(shade[dark]) for shade in SHADES.values()] for dark in (0, 1)],
            "alt": self.scene.figure.alt,
            "headline": bool(getattr(self.scene, "headline", ())),
            "code": self.snippet,
        } | ({"dragged": {"names": self.dragged, "axes": axes_of(self.frames)}} if self.dragged else {})

    def reply(self, said: Mapping[str, Any]) -> Message:
        """Return what to answer to something that a front end says, and bytes beside it.

        Parameters
        ----------
        said : mapping
            With one of ``want`` (settings whose picture is wanted; ``full`` if no quick look will do), ``at``
            (settings whose picture it has already), ``ahead`` (settings that may be wanted next) or ``save`` ("png"
            or "svg"); with ``era`` and ``have``, how many chunks it has of which era; and with ``by``, who asks.
        """
        with self.one_at_a_time:
            try:
                return self.answer(said)
            except Exception as error:  # a lecturer is on stage: one line, no traceback, and the figure goes on working
                line = sentence("kept", "live", error=error)
                return {"error": line, "by": said.get("by"), "ahead": "ahead" in said}, []

    def answer(self, said: Mapping[str, Any]) -> Message:
        """Return the answer where nothing goes wrong."""
        if "save" in said:
            return {"by": said["by"], "save": said["save"]}, [self.saved(said["save"])]
        changes = self.parsed(said.get("want", said.get("at", said.get("ahead", {}))))
        settings = self.settings | changes
        message = {"by": said.get("by"), "settings": settings, "quick": self.ahead and self.seconds < QUICK}
        if "at" in said:
            self.settings = settings
            return message, []
        stored = sum(map(len, self.frames.store.chunks))
        if stored > LARGEST or len(self.recorded) > MOST or (said.get("have") == 0 and stored > LARGE):
            self.renew()
        shown = self.picture(settings, bool(said.get("full")))
        if "ahead" not in said:
            self.settings = settings  # only now: they have a picture
        first = said.get("have", 0) if said.get("era") == self.frames.era else 0
        chunks = self.frames.store.chunks[first:]
        self.told = len(self.frames.store.chunks)
        message |= shown | {"era": self.frames.era, "first": first, "lengths": [len(chunk) for chunk in chunks]}
        message["ahead"] = "ahead" in said
        if first == 0:
            message["plates"] = self.frames.plates
        return message, [b"".join(chunks)]

    def renew(self) -> None:
        """Forget all frames; front ends forget theirs with the next one that they are told."""
        self.frames.renew()
        self.recorded.clear()
        self.adopted.clear()
        self.told = 0

    def picture(self, settings: Mapping[str, Any], full: bool) -> dict[str, Any]:
        """Return the frames of settings and what stands beside them; a quick look where there is no time for more."""
        key = key_of(settings)
        if key in self.recorded:
            return self.recorded[key]
        found = {"given": written(self.arguments(settings)), "rough": False, "beforehand": False}
        if self.atlas and key in self.atlas.places:
            place, store = self.atlas.places[key], self.frames.store
            frames = self.atlas.head["frames"][place]
            found["frames"] = [store.adopt(self.atlas.chunks, frame, self.adopted) for frame in frames]
            found |= {"words": self.atlas.head["words"][place], "beforehand": True}
        else:
            found["rough"] = bool(self.preview) and not full and self.seconds > SLOW and key not in self.results
            quick = self.arguments(settings) | dict(self.preview or {})
            self.scene.update(self.compute(**quick) if found["rough"] else self.result(settings))
            found |= {"frames": self.frames.record(), "words": self.scene.words}
        if not found["rough"]:
            self.recorded[key] = found
        return found

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        # The picture stands for the figure wherever there is no kernel: on a viewer, on paper. Pages that are made of a
        # notebook find the figure's atlas by the metadata.
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        shown = {
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": self.saved("png"),
            "text/plain": "<live figure>",
        }
        metadata = {"image/png": {"alt": self.scene.figure.alt, "width": self.scene.figure.shown_width(80)}}
        playable = self.atlas and key_of(self.settings) in self.atlas.places
        return shown, metadata | ({"course": {"atlas": self.name, "first": self.settings}} if playable else {})


def axes_of(frames: Frames) -> list[list[dict[str, Any]]]:
    """Return for each panel where its axes lie, in pixels from the top left, and what they show of x and y."""

    def placed(axes: Any, panel: Any) -> dict[str, Any]:
        box, whole = axes.bbox, panel.bbox
        left, top, width, height = (round(v, 2) for v in (box.x0 - whole.x0, whole.y1 - box.y1, box.width, box.height))
        return {"left": left, "top": top, "width": width, "height": height, "x": axes.get_xlim(), "y": axes.get_ylim()}

    return [[placed(axes, panel) for axes in panel.axes] for panel in frames.panels]


@dataclass
class Typed:
    """A setting of a live figure as text: ``figure.controls["lambd"].field.value = "0.5"``."""

    figure: LiveFigure
    name: str

    @property
    def field(self) -> Typed:
        """The field of text, which is all there is of the control."""
        return self

    @property
    def value(self) -> str:
        """What the field shows."""
        return str(self.figure.settings[self.name])

    @value.setter
    def value(self, text: str) -> None:
        self.figure.type({self.name: text})


def written(arguments: Mapping[str, Any]) -> str:
    """Return arguments as they stand in a call."""
    return ", ".join(
        f"{name}={f'np.{value.__name__}' if isinstance(value, type) else repr(value)}"
        for name, value in arguments.items()
    )


def _rgb(colour: str) -> list[int]:
    """Return the red, green and blue of "#rrggbb"."""
    return list(bytes.fromhex(colour[1:]))
