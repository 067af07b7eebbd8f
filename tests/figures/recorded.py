"""What frames hold, in a form that is the same for every store of chunks."""

import struct

from course_utils.figures.recorder import CELLS, TEXT


def drawn(chunks, frames):
    """Return what some frames draw; numbers of chunks, which are each store's own, become what they hold."""
    return [[whole(chunks, number) for number in frame] for frame in frames]


def whole(chunks, number):
    """Return a chunk with those that it names."""
    chunk = chunks[number]
    if chunk[0] == TEXT:  # kind, role, opacity, clip, angle, count; then glyphs
        head, places = chunk[:15], [chunk[at : at + 10] for at in range(15, len(chunk), 10)]
        return head, [(chunks[struct.unpack("<I", place[:4])[0]], place[4:]) for place in places]
    if chunk[0] == CELLS:  # kind, clip, place; then the palette
        return chunk[:17], chunks[struct.unpack("<I", chunk[17:21])[0]], chunk[21:]
    return chunk
