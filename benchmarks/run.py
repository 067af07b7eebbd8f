"""Print one JSON object a line: ours beside a peer, timed in one run on one thread. Nothing is asserted.

Usage: ``python benchmarks/run.py [name ...]``; all of them without a name. To add a subject, write a module beside
this one with a tuple ``BENCHES`` of functions that return a ``measure.Comparison``, and name it in ``SUBJECTS``.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when NumPy is loaded

import importlib
import json
import sys
from collections.abc import Sequence

SUBJECTS = ("training", "live", "browser", "atlas", "experiments", "demo_viewers", "lite")


def main(names: Sequence[str]) -> int:
    """Run the benches called ``names``, or all; return 0, or 2 for an unknown name."""
    benches = {bench.__name__: bench for subject in SUBJECTS for bench in importlib.import_module(subject).BENCHES}
    unknown = set(names) - set(benches)
    if unknown:
        print(f"no bench called {', '.join(sorted(unknown))}; there are {', '.join(benches)}", file=sys.stderr)
        return 2
    for name in names or benches:
        try:
            result = benches[name]()
        except ImportError as error:
            print(f"{name}: left out, {error}", file=sys.stderr)
            continue
        ratio = round(result.peer / result.ours, 2)
        line = {"bench": name, "ours": result.ours, "peer": result.peer, "ratio": ratio, "unit": result.unit}
        print(json.dumps(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
