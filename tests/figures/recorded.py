"""What frames hold, in a form that is the same for every store of chunks."""

import struct

import numpy as np

from course_utils.figures.recorder import CELLS, MARKERS, PATH, TEXT


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


def alike(one, other):
    """Return whether two drawings, of `drawn`, differ by no more than a step of what they are kept in."""
    pairs = [list(zip(*both, strict=False)) for both in zip(one, other, strict=True)]
    return list(map(len, one)) == list(map(len, other)) and all(same(*pair) for panel in pairs for pair in panel)


def same(one, other):
    """Return whether two chunks, of `whole`, are alike."""
    (fixed, numbers), (other_fixed, other_numbers) = taken_apart(one), taken_apart(other)
    return fixed == other_fixed and bool(np.all(np.abs(numbers - other_numbers) <= 1))


def taken_apart(chunk):
    """Return what has to be the same in two chunks that are alike, and the numbers that may differ by a step."""
    if isinstance(chunk, tuple) and chunk[0][0] == TEXT:
        head, glyphs = chunk
        return (head, [(shape, place[4:]) for shape, place in glyphs]), integers(b"".join(p[:4] for _, p in glyphs))
    if isinstance(chunk, tuple):
        head, palette, rest = chunk
        rows, columns = struct.unpack("<HH", rest[:4])
        cells = np.frombuffer(rest[4:], np.uint8).reshape(rows, columns)
        return (head, palette), np.cumsum(np.cumsum(cells, 1, np.uint8), 0, np.uint8).astype(int)
    if chunk[0] not in (PATH, MARKERS):
        return chunk, np.zeros(0)
    at = 13 + 2 * chunk[12] + 8  # flags, colours, line, dashes, clip
    fixed, numbers = [chunk[:at]], []
    for coded in (True, False)[: 2 if chunk[0] == MARKERS else 1]:
        (count,) = struct.unpack_from("<I", chunk, at)
        codes = chunk[at + 4 : at + 4 + count * coded]
        at += 4 + len(codes)
        fixed.append((count, codes))
        for _ in range(2):
            numbers.append(np.cumsum(integers(chunk[at : at + 2 * count]), dtype=np.int16).astype(int))
            at += 2 * count
    assert at == len(chunk)
    return fixed, np.concatenate(numbers)


def integers(data):
    """Return numbers of 16 bits."""
    return np.frombuffer(data, "<i2").astype(int)
