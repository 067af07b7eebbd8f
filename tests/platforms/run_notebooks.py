"""Run notebooks in the Python that runs this script, and move every control of their live figures.

    python tests/platforms/run_notebooks.py notebooks

It takes notebooks, and folders with some. Outputs are not compared: other versions draw and round a little otherwise. A
cell that fails ends its notebook. Needs nbclient and ipykernel; notebooks that import torch are left out where there is
none.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import queue
import re
import sys
import tempfile
import time
from functools import partial
from importlib import metadata, util
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

KERNEL = "the-one-of-this-script"
LONGEST = 600  # seconds for a cell, or for a move
NAMED = ("numpy", "matplotlib", "ipywidgets", "anywidget", "ipython", "ipykernel", "nbclient", "joblib", "torch")
VIEW = "application/vnd.jupyter.widget-view+json"
NEEDS_TORCH = re.compile(r"^(import|from) torch[ .]?", re.MULTILINE)
SETTINGS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SETTINGS["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a notice of the debugger about Python's own modules


class Broken(Exception):
    """A live figure that does not do what a reader expects of it."""


class Run:
    """A notebook being run; what a browser would know of its widgets is in `client`."""

    def __init__(self, path: Path) -> None:
        self.notebook = nbformat.read(path, as_version=4)
        self.figures, self.moves, self.where, self.notes = 0, 0, "", []
        folder = {"metadata": {"path": str(path.parent)}}
        self.client = NotebookClient(self.notebook, kernel_name=KERNEL, timeout=LONGEST, resources=folder)
        self.client.widget_registry.clear()  # else nbclient answers for ipywidgets.Output, and may miss a reply

    async def cells(self) -> None:
        """Run the cells one after the other; after each, move what it shows."""
        async with self.client.async_setup_kernel(env=os.environ | SETTINGS):
            for index, cell in enumerate(self.notebook.cells):
                self.where = f"cell {index} ({cell.get('id', '')})"
                await self.client.async_execute_cell(cell, index)
                outputs = cell.get("outputs", [])
                self.notes += [f"{self.where}: {one.text.strip()}" for one in outputs if one.get("name") == "stderr"]
                for output in outputs:
                    if VIEW in output.get("data", {}):
                        await self.live_figure(output)

    async def live_figure(self, output: Any) -> None:
        """Check that a live figure has its picture, and that each of its controls changes it and changes it back."""
        model = output.data[VIEW]["model_id"]
        if model not in self.client.widget_state:
            raise Broken(f"the state of widget {model} is missing")
        declaration = self.client.widget_state[model].get("declaration")
        if not declaration and "image/png" not in output.data:
            return  # a bar of progress, say
        if not declaration:
            raise Broken("a live figure with ipywidgets' controls in place of its own")
        if not output.data.get("image/png"):
            raise Broken("a live figure without its picture")
        self.figures += 1
        asks = partial(self.ask, model)
        reader = Reader()
        reader.learn(*await asks(reader.asking({})))
        there = [away_and_back(quantity, reader.settings) for quantity in declaration["quantities"]]
        away = [move for move, _ in there]
        back = [move for _, move in reversed(there)]  # the other way round: at λ = 0 no penalty differs
        for move in away + back:
            before = reader.picture
            reader.learn(*await asks(reader.asking(move)))
            if reader.rough:  # a quick look, after which a browser at rest asks for more
                reader.learn(*await asks(reader.asking({}) | {"full": True}))
            if reader.picture == before:
                raise Broken(f"{move} leaves the picture as it was; beside it: {reader.words}")
            self.moves += 1

    async def ask(self, model: str, question: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """Ask the kernel as a browser does; give its answer, empty if there is none, and what comes with it."""
        content = {"comm_id": model, "data": {"method": "custom", "content": question}}
        request = self.client.kc.session.msg("comm_msg", content)
        self.client.kc.shell_channel.send(request)
        found: tuple[dict[str, Any], list[Any]] = {}, []
        while True:
            answer = await self.client.kc.get_iopub_msg(timeout=LONGEST)
            if answer["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if answer["msg_type"] == "comm_msg" and answer["content"]["comm_id"] == model:
                found = answer["content"]["data"].get("content", {}), answer["buffers"]
            if answer["msg_type"] == "stream":
                self.notes.append(f"{self.where}, asked {question}: {answer['content']['text'].strip()}")
            if answer["content"].get("execution_state") == "idle":
                return found


class Reader:
    """What a browser knows of one live figure: its settings and all chunks so far, as figure.js keeps them."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.era, self.chunks = -1, list[bytes]()
        self.picture, self.words, self.rough = list[list[bytes]](), "", False

    def asking(self, want: dict[str, Any]) -> dict[str, Any]:
        """Give the question for a change of settings."""
        return {"want": self.settings | want, "era": self.era, "have": len(self.chunks), "by": "reader"}

    def learn(self, answer: dict[str, Any], buffers: list[Any]) -> None:
        """Take an answer in; raise `Broken` if a browser could not draw its picture."""
        if answer.get("error") or not answer.get("frames"):
            raise Broken(f"a live figure answers {answer.get('error') or answer or 'nothing'}")
        if answer["era"] != self.era:
            self.era, self.chunks = answer["era"], []
        (data,) = map(bytes, buffers)
        ends = list(accumulate(answer["lengths"], initial=0))
        new = [data[start:end] for start, end in pairwise(ends)]
        frames = [*answer["frames"], *answer.get("plates", [])]
        if answer["first"] != len(self.chunks) or ends[-1] != len(data) or not all(answer["frames"]):
            raise Broken("a live figure answers with gaps")
        self.chunks += new
        if max(map(max, frames)) >= len(self.chunks):
            raise Broken("a live figure draws what it has not sent")
        self.settings, self.words, self.rough = answer["settings"], answer["words"], answer["rough"]
        self.picture = [[self.chunks[number] for number in frame] for frame in answer["frames"]]


def away_and_back(quantity: dict[str, Any], settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Give two moves of a quantity: a slider half-way to its further end, the next option, other draws; and back."""
    name = quantity["name"]
    value = settings[name]
    if quantity["kind"] == "Range":
        step = quantity["step"]
        far = max((quantity["low"], quantity["high"]), key=lambda end: abs(end - value))
        return [{name: value + round((far - value) / 2 / step) * step}, {name: value}]
    if quantity["kind"] == "Choice":
        options = quantity["options"]
        return [{name: options[(options.index(value) + 1) % len(options)]}, {name: value}]
    return [{name: value + 1}, {name: value}]


def fault(run: Run) -> str:
    """Run a notebook; say what went wrong in which cell, or nothing."""
    try:
        asyncio.run(run.cells())
    except CellExecutionError as error:
        return f"{run.where}: {error.ename}: {error.evalue}"
    except CellTimeoutError:
        return f"{run.where}: ran longer than {LONGEST} s"
    except queue.Empty:
        return f"{run.where}: a move has no answer after {LONGEST} s"
    except (Broken, RuntimeError) as error:  # RuntimeError: the kernel died
        return f"{run.where}: {error}"
    return ""


def offer_kernel(folder: Path) -> None:
    """Make a kernel of this very Python known under a name that nobody else's kernel has."""
    place = folder / "kernels" / KERNEL
    place.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "--log-level=ERROR", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": KERNEL, "language": "python"}))
    os.environ["JUPYTER_PATH"] = str(folder)
    os.environ["IPYTHONDIR"] = str(folder)  # nobody's own start-up files


def versions() -> str:
    """Name the Python and the packages that matter most here."""
    found = {one.metadata["Name"].lower(): one.version for one in metadata.distributions()}
    return ", ".join([f"Python {platform.python_version()}"] + [f"{name} {found.get(name, 'none')}" for name in NAMED])


def found(names: list[str]) -> list[Path]:
    """List the notebooks that are named or lie in a folder that is."""
    places = [sorted(path.glob("[0-9]*.ipynb")) if path.is_dir() else [path] for path in map(Path, names)]
    return [path for place in places for path in place]


def main(names: list[str]) -> int:
    """Run the notebooks; return the exit status."""
    failed = 0
    print(versions(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        offer_kernel(Path(folder))
        for name in found(names):
            run = Run(name)
            code = "\n".join(cell.source for cell in run.notebook.cells if cell.cell_type == "code")
            if NEEDS_TORCH.search(code) and util.find_spec("torch") is None:
                print(f"{name}: left out, since it needs PyTorch", flush=True)
                continue
            start = time.perf_counter()
            wrong = fault(run)
            failed += bool(wrong)
            seconds = time.perf_counter() - start
            done = f"{run.figures} live figures, {run.moves} moves, {seconds:.0f} s"
            print(f"{name}: {f'FAILED: {wrong}' if wrong else 'passed'} ({done})", flush=True)
            for note in run.notes:
                print(f"  on stderr: {note}", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit("run_notebooks.py: name the notebooks to run")
    sys.exit(main(sys.argv[1:]))
