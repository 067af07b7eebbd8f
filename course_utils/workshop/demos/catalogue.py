"""The demos as data: what each shows, how it starts, and a plan of what to show and say."""

from __future__ import annotations

import difflib
import importlib.util
from dataclasses import dataclass

from course_utils.environment import how_to_install

__all__ = ["DEMOS", "Demo", "available", "find_demo"]


@dataclass(frozen=True)
class Demo:
    """One live figure for a room.

    Parameters
    ----------
    name : str
        What the command line calls it.
    title : str
    line : str
        What it shows, in one line.
    plan : tuple of str
        What to show and say, three to six steps.
    module, factory : str
        Where the function is that returns the figure, and its name.
    needs_torch : bool
    """

    name: str
    title: str
    line: str
    plan: tuple[str, ...]
    factory: str
    module: str = "course_utils.live"
    needs_torch: bool = False


DEMOS = (
    Demo(
        "playground",
        "Regularization playground",
        "Dropout, L2, network size and label noise together, with both accuracies as large numbers.",
        (
            "Press 1. Ask: which number counts, train or test?",
            "Point at the gap between them: the network has learned the noise.",
            "Press 2. Dropout: train falls, the gap closes.",
            "Press 3. L2: another way to nearly the same place. See how narrow the weights are.",
            "Press 4. Without wrong labels there is little to learn by heart.",
            "Ask for a guess, then move hidden units down to 4.",
        ),
        "playground",
    ),
    Demo(
        "overfitting",
        "What makes a network overfit",
        "Few points, noisy labels, many units: the gap between train and test opens and closes.",
        (
            "Press 1. Training cost falls, test cost turns and climbs.",
            "Press 2. Clean labels: the same network does well.",
            "Press 3. Four times the points: noise is harder to learn by heart.",
            "Press 4. A small network cannot bend round single points.",
            "Ask: which of the three can you change in your own work?",
        ),
        "overfitting",
    ),
    Demo(
        "keep-prob",
        "Dropout while training",
        "A network trained anew at every move of keep_prob: boundary, costs, hidden outputs.",
        (
            "Press 1. The boundary makes islands round wrong labels.",
            "Press 2. Half of the units dropped in each step: a smooth boundary.",
            "Press new masks a few times: other units, nearly the same answer.",
            "Press 3. Too few units are left to learn anything.",
            "Drag slowly from 1 to 0.1. Ask the room to say stop at the best place.",
        ),
        "keep_prob_trainer",
    ),
    Demo(
        "lambda",
        "A penalty while training",
        "L2, L1 or both: boundary, costs, and the histogram of all weights with its exact zeros.",
        (
            "Press 1. Look at how wide the weights spread.",
            "Press 2. L2 makes them small; count the exact zeros.",
            "Press 3. L1 sets many to zero exactly. Read the number aloud.",
            "Press 4. Both at full strength: too much.",
            "Drag λ back slowly. Ask: where would a validation set stop?",
        ),
        "lambda_trainer",
    ),
    Demo(
        "masks",
        "Masks of dropout",
        "A small network, unit by unit: who is dropped, and what holds on average.",
        (
            "Press 2, then new masks a few times: another network each time.",
            "Ask: half is dropped. Why does the mean not halve?",
            "Point at the mean: dropping and scaling leaves it alone.",
            "Press 3. The mean stays, the variance grows.",
            "Press 1. Nothing dropped, no variance: the network of test time.",
        ),
        "mask_explorer",
    ),
    Demo(
        "penalty-bowl",
        "The bowl and the penalty",
        "Data cost, penalty and their sum over two weights: circles shrink, diamonds have corners.",
        (
            "Press 1. The minimum of the data cost alone.",
            "Drag λ up with L2: the minimum moves towards zero.",
            "Press 2. Small weights, but none is zero.",
            "Press 3. L1: one weight is exactly zero. Ask why a corner matters.",
            "Press 4. Both weights are zero: the penalty has won.",
        ),
        "penalty_bowl",
    ),
    Demo(
        "bugs",
        "Bugs that the cost does not show",
        "A broken backward pass, a cost that looks fine, and the gradient check that tells.",
        (
            "Press 1. Ask: is this network healthy? The costs say so.",
            "Point at the gradient check: two bugs.",
            "Press 2. With larger first weights the costs drift apart in the end.",
            "Press 3. One bug alone: its error lands between the two lines.",
            "Press 4. Without dropout the bug is silent. So check with dropout on.",
        ),
        "bug_clinic",
    ),
    Demo(
        "pytorch",
        "Dropout and weight_decay in PyTorch",
        "The same data in PyTorch: p is what is dropped, and AdamW is not Adam with L2.",
        (
            "Say it first: p is the share that is dropped, not kept.",
            "Press 1, then 2: the boundary grows smooth.",
            "Press 3. weight_decay in Adam is L2.",
            "Press 4. The same number in AdamW does something else.",
        ),
        "pytorch_trainer",
        module="course_utils.live.pytorch_quadrants",
        needs_torch=True,
    ),
    Demo(
        "mc-dropout",
        "Dropout left on: how sure is it?",
        "A sine with a gap: many passes with dropout give a band, and the band depends on p.",
        (
            "Press 1. The band is wider where there are no points.",
            "Press 2. Over the peak it is wrong and still sure of it.",
            "Press 3. Same data, larger p, wider band.",
            "Ask: what does the width measure, then?",
        ),
        "mc_dropout_band",
        module="course_utils.live.band",
        needs_torch=True,
    ),
)


def available() -> tuple[Demo, ...]:
    """Return the demos that can run here: those for PyTorch only where it is installed."""
    torch = importlib.util.find_spec("torch") is not None
    return tuple(demo for demo in DEMOS if torch or not demo.needs_torch)


def find_demo(name: str) -> Demo:
    """Return the demo called ``name``; raise ``ValueError`` that says which name is nearest."""
    found = {demo.name: demo for demo in available()}
    if name in found:
        return found[name]
    if name in {demo.name for demo in DEMOS}:
        raise ValueError(f"the demo {name} needs PyTorch: {how_to_install('torch')}")
    near = difflib.get_close_matches(name.lower().replace("_", "-"), found, n=1, cutoff=0.4)
    advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(found)}"
    raise ValueError(f"no demo is called {name!r}; {advice}")
