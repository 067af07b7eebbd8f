"""A renderer of matplotlib's that keeps draw calls as bytes, for a player in the browser to draw again.

A draw call becomes a *chunk*; a picture is a *frame*, the numbers of its chunks. Equal chunks are kept once, so what
two pictures share costs nothing the second time. Lengths are whole sixteenths of a pixel from the top left corner.
Colours are roles, not shades: the player has a shade for each role, on light and on dark ground.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex, to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from course_utils.arguments import Array
from course_utils.figures.style import TYPE

__all__ = ["ChunkStore", "Recorder"]

PATH, MARKERS, CELLS, TEXT, GLYPH, PALETTE = range(1, 7)  # kinds of chunks
FILL, STROKE, SNAP, CLIP_TO_LAST = 1, 2, 4, 8  # flags of a path
UNIT = 16  # steps of a coordinate in a pixel
FINE = 64  # steps of a line's width
CAPS = ("butt", "round", "projecting")
JOINS = ("miter", "round", "bevel")
BEYOND = 50  # pixels around the picture within which lines are kept
NOTHING = (0, 0, 0, 0)


class ChunkStore:
    """All chunks so far; the place of one in ``chunks`` is its number, here and in the player."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.numbers: dict[bytes, int] = {}

    def number(self, chunk: bytes) -> int:
        """Return the number of a chunk, a new one if it was never seen."""
        if chunk not in self.numbers:
            self.numbers[chunk] = len(self.chunks)
            self.chunks.append(chunk)
        return self.numbers[chunk]

    def adopt(self, chunks: Sequence[bytes], frame: Iterable[int], known: dict[int, int]) -> list[int]:
        """Return a frame of another store as one of this, which takes what it lacks.

        ``chunks`` are those of the other store; ``known`` keeps the numbers here of those that were met before.
        """

        def number(other: int) -> int:
            if other not in known:
                known[other] = self.number(renumbered(chunks[other], number))
            return known[other]

        return [number(other) for other in frame]


class Recorder(RendererBase):
    """Records what artists draw; a draw call that the player does not know raises an error.

    Parameters
    ----------
    box : Bbox
        Where the picture lies in its figure, in pixels from the figure's bottom left corner.
    dpi : float
        Pixels per inch, as the figure has them.
    roles : mapping of str to int
        The number of each colour ("#rrggbb") that a figure may use.
    store : ChunkStore
    """

    def __init__(self, box: Bbox, dpi: float, roles: Mapping[str, int], store: ChunkStore) -> None:
        super().__init__()
        self.width, self.height, self.dpi, self.roles, self.store = box.width, box.height, dpi, roles, store
        self.box = box
        self.flip = Affine2D().scale(1, -1).translate(-box.x0, box.y1)  # matplotlib counts from the bottom
        self.glyphs: dict[Any, int | None] = {}
        self.texts: dict[Any, Any] = {}
        self.frame: list[int] = []

    def record(self, artists: Iterable[Artist]) -> list[int]:
        """Return the frame of some artists, in painting order."""
        self.frame = []
        with rc_context(TYPE):
            for artist in artists:
                artist.draw(self)
        return self.frame

    # what matplotlib asks of a renderer

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the picture in pixels."""
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        """Return a length in pixels."""
        return points * self.dpi / 72

    def flipy(self) -> bool:
        """Return that matplotlib counts from the bottom for texts, too."""
        return False

    def option_image_nocomposite(self) -> bool:
        """Return that images come one by one."""
        return True

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        """Record lines, an area, or both; a hatch is more lines, cut off at the area's edge."""
        clip = None if rgbFace is not None else (-BEYOND, -BEYOND, self.width + BEYOND, self.height + BEYOND)
        simplify = path.should_simplify and rgbFace is None
        clean: Any = path.cleaned(transform + self.flip, remove_nans=True, clip=clip, simplify=simplify, curves=True)
        if len(clean.codes) <= 1:  # nothing but a stop
            return
        look = self.look(gc, rgbFace, SNAP if is_straight(gc, clean) else 0)
        if look[0] & (FILL | STROKE):
            self.emit(PATH, look, outline(clean))
        if gc.get_hatch():
            self.draw_hatch(gc, path, transform)

    def draw_markers(
        self, gc: Any, marker_path: Path, marker_trans: Any, path: Path, trans: Any, rgbFace: Any = None
    ) -> None:
        """Record one shape at many places."""
        self.draw_shapes(gc, marker_path, marker_trans, trans.transform(path.vertices), rgbFace)

    def draw_path_collection(
        self, gc: Any, master_transform: Any, paths: Any, all_transforms: Any, offsets: Any, offset_trans: Any,
        facecolors: Any, edgecolors: Any, linewidths: Any, linestyles: Any, *others: Any, **more: Any,
    ) -> None:  # fmt: skip
        """Record a collection of one look as one chunk; any other path by path."""
        looks = (facecolors, edgecolors, linewidths, linestyles)
        if not len(paths) or not (len(facecolors) or len(edgecolors)):
            return
        if max(map(len, looks)) > 1 or len(all_transforms) > 1:
            super().draw_path_collection(
                gc, master_transform, paths, all_transforms, offsets, offset_trans, *looks, *others, **more
            )
            return
        own = self.new_gc()
        own.copy_properties(gc)
        own.set_linewidth(linewidths[0] if len(edgecolors) and len(linewidths) else 0)
        if len(edgecolors):
            own.set_foreground(edgecolors[0], isRGBA=True)
        if len(linestyles):
            own.set_dashes(*linestyles[0])
        face = facecolors[0] if len(facecolors) else None
        transform = (Affine2D(all_transforms[0]) if len(all_transforms) else Affine2D()) + master_transform
        places = offset_trans.transform(np.ma.filled(np.ma.asarray(offsets, float), np.nan))
        if len(paths) == 1 and np.any(places):
            self.draw_shapes(own, paths[0], transform, places, face)
        else:
            whole = Path.make_compound_path(*paths)
            for place in places if len(places) else [(0, 0)]:
                self.draw_path(own, whole, transform + Affine2D().translate(*place), face)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Record a text as glyphs; the outline of a glyph is a chunk of its own, kept once."""
        shapes, boxes = self.laid_out(s, prop, ismath)
        scale = self.points_to_pixels(prop.get_size_in_points()) / self._text2path.FONT_SCALE
        there = Affine2D().scale(scale).rotate_deg(angle).translate(x, y)
        places = [
            struct.pack("<IhhH", number, *whole((there + self.flip).transform(place)), round(size * scale * 16384))
            for number, *place, size in shapes
        ]
        if places:
            head = struct.pack("<hH", round(np.deg2rad(angle) * 4096), len(places))
            self.emit(TEXT, self.shade(to_rgba(gc.get_rgb(), gc.get_alpha())), self.clip(gc), head, *places)
        for vertices, codes in boxes:  # the lines of fractions and roots
            plain = self.new_gc()
            plain.copy_properties(gc)
            plain.set_linewidth(0)
            self.draw_path(plain, Path(np.asarray(vertices), codes), there, gc.get_rgb())

    def draw_cells(self, gc: Any, box: Bbox, cells: Array, palettes: Sequence[Array]) -> None:
        """Record a grid of cells.

        Parameters
        ----------
        gc : GraphicsContextBase
        box : Bbox
            Where it lies, in pixels from the bottom left corner.
        cells : array (rows, columns) of uint8
            Which colour of the palette each cell has; row 0 is on top.
        palettes : two arrays (256, 4) of uint8
            For light and for dark ground.
        """
        palette = self.store.number(bytes([PALETTE]) + b"".join(colours.tobytes() for colours in palettes))
        up = np.diff(cells, axis=0, prepend=np.zeros_like(cells[:1]))  # neighbours are alike, so differences pack well
        left = np.diff(up, axis=1, prepend=np.zeros_like(up[:, :1])).astype(np.uint8)
        self.emit(CELLS, self.clip(gc), self.place(box), struct.pack("<IHH", palette, *cells.shape), left.tobytes())

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Refuse an image of pixels: it has no roles. A grid of cells goes by :meth:`draw_cells`."""
        raise NotImplementedError("a recorded figure has no images of pixels, only grids of cells")

    def draw_gouraud_triangles(self, *_: Any) -> None:
        """Refuse shaded triangles."""
        raise NotImplementedError("a recorded figure has no shaded triangles")

    # how a chunk is made

    def emit(self, kind: int, *parts: bytes) -> None:
        """Add a chunk to the frame."""
        self.frame.append(self.store.number(b"".join([bytes([kind]), *parts])))

    def draw_shapes(self, gc: Any, shape: Path, transform: Any, places: Array, face: Any) -> None:
        """Record one shape at places (n, 2) in pixels from the bottom left corner."""
        places = places[np.isfinite(places).all(axis=1)]
        if len(places):
            clean = shape.cleaned(Affine2D(transform.get_matrix()).scale(1, -1), curves=True)
            places = self.flip.transform(places)
            count = struct.pack("<I", len(places))
            self.emit(MARKERS, self.look(gc, face), outline(clean), count, plane(places[:, 0]), plane(places[:, 1]))

    def draw_hatch(self, gc: Any, path: Path, transform: Any) -> None:
        """Record the lines of a hatch over the box of the path drawn last, to be cut off at its edge."""
        box, size = path.get_extents(transform), self.dpi
        columns = np.arange(np.floor(box.x0 / size), np.ceil(box.x1 / size))
        rows = np.arange(np.floor(box.y0 / size), np.ceil(box.y1 / size))
        tile = gc.get_hatch_path(6.0)
        tiles = [tile.transformed(Affine2D().translate(c, r).scale(size)) for c in columns for r in rows]
        if tiles:
            own = self.new_gc()
            own.copy_properties(gc)
            own.set_linewidth(gc.get_hatch_linewidth())
            own.set_foreground(gc.get_hatch_color())
            own.set_dashes(0, None)
            own.set_hatch(None)
            clean = Path.make_compound_path(*tiles).cleaned(IdentityTransform() + self.flip, curves=True)
            self.emit(PATH, self.look(own, None, CLIP_TO_LAST), outline(clean))

    def laid_out(self, text: str, prop: Any, ismath: Any) -> tuple[list[Any], list[Any]]:
        """Return the glyphs of a text, (number, x, y, size) in units of its font, and the boxes of a formula."""
        key = text, prop, ismath
        if key not in self.texts:
            convert: Any = self._text2path
            glyphs, outlines, boxes = (
                convert.get_glyphs_mathtext(prop, text)
                if ismath
                else convert.get_glyphs_with_font(convert._get_font(prop), text)
            )
            for name, (vertices, codes) in outlines.items():
                if name not in self.glyphs:  # a space has none
                    shape = outline(Path(np.asarray(vertices) * [1, -1], codes)) if len(codes) else None
                    self.glyphs[name] = None if shape is None else self.store.number(bytes([GLYPH]) + shape)
            drawn = [(self.glyphs[name], *place) for name, *place in glyphs if self.glyphs[name] is not None]
            self.texts[text, prop.copy(), ismath] = drawn, boxes
        return self.texts[key]

    def look(self, gc: Any, face: Any, flags: int = 0) -> bytes:
        """Return flags, colours, line and clip of a path; its first byte are the flags."""
        width, edge = self.points_to_pixels(gc.get_linewidth()), to_rgba(gc.get_rgb())
        face = NOTHING if face is None else to_rgba(face, gc.get_alpha() if gc.get_forced_alpha() else None)
        flags |= FILL * (face[3] > 0) | STROKE * (width > 0 and edge[3] > 0)
        start, dashes = gc.get_dashes()
        dashes = [] if dashes is None else [round(FINE * self.points_to_pixels(float(dash))) for dash in dashes]
        line = struct.pack(
            f"<HBBhB{len(dashes)}H",
            round(FINE * width) if flags & STROKE else 0,
            CAPS.index(str(gc.get_capstyle())),
            JOINS.index(str(gc.get_joinstyle())),
            round(FINE * self.points_to_pixels(start or 0)),
            len(dashes),
            *dashes,
        )
        return bytes([flags]) + self.shade(face) + self.shade(edge) + line + self.clip(gc)

    def shade(self, colour: Any) -> bytes:
        """Return the role and the opacity of a colour."""
        if colour[3] == 0:
            return bytes(2)
        name = to_hex(colour)
        if name not in self.roles:
            raise ValueError(f"a recorded figure may use the colours of roles only, got {name}")
        return bytes([self.roles[name], round(255 * colour[3])])

    def clip(self, gc: Any) -> bytes:
        """Return the box that a draw call is cut off at."""
        path, _ = gc.get_clip_path()
        if path is not None:
            raise NotImplementedError("a recorded figure has no clip paths, only boxes")
        return self.place(gc.get_clip_rectangle() or self.box)

    def place(self, box: Any) -> bytes:
        """Return where a box lies: its left and top side, width and height."""
        return whole([box.x0 - self.box.x0, self.box.y1 - box.y1, box.width, box.height]).tobytes()


def renumbered(chunk: bytes, number: Callable[[int], int]) -> bytes:
    """Return a chunk that names others by other numbers: a text its glyphs, cells their palette."""
    named = {TEXT: range(15, len(chunk), 10), CELLS: (17,)}.get(chunk[0], ())
    changed = bytearray(chunk)
    for at in named:
        struct.pack_into("<I", changed, at, number(*struct.unpack_from("<I", chunk, at)))
    return bytes(changed)


def whole(values: Any) -> Array:
    """Return lengths in whole steps, as 16-bit numbers."""
    return np.clip(np.rint(np.asarray(values, float) * UNIT), -32768, 32767).astype("<i2")


def plane(values: Array) -> bytes:
    """Return one coordinate of many points, each as its difference to the one before, which may wrap round."""
    return np.diff(whole(values), prepend=np.zeros(1, "<i2")).astype("<i2").tobytes()


def outline(path: Any) -> bytes:
    """Return the codes and vertices of a path."""
    codes = np.full(len(path.vertices), Path.LINETO, np.uint8) if path.codes is None else path.codes
    kept = codes != Path.STOP
    codes, vertices = codes[kept].astype(np.uint8), path.vertices[kept]
    return struct.pack("<I", len(codes)) + codes.tobytes() + plane(vertices[:, 0]) + plane(vertices[:, 1])


def is_straight(gc: Any, path: Any) -> bool:
    """Return whether a path on the screen has upright and level lines only, which are sharpest between pixels."""
    if gc.get_snap() is not None:
        return bool(gc.get_snap())
    if len(path.vertices) > 1024 or np.isin(path.codes, (Path.CURVE3, Path.CURVE4)).any():
        return False
    steps = np.abs(np.diff(path.vertices, axis=0))[path.codes[1:] == Path.LINETO]
    return bool(len(steps)) and bool((steps.min(axis=1) < 1e-3).all())
