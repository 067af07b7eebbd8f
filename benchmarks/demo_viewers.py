"""How many viewers of a demo one machine holds: each moves a slider once a second, as a room of students would.

Usage: ``python benchmarks/demo_viewers.py [--viewers N ...] [--moves 30] [DEMO ...]``; playground and masks without a
name. For each demo and N it prints one JSON object a line: the milliseconds from a move to its picture, the processor
time that server and kernels spend on a move, the megabytes that a viewer's kernel holds alone, the seconds until all
pages that were asked for at once could be used, and the machine's load. It stops at the first N whose 95 % quantile
passes 300 ms.

A viewer here is the page's request and the websocket that a browser would open, no browser: students bring their own
machines, and N browsers on this one would take it from the server. A move goes to a new place of one of the
sliders or, as often, back to where it came from; that picture a page has kept, so it only tells where it is, and no
wait is counted. Moves have their time, whether or not the picture before has come, and the wait counts from then.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when NumPy is loaded

import argparse
import asyncio
import json
import random
import re
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

import psutil
from measure import Comparison

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # a clone needs no installation

DEMOS = ("playground", "masks")
VIEWERS = (1, 2, 4, 8, 12, 16, 20, 24)
BOUND = 300.0  # milliseconds, for 95 of 100 moves
MOVES = 30
REST = 0.4  # seconds until a page asks for the full picture after a quick look
PAUSE = (0.5, 1.5)  # seconds between two moves, any number between
PATIENCE = 180.0  # seconds for a page or a picture; many that start at once take turns
PROTOCOL = "v1.kernel.websocket.jupyter.org"  # as browsers ask for; without it Voilà 0.5 loses itself in a picture


def packed(channel: str, header: dict[str, Any], content: dict[str, Any]) -> bytes:
    """Return a message as this protocol writes it: where each part begins, then the parts."""
    parts = [channel.encode(), *(json.dumps(part).encode() for part in (header, {}, {}, content))]
    begins = [8 * (len(parts) + 2)]
    for part in parts:
        begins.append(begins[-1] + len(part))
    return b"".join([len(begins).to_bytes(8, "little"), *(place.to_bytes(8, "little") for place in begins), *parts])


def unpacked(message: bytes) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return header, parent's header and content of a message."""
    count = int.from_bytes(message[:8], "little")
    begins = [int.from_bytes(message[8 * i : 8 * (i + 1)], "little") for i in range(1, count + 1)]
    header, parent, _, content = (json.loads(message[begins[i] : begins[i + 1]]) for i in range(1, 5))
    return header, parent, content


def another_place(quantity: dict[str, Any], value: float, chance: random.Random) -> float:
    """Return any place of a slider but the present one."""
    low, high, step = (quantity[name] for name in ("low", "high", "step"))
    places = [round(low + step * i, 10) for i in range(round((high - low) / step) + 1)]
    return chance.choice([place for place in places if abs(place - value) > step / 2])


@dataclass
class Viewer:
    """A page that was asked for, the channel to its kernel, and how long its pictures took.

    It asks for what the script of a live figure asks for (see course_utils/live/figure.js).
    """

    address: str
    number: int
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    times: list[float] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)  # settings whose frames the page keeps
    kept: dict[str, int] = field(default_factory=lambda: {"era": -1, "have": 0})

    async def open(self) -> None:
        """Ask for the page, which starts a kernel, for its live figure, and for the first picture."""
        from tornado.httpclient import AsyncHTTPClient, HTTPRequest
        from tornado.websocket import websocket_connect

        self.chance = random.Random(self.number)
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        page = await AsyncHTTPClient().fetch(self.address, request_timeout=PATIENCE)
        self.kernel = re.search(r'"kernelId": "([^"]+)"', page.body.decode()).group(1)  # type: ignore[union-attr]  # a page without one is a fault
        address = f"{self.address.replace('http', 'ws')}api/kernels/{self.kernel}/channels?session_id={self.session}"
        self.channel = await websocket_connect(
            HTTPRequest(address, request_timeout=PATIENCE),
            on_message_callback=self.heard.put_nowait,
            max_message_size=2**27,
            subprotocols=[PROTOCOL],
        )
        if self.channel.selected_subprotocol != PROTOCOL:
            raise ConnectionError("the server speaks another protocol")
        await self.find_figure()
        await self.show({})

    async def find_figure(self) -> None:
        """Find the figure. Voilà lets nobody open a channel of widgets, so each is asked for its state."""
        question = await self.send("comm_info_request", {"target_name": "jupyter.widget"})
        comms = (await self.answer(question, "comm_info_reply"))["comms"]
        for comm in comms:
            question = await self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})
            state = (await self.answer(question, "comm_msg"))["data"]["state"]
            if "declaration" in state:
                self.figure, self.settings = comm, state["declaration"]["first"]
                self.sliders = [one for one in state["declaration"]["quantities"] if one["kind"] == "Range"]

    async def send(self, kind: str, content: dict[str, Any]) -> str:
        """Send one message to the kernel and return its number."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": kind, "session": self.session, "username": "viewer", "version": "5.3"}
        await self.channel.write_message(packed("shell", header | {"date": ""}, content), binary=True)
        return number

    async def answer(self, question: str, kind: str) -> dict[str, Any]:
        """Return the first answer of this kind to this question."""
        while (message := await asyncio.wait_for(self.heard.get(), PATIENCE)) is not None:
            header, parent, content = unpacked(message)
            if parent.get("msg_id") == question and header["msg_type"] == kind:
                return content
        raise ConnectionError("the kernel has gone")

    async def say(self, **said: Any) -> str:
        """Say something to the figure."""
        content = said | self.kept | {"by": self.session}
        return await self.send("comm_msg", {"comm_id": self.figure, "data": {"method": "custom", "content": content}})

    async def picture(self, **said: Any) -> dict[str, Any]:
        """Return the picture that the figure answers with."""
        found = (await self.answer(await self.say(**said), "comm_msg"))["data"]["content"]
        if "frames" not in found:
            raise RuntimeError(f"no picture came: {found}")
        self.kept = {"era": found["era"], "have": found["first"] + len(found["lengths"])}
        return dict(found)

    async def show(self, changes: dict[str, Any]) -> float:
        """Change settings, wait for the picture, and do what a page does at rest; return when the picture came."""
        before, self.settings = self.settings, self.settings | changes
        found = await self.picture(want=self.settings)
        came = time.perf_counter()
        if found["rough"]:
            await asyncio.sleep(REST)
            found = await self.picture(want=self.settings, full=True)
        self.seen.append(self.settings)
        for name, value in changes.items() if found["quick"] else ():
            (slider,) = (one for one in self.sliders if one["name"] == name)
            step = slider["step"] if value > before[name] else -slider["step"]
            if slider["low"] <= value + step <= slider["high"]:
                await self.say(ahead=self.settings | {name: round(value + step, 10)})
        return came

    async def move(self, due: float) -> None:
        """Move a slider, and wait for the picture where the page has it not."""
        if len(self.seen) > 1 and self.chance.random() < 0.5:
            self.settings = self.seen[-2]
            self.seen.append(self.settings)
            await self.say(at=self.settings)
            return
        slider = self.chance.choice(self.sliders)
        name = slider["name"]
        value = another_place(slider, self.settings[name], self.chance)
        self.times.append(1000 * (await self.show({name: value}) - due))

    async def watch(self, moves: int, begin: float) -> None:
        """Make all moves."""
        due = begin + self.chance.uniform(0, 1)
        for _ in range(moves):
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self.move(due)
            due += self.chance.uniform(*PAUSE)


def kernels_of(server: psutil.Process) -> list[psutil.Process]:
    """Return the kernels of a server."""
    return [child for child in server.children() if "ipykernel" in " ".join(child.cmdline())]


def work_of(server: psutil.Process) -> float:
    """Return the seconds of processor time that server and kernels have taken."""
    return sum(sum(process.cpu_times()[:2]) for process in (server, *kernels_of(server)))


def memory_of_kernels(server: psutil.Process) -> list[int]:
    """Return the megabytes that each kernel holds alone, without what they share."""
    return [round(kernel.memory_full_info().uss / 2**20) for kernel in kernels_of(server)]


async def watched(address: str, server: psutil.Process, viewers: int, moves: int) -> dict[str, Any]:
    """Return what ``viewers`` pages with ``moves`` moves each have met."""
    start = time.perf_counter()
    room = [Viewer(address, number) for number in range(viewers)]
    await asyncio.gather(*(viewer.open() for viewer in room))
    ready = time.perf_counter() - start
    await asyncio.sleep(1.0)  # the last pages may still be settling
    begin, work = time.perf_counter(), work_of(server)
    await asyncio.gather(*(viewer.watch(moves, begin) for viewer in room))
    work, memory = work_of(server) - work, memory_of_kernels(server)
    for viewer in room:
        viewer.channel.close()
    times = [one for viewer in room for one in viewer.times]
    return {
        "viewers": viewers,
        "moves": viewers * moves,
        "median_ms": round(median(times)),
        "p95_ms": p95(times),
        "worst_ms": round(max(times)),
        "work_ms": round(1000 * work / (viewers * moves)),
        "mb_each": round(median(memory)),
        "all_ready_s": round(ready, 1),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def p95(times: Sequence[float]) -> int:
    """Return the 95 % quantile."""
    return round(quantiles(times, n=20, method="inclusive")[-1])


def measured(demo: str, viewers: int, moves: int = MOVES) -> dict[str, Any]:
    """Serve a demo anew and return what this many viewers of it have met."""
    from tornado.httpclient import AsyncHTTPClient

    from course_utils.workshop.demos.catalogue import find_demo
    from course_utils.workshop.demos.server import served
    from course_utils.workshop.lab import first_free_port

    AsyncHTTPClient.configure(None, max_clients=viewers)
    with served([find_demo(demo)], first_free_port(8966)) as (address, process):
        return {"demo": demo, **asyncio.run(watched(address, psutil.Process(process.pid), viewers, moves))}


def demo_viewers() -> Comparison:
    """Give the time that 95 of 100 moves keep to with 8 viewers of the playground; peer: with one."""
    return Comparison(*(measured("playground", viewers)["p95_ms"] for viewers in (8, 1)), unit="ms")


BENCHES = (demo_viewers,)


def main() -> int:
    """Measure more and more viewers of each demo."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demos", nargs="*", default=DEMOS, metavar="DEMO")
    parser.add_argument("--viewers", type=int, nargs="+", default=VIEWERS, metavar="N")
    parser.add_argument("--moves", type=int, default=MOVES, help="of each viewer (default: %(default)s)")
    options = parser.parse_args()
    for demo in options.demos:
        for viewers in options.viewers:
            found = measured(demo, viewers, options.moves)
            print(json.dumps(found), flush=True)
            if found["p95_ms"] > BOUND:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
