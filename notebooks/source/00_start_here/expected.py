# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="first-figure-answer"
import numpy as np

from course_utils.guesses import answer

whole, half = quadrant_run(1.0), quadrant_run(0.5)
train, test = ([run.run.history[f"{name}_accuracy"][-1] for run in (whole, half)] for name in ("train", "test"))
assert train[0] == 1
assert (answer("first-accuracies") == "b") == (train[1] < train[0] - 0.05 and test[1] > test[0] + 0.05)


def border(result):
    """Return how many neighbouring places of the picture belong to different classes."""
    inside = result.probability > 0.5
    return np.sum(inside[1:] != inside[:-1]) + np.sum(inside[:, 1:] != inside[:, :-1])


cross = 2 * len(whole.axis)  # the shortest border there can be
assert (answer("first-boundary") == "b") == (border(whole) > 2 * cross)
assert border(half) < 1.5 * cross
