"""What a reader's browser does to a live figure: it asks, keeps what it is told, and puts pictures together."""

import struct

from course_utils.figures.recorder import CELLS, TEXT
from course_utils.texts import texts


class Reader:
    """A front end with one view."""

    def __init__(self, live, name="reader"):
        self.live, self.name, self.era, self.chunks, self.plates, self.bytes = live, name, -1, [], [], 0
        self.settings = dict(live.first)

    def ask(self, **said):
        """Say something; return the answer, with all that it brings kept."""
        about = {"era": self.era, "have": len(self.chunks), "by": self.name}
        message, data = self.live.reply(said | about)
        if "frames" in message:
            if message["era"] != self.era:
                self.era, self.chunks = message["era"], []
            assert message["first"] == len(self.chunks)
            self.bytes = sum(message["lengths"])
            at = 0
            for length in message["lengths"]:
                self.chunks.append(data[0][at : at + length])
                at += length
            assert at == len(data[0])
            self.plates = message.get("plates", self.plates)
        return message

    def move(self, **changes):
        """Move controls; return the answer."""
        self.settings |= changes
        return self.ask(want=self.settings)

    def press(self, label):
        """Press a preset, "new masks" or "reset"; return the answer."""
        presets = {texts()["presets"].get(name, name): changes for name, changes in self.live.presets.items()}
        redraw = {self.live.redraw: self.settings.get(self.live.redraw, 0) + 1}
        return self.move(**{"new masks": redraw, "reset": self.live.first}.get(label) or presets[label])

    def picture(self, message):
        """Return what is drawn; numbers of chunks, which are each figure's own, become what they hold."""
        return [[self.whole(number) for number in frame] for frame in (*self.plates, *message["frames"])]

    def whole(self, number):
        """Return a chunk with those that it names."""
        chunk = self.chunks[number]
        if chunk[0] == TEXT:  # kind, role, opacity, clip, angle, count; then glyphs
            head, places = chunk[:15], [chunk[at : at + 10] for at in range(15, len(chunk), 10)]
            return head, [(self.chunks[struct.unpack("<I", place[:4])[0]], place[4:]) for place in places]
        if chunk[0] == CELLS:  # kind, clip, place; then the palette
            return chunk[:17], self.chunks[struct.unpack("<I", chunk[17:21])[0]], chunk[21:]
        return chunk


def presets(live):
    """Return the words on the buttons of a figure's presets."""
    return [texts()["presets"].get(name, name) for name in live.presets]


def last(live, name):
    """Return the last entry in the history of the network that is shown."""
    return live.result().run.history[name][-1]
