"""What a reader's browser does to a live figure: it asks, keeps what it is told, and puts pictures together."""

from course_utils.texts import texts
from tests.figures.recorded import drawn


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
        """Return what is drawn."""
        return drawn(self.chunks, [*self.plates, *message["frames"]])


def presets(live):
    """Return the words on the buttons of a figure's presets."""
    return [texts()["presets"].get(name, name) for name in live.presets]


def last(live, name):
    """Return the last entry in the history of the network that is shown."""
    return live.result().run.history[name][-1]
