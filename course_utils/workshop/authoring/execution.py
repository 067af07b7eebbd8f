"""Running a notebook from top to bottom in a fresh kernel, the same way each time."""

import asyncio
import atexit
import contextlib
import os
import re
import signal
import tempfile
import warnings
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

# Makes matplotlib's font cache where there is none yet; in a kernel the notice of it would be text on stderr.
import matplotlib.font_manager  # noqa: F401 - loaded for what it does, not for its names
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course_utils.workshop.authoring.beside import alt_texts, describe, expectations
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.expectation import call_of, words_of
from course_utils.workshop.authoring.source import Source

# One thread: sums split over more threads are rounded differently from run to run.
_THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    "1",
)
_MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


class Unmet(Exception):
    """A cell does not show what it must."""


class _InterruptibleClient(NotebookClient):
    """A client that runs what must hold behind a cell, and stops its kernel at Ctrl-C.

    nbclient's own answer to Ctrl-C ends in a failed assertion.
    """

    interrupted = False
    expected: Mapping[str, str] = MappingProxyType({})  # asserts by the id of the cell behind which they run
    languages: Sequence[str] = ()
    said: Mapping[str, dict[str, list[NotebookNode]]] = MappingProxyType({})  # by language and cell, what it says

    async def async_execute_cell(self, cell: NotebookNode, *arguments: Any, **options: Any) -> NotebookNode:
        executed = await super().async_execute_cell(cell, *arguments, **options)
        if cell.get("id") in self.expected:
            code = call_of(self.expected[cell.id], cell.id)
            kernel: Any = self.kc  # its asynchronous `execute` knows `reply`
            reply = await kernel.execute(code, silent=True, allow_stdin=False, reply=True, timeout=self.timeout)
            if reply["content"]["status"] != "ok":
                raise Unmet(reply["content"].get("evalue", ""))
        count = self.code_cells_executed
        for language in self.languages:
            if words := words_of(cell.source, language):
                again = new_code_cell(words, id=cell.id)
                await super().async_execute_cell(again, *arguments, **options | {"store_history": False})
                self.said[language][cell.id] = again.outputs
        if self.languages:
            self.code_cells_executed = count
            self.nb.cells[arguments[0]] = executed  # each run of a cell puts it there
        return executed

    async def async_start_new_kernel(self, **options: Any) -> None:
        task = asyncio.current_task()

        def interrupt() -> None:
            self.interrupted = True
            if task:
                task.cancel()

        with contextlib.suppress(RuntimeError):  # Windows and side threads have no such handlers
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupt)
        await super().async_start_new_kernel(**options)


def check_syntax(source: Source) -> None:
    """Compile every code cell, with and without its solutions, running nothing.

    Raises
    ------
    ChapterError
        At the first cell that is not valid Python.
    """
    for cell in source.cells:
        if cell.kind == "code":
            if error := _syntax_error(cell.text, cell.key):
                raise source.error(cell.key, f"syntax error: {error.msg}", error.lineno or 0)
            if error := _syntax_error(cell.variant_text("student"), cell.key):
                raise source.error(cell.key, f"syntax error where a student gets no solution: {error.msg}")


def execute_notebook(
    notebook: NotebookNode, source: Source, directory: Path, timeout: int = 600, languages: Sequence[str] = ()
) -> dict[str, dict[str, list[NotebookNode]]]:
    """Run a notebook, and behind each cell what it must show, and put outputs and texts of pictures into it.

    Parameters
    ----------
    notebook
        Made from `source`; changed in place.
    source
        Tells the lines for messages.
    directory
        Where the kernel runs.
    timeout
        Most seconds for one cell.
    languages
        In which cells with checks, guesses and the like say once more what they say.

    Returns
    -------
    dict
        By language, and by the id of the cell, the outputs in which it says that; English, "en", is among them if there
        are others.

    Raises
    ------
    ChapterError
        If a cell fails and is not tagged `raises-exception`, does not show what it must, takes too long or ends the
        kernel, if the kernel python3 does not start, or if an output would not stand in a book: text on stderr, or a
        memory address.
    KeyboardInterrupt
        At Ctrl-C, after the kernel was stopped.
    """
    running = ""

    def start_cell(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = cell.id

    client = _InterruptibleClient(
        notebook,
        kernel_name="python3",
        timeout=timeout,
        record_timing=False,
        on_cell_start=start_cell,
        resources={"metadata": {"path": str(directory)}},
        shutdown_kernel="immediate",
        extra_arguments=["--log-level=ERROR"],  # ipykernel warns about its own transport at each start
    )
    # Without this nbclient plays the browser for ipywidgets.Output: what is printed inside is hidden in the widget's
    # state, and its answers to the kernel can swallow the wake-up for a reply, which then is waited for in vain.
    client.widget_registry.clear()
    client.expected, texts = expectations(source), alt_texts(source)
    client.languages = ["en", *languages] if languages else []
    client.said = {language: {} for language in client.languages}
    # An empty profile, so that nobody's own start-up files take part.
    with tempfile.TemporaryDirectory() as profile:
        try:
            asyncio.run(client.async_execute(env=_environment(profile)))
        except (asyncio.CancelledError, RuntimeError) as error:  # RuntimeError: the kernel died, or never started
            if client.interrupted:
                raise KeyboardInterrupt from None
            if client.km is None:  # never started; nbclient would stop it once more at exit, and fail
                atexit.unregister(client._cleanup_kernel)
            reason = _first_line(str(error))
            raise (source.error(running, reason) if running else ChapterError(f"{source.path}: {reason}")) from None
        except CellExecutionError as error:
            # The message alone; str(error) would be the whole traceback.
            raise source.error(running, _first_line(f"{error.ename}: {error.evalue}")) from None
        except CellTimeoutError:
            raise source.error(running, f"ran longer than {timeout} s") from None
        except Unmet as error:
            raise source.error(running, str(error)) from None
        except NoSuchKernel:
            raise ChapterError("no kernel named python3: pip install ipykernel") from None
    _check_outputs(notebook, source)
    describe(notebook, texts, source)
    return dict(client.said)


def _syntax_error(text: str, name: str) -> SyntaxError | None:
    try:
        plain = TransformerManager().transform_cell(text)  # magics (`%time`, `!ls`) become calls
        with warnings.catch_warnings():
            # The compiler's warnings would come out on stderr in the run; here they become a SyntaxError.
            warnings.simplefilter("error")
            compile(plain, name, "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        return error
    return None


def _environment(profile: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    return {
        **inherited,
        **_THREADS,
        "IPYTHONDIR": profile,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "COURSE_GUESSES": "",  # nobody's own guesses are shown
        "PYTHONHASHSEED": "0",  # the order in which a set prints
    }


def _check_outputs(notebook: NotebookNode, source: Source) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text = _shown_text(output)
            if output.get("name") == "stderr":
                raise source.error(cell.id, f"writes to stderr: {_first_line(text)}")
            if address := _MEMORY_ADDRESS.search(text):
                raise source.error(cell.id, f"shows a memory address, another one in each run: {address.group()}")


def _shown_text(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    return str(output.get("data", {}).get("text/plain", ""))


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
