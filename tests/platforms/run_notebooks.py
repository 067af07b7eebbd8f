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
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

KERNEL = "the-one-of-this-script"
LONGEST = 600  # seconds for a cell, or for a move
NAMED = ("numpy", "matplotlib", "ipywidgets", "ipython", "ipykernel", "nbclient", "joblib", "torch")
VIEW = "application/vnd.jupyter.widget-view+json"
REFERENCE = "IPY_MODEL_"
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
        shown = dict(self.models(output.data[VIEW]["model_id"]))
        pictures = [model for model, state in shown.items() if state["_model_name"] == "ImageModel"]
        if not pictures:
            return  # a bar of progress, say
        if not output.data.get("image/png") or not any(self.shown(pictures[0])):
            raise Broken("a live figure without its picture")
        self.figures += 1
        there = [(model, *moves) for model, state in shown.items() if (moves := away_and_back(state))]
        away = [(model, move) for model, move, _ in there]
        back = [(model, move) for model, _, move in reversed(there)]  # the other way round: at λ = 0 no penalty differs
        for model, move in away + back:
            if not await self.changed(model, move, pictures[0]):
                says = [state["value"] for state in shown.values() if state["_model_name"] == "HTMLModel"]
                raise Broken(f"{shown[model]['_model_name']} {move} leaves the picture as it was; beside it: {says}")
            self.moves += 1

    def models(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give a widget's model and those it refers to, each with its state."""
        if name not in self.client.widget_state:
            raise Broken(f"the state of widget {name} is missing")
        state = self.client.widget_state[name]
        yield name, state
        for value in state.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one.startswith(REFERENCE):
                    yield from self.models(one.removeprefix(REFERENCE))

    async def changed(self, model: str, change: dict[str, Any], picture: str) -> bool:
        """Tell the kernel of a move as a browser does; say whether it answers with another picture."""
        before = self.shown(picture)
        content = {"comm_id": model, "data": {"method": "update", "state": change, "buffer_paths": []}}
        request = self.client.kc.session.msg("comm_msg", content)
        self.client.kc.shell_channel.send(request)
        while True:
            answer = await self.client.kc.get_iopub_msg(timeout=LONGEST)
            if answer["msg_type"] == "comm_msg":
                self.client.handle_comm_msg([], answer, -1)
            if answer["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if answer["msg_type"] == "stream":
                self.notes.append(f"{self.where}, moved {change}: {answer['content']['text'].strip()}")
            if answer["content"].get("execution_state") == "idle":
                return self.shown(picture) != before

    def shown(self, picture: str) -> list[str]:
        """Give the bytes of a picture as they were sent last."""
        return [buffer["data"] for buffer in self.client.widget_buffers.get(picture, {}).values()]


def away_and_back(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Give two moves of a control: a slider half-way to its further end, other buttons, and back; none for the rest."""
    if state["_model_name"] == "FloatSliderModel":
        value, step = state["value"], state["step"]
        far = max((state["min"], state["max"]), key=lambda end: abs(end - value))
        return [{"value": value + round((far - value) / 2 / step) * step}, {"value": value}]
    if state["_model_name"] == "ToggleButtonsModel":
        index = state["index"]
        return [{"index": (index + 1) % len(state["_options_labels"])}, {"index": index}]
    return []


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
