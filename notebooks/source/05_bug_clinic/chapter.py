# The patients are wrong on purpose, and a linter sees some of it:
# ruff: noqa: B008, F841, RUF059

# %% [markdown] key="title"
# # 05 Bug clinic
#
# Two learners wrote networks with dropout and published their notebooks. Nearly all cells ran, and the costs fell.
# There are **seventeen** bugs in them all the same. You will find them, with instruments that work on your own code
# too. The code below is new and short. The bugs are the real ones.
#
# | section | sitting | patients | minutes |
# |---|---|---|---|
# | 1 Names and arguments | first | B8 A9 | 27 |
# | 2 Masks, rates, arrays | first | A3 B1 B2 | 33 |
# | 3 Extremes | first | A7 | 15 |
# | 4 Gradients | second | A4 A5 | 33 |
# | 5 Watching a run | second | A6 B7 | 28 |
# | 6 Last round: three bugs at once | second | | 11 |
# | 7 A test of your own | second | | 16 |
#
# At the end you can **find** the lines to blame for seventeen real bugs, **fix** them, **choose** the instrument for a
# symptom, **write** a test that catches them, and **say** which habit would have kept the bug out.
#
# There is a pause after section 3. Eight more patients wait at the end. They are optional: nothing else needs them.
#
# ## How the clinic works
#
# A patient is a piece of code whose lines carry letters, `# a`, `# b` and so on. You see a symptom, you run an
# instrument, and you name the line. If you accuse an innocent line, the check says why it is innocent. Some patients
# you also fix: copy the lines that you need into the exercise and change them.
#
# Below each patient is a line *Open after you have found it*. Reading it first spoils the case.
#
# Run the cells in order with Shift+Enter. A cell that says `guess` asks you before the code does. No guess is required.

# %% key="imports"
import ast
import inspect
from textwrap import dedent
from types import FunctionType, SimpleNamespace

import numpy as np

from course_utils.activations import sigmoid
from course_utils.costs import accuracy, binary_cross_entropy
from course_utils.datasets import seed_quadrants, sine
from course_utils.exercises import check, hint, solution
from course_utils.experiments import bugs
from course_utils.figures.bugs import seeds_figure
from course_utils.gradient_check import numeric_gradients, relative_errors
from course_utils.guesses import calibration, guess, outcome
from course_utils.network import backward, forward

# %% [markdown] key="names"
# ## 1 Names and arguments
#
# ### Patient B8: five passes
#
# This patient needs three cells, as it did in its notebook. The first is a forward pass for training:
# [sigmoid](words.ipynb#Sigmoid), then dropout of the hidden units.

# %% key="b8-specimen"
def forward_b8(x, W1, W2, keep_prob=0.5, rng=np.random.default_rng(0)):
    a1 = sigmoid(W1 @ x)  # a
    mask = rng.random(a1.shape) < keep_prob  # b
    return W2 @ (a1 * mask / keep_prob)  # c

# %% [markdown] key="b8-use"
# The second is for use after training, when nothing is dropped.

# %% key="b8-use-run"
def forward_b8(x, W1, W2):  # d
    return W2 @ sigmoid(W1 @ x)  # e

# %% [markdown] key="b8-text"
# The third trains. In the learner's notebook many cells lay between these. Here are five training passes with the same
# point, through 20 hidden units.
#
# **Predict:** how many different outputs will there be?

# %% key="b8-passes-guess"
guess("b8-passes")

# %% key="b8-run"
W1, W2, point = np.linspace(-2, 2, 20)[:, None], np.linspace(1, 3, 20)[None], np.array([[0.5]])
passes = [forward_b8(point, W1, W2).item() for _ in range(5)]  # f
print("outputs:", np.round(passes, 2))
outcome("b8-passes", len(set(passes)))

# %% [markdown] key="b8-instrument"
# The first instrument of the clinic turns one knob and says how far the result moves. Turn the point, then `keep_prob`.

# %% key="b8-evidence"
def change(function, one, other):
    """Return how far the results for two values of one argument are apart."""
    return float(np.abs(np.subtract(function(one), function(other))).max())


by_point = change(lambda x: forward_b8(x, W1, W2), point, 3 * point)
print(f"another point:     moves by {by_point:.2f}")
try:
    change(lambda q: forward_b8(point, W1, W2, keep_prob=q), 0.9, 0.1)
except TypeError as error:
    print("another keep_prob: TypeError:", error)

# %% [markdown] key="b8-find"
# **Find B8.** Which line is to blame? Return its letter as a text, such as `"b"`.

# %% key="exercise-b8"
def suspect_b8():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% key="check-b8"
check("find_b8", suspect_b8)

# %% [markdown] key="b8-mend-text"
# **Fix B8.** One function is enough for training and for use, if it drops nothing at `keep_prob` 1. It has no defaults:
# you have to say what you want.

# %% key="exercise-mend-b8"
def mended_b8(x, W1, W2, keep_prob, rng):
    """Return the outputs; hidden units are dropped unless keep_prob is 1."""
    ### BEGIN SOLUTION
    a1 = sigmoid(W1 @ x)  # (n_h, m)
    mask = rng.random(a1.shape) < keep_prob  # (n_h, m)
    return W2 @ (a1 * mask / keep_prob)
    ### END SOLUTION

# %% key="check-mend-b8"
check("mended_b8", mended_b8)

# %% [markdown] key="b8-lesson"
# <details><summary>Open after you have found it</summary>
#
# A name means what was assigned to it last. Line d gave the name to another function, and the dropout of the first one
# was gone. No error says so: `forward_b8(x, W1, W2)` fits both. The learner trained for 4000 steps this way, and the
# notebook still speaks of dropout.
#
# **Habit:** one function for training and for use, with a setting that must be said. And let a linter warn you of names
# that are defined twice.
#
# </details>

# %% [markdown] key="a9-text"
# ### Patient A9: a penalty
#
# A linear layer learns from 40 points by [gradient descent](words.ipynb#Gradient-descent). Cost and gradient have the
# penalty of chapter 03, $\lambda/(2m) \sum W^2$ and $\lambda/m \, W$.

# %% key="a9-specimen"
def cost_a9(x, y, W, lambd=0):
    m = y.shape[1]
    return (np.sum((W @ x - y) ** 2) + lambd * np.sum(W**2)) / (2 * m)


def gradient_a9(x, y, W, lambd=0):
    m = y.shape[1]  # a
    error = W @ x - y  # b
    return error @ x.T / m + lambd / m * W  # c


def trained_a9(x, y, lambd, steps):
    W = np.zeros((len(y), len(x)))  # d
    for _ in range(steps):
        W = W - 0.1 * gradient_a9(x, y, W)  # e
    return W  # f

# %% key="a9-symptom"
rng = np.random.default_rng(0)
x, y, some_W = rng.standard_normal((5, 40)), rng.standard_normal((1, 40)), rng.standard_normal((1, 5))
for lambd in (0, 1, 100):
    print(f"λ {lambd:3}: sum of squared weights {np.sum(trained_a9(x, y, lambd, 200) ** 2):.3f}")

# %% [markdown] key="a9-instrument"
# At λ = 100 less than a fifth should be left. In chapter 03 the gradient check found such bugs: compare the gradient
# with differences of the cost. Call both as the learner did, turn λ in both functions, and **find A9**.
#
# **Predict:** what will the gradient check say?

# %% key="a9-check-guess"
guess("a9-check")

# %% key="a9-evidence"
numeric = numeric_gradients(lambda p: cost_a9(x, y, p["W"]), {"W": some_W})
error = relative_errors({"W": gradient_a9(x, y, some_W)}, numeric)["W"]
inner_change = change(lambda lambd: gradient_a9(x, y, some_W, lambd), 0, 100)
outer_change = change(lambda lambd: trained_a9(x, y, lambd, 200), 0, 100)
print("gradient check: ", "below 1e-7" if error < 1e-7 else f"{error:.0e}")
print(f"λ from 0 to 100 moves gradient_a9 by {inner_change:.2f} and trained_a9 by {outer_change:.2f}")
outcome("a9-check")

# %% key="exercise-a9"
def suspect_a9():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "e"
    ### END SOLUTION

# %% key="check-a9"
check("find_a9", suspect_a9)

# %% [markdown] key="a9-mend-text"
# **Fix A9.** Train for so many steps with learning rate 0.1 from zeros, with the λ that you are given.

# %% key="exercise-mend-a9"
def mended_a9(x, y, lambd, steps):
    """Return the weights (n_y, n_x) after training with L2."""
    ### BEGIN SOLUTION
    W = np.zeros((len(y), len(x)))
    for _ in range(steps):
        W = W - 0.1 * ((W @ x - y) @ x.T + lambd * W) / x.shape[1]
    return W
    ### END SOLUTION

# %% key="check-mend-a9"
check("mended_a9", mended_a9)

# %% [markdown] key="a9-lesson"
# <details><summary>Open after you have found it</summary>
#
# Line e leaves λ to its default, 0. So L2 never acted, neither in the learner's cost nor in the gradient. A gradient
# check compares the two with each other. It cannot know what you meant.
#
# **Habit:** no defaults for what an experiment varies. And before a long run, turn each knob once and see whether the
# result moves.
#
# </details>

# %% [markdown] key="masks"
# ## 2 Masks, rates, arrays
#
# In section 1 a number never arrived. Here every number arrives, and the results are wrong all the same. So test
# **properties**: what must hold for any right version, without knowing its result?
#
# ### Patient A3: 20 units, 100 examples
#
# All 2000 outputs are 1. Dropout keeps half of them and scales, so the mean should stay near 1. With 2000 independent
# draws its standard deviation would be about 0.02.

# %% key="a3-specimen"
def dropped_a3(a, keep_prob, rng):
    n, m = a.shape  # a
    mask = rng.random((n, 1)) < keep_prob  # b
    left = a * mask  # c
    return left / keep_prob  # d


rng = np.random.default_rng(0)
ones = np.ones((20, 100))
means = [dropped_a3(ones, 0.5, rng).mean() for _ in range(5)]
print("means of five steps:", np.round(means, 2))

# %% [markdown] key="a3-instrument"
# Ten times as restless as it should be. Three properties of dropout can be tested from outside: the mean over many masks is
# the input, the shape stays, and examples have masks of their own. **Find A3** by them.

# %% key="a3-evidence"
many = [dropped_a3(ones, 0.5, rng).mean() for _ in range(4000)]
result = dropped_a3(ones, 0.5, rng)
columns = np.unique(result, axis=1).shape[1]
print(f"mean over 4000 masks: {np.mean(many):.1f}   standard deviation of one: {np.std(many):.2f}")
print("shape in and out:    ", ones.shape, result.shape)
print("different columns:   ", columns, "of", result.shape[1])

# %% key="exercise-a3"
def suspect_a3():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% key="check-a3"
check("find_a3", suspect_a3)

# %% [markdown] key="a3-mend-text"
# **Fix A3.** Return the outputs after dropout, masked and scaled, so that all three properties hold.

# %% key="exercise-mend-a3"
def mended_a3(a, keep_prob, rng):
    """Return a (units, examples) after dropout."""
    ### BEGIN SOLUTION
    mask = rng.random(a.shape) < keep_prob
    return a * mask / keep_prob
    ### END SOLUTION

# %% key="check-mend-a3"
check("mended_a3", mended_a3)

# %% [markdown] key="a3-lesson"
# <details><summary>Open after you have found it</summary>
#
# Line b draws 20 numbers for 2000 entries, and NumPy stretches the one column over all examples without a word.
# Averaged over many masks the result is right. What is wrong: all examples share one mask.
#
# **Habit:** write the shape at the end of each line that makes an array, and test that columns differ.
#
# </details>

# %% [markdown] key="b1-text"
# ### Patient B1: five epochs
#
# Dropout of the inputs, once in each epoch.

# %% key="b1-specimen"
def dropped_b1(x, keep_prob, rng):
    mask = rng.random(x.shape) < keep_prob  # a
    scale = 1 / keep_prob  # b
    x *= mask * scale  # c
    return x  # d

# %% [markdown] key="b1-predict"
# The same 1000 inputs, all 1, go through it in every epoch, at `keep_prob` 0.5. After each epoch we look at the inputs.
#
# **Predict:** which share of them is not zero after five epochs?

# %% key="b1-left-guess"
guess("b1-left")

# %% key="b1-run"
rng, data = np.random.default_rng(0), np.ones(1000)
for epoch in range(1, 6):
    dropped_b1(data, 0.5, rng)
    print(f"epoch {epoch}: share of inputs that are not zero {np.mean(data != 0):.2f}")
outcome("b1-left", np.mean(data != 0))

# %% [markdown] key="b1-instrument"
# Nothing in the loop assigns to `data`. The property to test: **is the input the same after the call?** And a second
# one: does it work for whole numbers as for fractions? Then **find B1**.

# %% key="b1-evidence"
def is_unchanged(function, x):
    """Return whether x is the same after function(x)."""
    before = x.copy()
    function(x)
    return np.array_equal(before, x)


print("input unchanged:", is_unchanged(lambda x: dropped_b1(x, 0.5, rng), np.ones(1000)))
try:
    dropped_b1(np.arange(10), 0.5, rng)
except TypeError as error:
    print("whole numbers:   TypeError:", str(error)[:35], "...")

# %% key="exercise-b1"
def suspect_b1():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% key="check-b1"
check("find_b1", suspect_b1)

# %% [markdown] key="b1-mend-text"
# **Fix B1.** The same notebook had the same habit in its update: `W -= learning_rate * dW`. Then the parameters from
# before the step are gone, and if you "saved" them to compare, you saved only a second name for the new ones. Write the
# step so that it returns a new dict and leaves the old one as it is, arrays included.

# %% key="exercise-mend-b1"
def mended_b1(parameters, gradients, learning_rate):
    """Return the parameters after one step of gradient descent, as a new dict."""
    ### BEGIN SOLUTION
    return {name: value - learning_rate * gradients[name] for name, value in parameters.items()}
    ### END SOLUTION

# %% key="check-mend-b1"
check("mended_b1", mended_b1)

# %% [markdown] key="b1-lesson"
# <details><summary>Open after you have found it</summary>
#
# `x *= ...` in line c works in place, on the caller's own array. Each epoch drops half of what the last one left. And
# NumPy refuses to write the products, which are floats, into an array of whole numbers.
#
# **Habit:** a function returns something new or changes its argument, never both. `x = x * y` makes a new array.
#
# </details>

# %% [markdown] key="b2-text"
# ### Patient B2: a share and a mean
#
# A layer and its dropout. Both words, `level` and `keep_prob`, stood in one notebook.

# %% key="b2-specimen"
def drop_b2(x, level, rng):
    mask = rng.random(x.shape) >= level  # a
    return x * mask / (1 - level)  # b


def hidden_b2(x, W, keep_prob, rng):
    a = np.tanh(W @ x)  # c
    return drop_b2(a, keep_prob, rng)  # d

# %% [markdown] key="b2-predict"
# **Predict:** at `keep_prob` 0.9, which share of the hidden outputs will be left?

# %% key="b2-left-guess"
guess("b2-left")

# %% key="b2-run"
x, W = np.ones((1, 50)), np.ones((40, 1))
out = hidden_b2(x, W, 0.9, np.random.default_rng(0))
print(f"keep_prob 0.9: mean {out.mean():.2f}, and tanh(1) is {np.tanh(1):.2f}")
outcome("b2-left", np.mean(out != 0))

# %% [markdown] key="b2-instrument"
# The mean is not far off, so a test of means would have noticed nothing. Count what is left, at several rates: for each
# function on its own, with the name that it gives its argument. At one of the rates no count can see the bug.

# %% key="b2-evidence"
def count_left(function, rate):
    """Return the share of entries that are not zero."""
    return float(np.mean(function(rate, np.random.default_rng(0)) != 0))


for rate in (0.9, 0.5, 0.1):
    inner = count_left(lambda level, rng: drop_b2(np.ones((40, 50)), level, rng), rate)
    outer = count_left(lambda keep_prob, rng: hidden_b2(x, W, keep_prob, rng), rate)
    print(f"level {rate}: left {inner:.1f}      keep_prob {rate}: left {outer:.1f}")

# %% [markdown] key="b2-find"
# **Find B2.** Each of the two functions keeps some promise. Which line breaks one?

# %% key="exercise-b2"
def suspect_b2():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% key="check-b2"
check("find_b2", suspect_b2)

# %% [markdown] key="b2-lesson"
# <details><summary>Open after you have found it</summary>
#
# `drop_b2` does what its argument says: `level` is the probability to drop. Line d hands it a probability to keep,
# where `1 - keep_prob` belongs. At 0.5 the two are the same and nothing shows.
#
# **Habit:** one word for one thing in the whole project. And never test a rate at 0.5 alone.
#
# </details>

# %% [markdown] key="extremes"
# ## 3 Extremes
#
# Some bugs sleep until a number gets large. One cell wakes them: give the function extreme inputs, and turn NumPy's
# warnings into errors.
#
# ### Patient A7: sure and right
#
# The [cross-entropy](words.ipynb#Cross-entropy), with a healthy sigmoid. At z = 0 it costs 0.69. If you are sure and
# wrong, it should cost about |z|.

# %% key="a7-specimen"
def cross_entropy_a7(z, y):
    p = sigmoid(z)  # a
    on = y * np.log(p)  # b
    off = (1 - y) * np.log(1 - p)  # c
    return -np.mean(on + off)  # d

# %% [markdown] key="a7-predict"
# **Predict:** the label is 1 and z = 40: sure and right. What is the cost?

# %% key="a7-forty-guess"
guess("a7-forty")

# %% key="a7-run"
with np.errstate(all="ignore"):
    for batch in ([20.0], [40.0], [20.0, 20.0, 20.0, 40.0]):
        z = np.array([batch])
        print(f"z {batch}, label 1: cost {cross_entropy_a7(z, np.ones(z.shape)):.4f}")

outcome("a7-forty")

# %% [markdown] key="a7-instrument"
# One such example in a batch, and the cost of the whole batch is gone. Put the parts under pressure, with label 1, and
# look at `p` with all its digits.

# %% key="a7-evidence"
def under_pressure(function, inputs):
    """Print what a function gives for each input, or what NumPy has to say against it."""
    for z in inputs:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            try:
                print(f"{z:6g}: {function(np.array([[z]])).item():.4f}")
            except FloatingPointError as error:
                print(f"{z:6g}: FloatingPointError: {error}")


under_pressure(lambda z: cross_entropy_a7(z, np.ones((1, 1))), [20.0, 40.0, -40.0, -800.0])
for value in (20.0, 36.0, 40.0):
    print(f"z {value:g}: p = {sigmoid(value)!s:22} 1 - p = {1 - sigmoid(value):.1e}")

# %% [markdown] key="a7-find"
# **Find A7.** Take z = 40 and label 1. In which line is the first value that is not finite?

# %% key="exercise-a7"
def suspect_a7():
    """Return the letter of the line with the first value that is not finite, for z = 40 and y = 1."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% key="check-a7"
check("find_a7", suspect_a7)

# %% [markdown] key="a7-mend-text"
# The usual bandage is to clip `p` to [1e-7, 1 − 1e-7]. Take label 0, so that a large z is sure and wrong. The right
# cost is about z, and its slope 1: one step down in z saves one in cost.
#
# **Predict:** what is the slope of the clipped cost at z = 20?

# %% key="a7-slope-guess"
guess("a7-slope")

# %% key="a7-clipped"
def clipped(z, y):
    p = np.clip(sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


wrong_label = np.zeros((1, 1))
slopes = {}
for value in (10.0, 20.0, 40.0, 1000.0):
    z = np.array([[value]])
    slope = slopes[value] = numeric_gradients(lambda p: clipped(p["z"], wrong_label), {"z": z})["z"].item()
    print(f"z {value:4g}, label 0: cost {value:4g}, clipped {clipped(z, wrong_label):4.1f}; slope 1, clipped {slope:.0f}")

outcome("a7-slope", slopes[20.0])

# %% [markdown] key="a7-mend-text-more"
# Differentiate the clipped cost, as libraries do, and the network gets no gradient at all where it is most wrong. A
# gradient written by hand, $\sigma(z) - y$, goes on, but it is no longer that of the cost.
#
# **Fix A7.** Write the cost from the [logits](words.ipynb#Logit). For label 1 it is $\log(1 + e^{-z})$, for label 0 it
# is $\log(1 + e^{z})$. `np.logaddexp(0, z)` is $\log(1 + e^{z})$ and never overflows.

# %% key="exercise-mend-a7"
def mended_a7(z, y):
    """Return the mean cross-entropy of logits z and labels y (0 or 1), right for any finite z."""
    ### BEGIN SOLUTION
    return np.mean(np.logaddexp(0, z) - y * z)
    ### END SOLUTION

# %% key="check-mend-a7"
check("mended_a7", mended_a7)

# %% [markdown] key="a7-lesson"
# <details><summary>Open after you have found it</summary>
#
# At z = 40 the sigmoid is rounded to exactly 1, and line c takes log(0). That is −∞, and 0 · (−∞) is nan. Line b does
# the same for very negative z.
#
# **Habit:** compute costs from logits, never from probabilities. Rounding has already happened in `p`, and no later
# line can undo it.
#
# </details>

# %% [markdown] key="pause"
# ## A pause
#
# That was the first sitting: six patients, each a function or two. Three sentences to take along:
#
# - What you set must arrive. Turn each knob once, and see whether the result moves.
# - What is random is tested by properties: shares, means, different columns, an unchanged input.
# - What works for ordinary numbers may fail for extreme ones. Try them on purpose.
#
# The second sitting trains whole networks, and begins with the heart of the clinic.
#
# Close the notebook if you like; your answers stay in it, once you save. When you come back, click the next cell and
# choose *Run All Above Selected Cell*.

# %% [markdown] key="gradients"
# ## 4 Gradients
#
# ### Patients A4 and A5: ten falling costs
#
# This is the centre of the clinic. A network [2, 30, 1] learns 200 points of the plane: class 1 where both coordinates
# have the same sign. It has tanh, dropout with `keep_prob` 0.7, and learning rate 0.1. `forward_found` is healthy. In
# `backward_found` **two** lines are wrong, as in the learner's.
#
# Read both. Do not search yet.

# %% key="a4-forward"
def forward_found(x, parameters, mask, keep_prob):
    """Return the logits, and what going back will need."""
    z1 = parameters["W1"] @ x + parameters["b1"]  # (n_h, m)
    a1 = np.tanh(z1)
    a1 = a1 * mask / keep_prob
    z2 = parameters["W2"] @ a1 + parameters["b2"]  # (1, m)
    return z2, {"x": x, "z1": z1, "a1": a1, "z2": z2, "mask": mask, "keep_prob": keep_prob}

# %% key="a4-specimen"
def backward_found(y, parameters, cache):
    """Return the gradient of the mean cross-entropy for each parameter."""
    x, a1, m = cache["x"], cache["a1"], y.shape[1]  # a
    dz2 = (sigmoid(cache["z2"]) - y) / m  # b
    dropped = parameters["W2"].T @ dz2  # c
    da1 = dropped * cache["mask"] / cache["keep_prob"]  # d
    slope = 1 - a1**2  # e
    dz1 = dropped * slope  # f
    dW1, db1 = dz1 @ x.T, dz1.sum(axis=1, keepdims=True)  # g
    dW2, db2 = dz2 @ a1.T, dz2.sum(axis=1, keepdims=True)  # h
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

# %% [markdown] key="a4-training-text"
# We can repeat the learner's run to the last digit: the same generator, points, weights and masks. One mask serves all
# examples, as in patient A3; leave that as it is.

# %% key="a4-training"
def start(seed=1, scale=0.01):
    """Return points, labels, first weights, and the generator that will draw the masks."""
    x, y, legacy = seed_quadrants()
    if seed != 1:
        legacy = np.random.RandomState(seed)  # other weights and masks for the same points
    W1, W2 = legacy.rand(30, 2) * scale, legacy.rand(1, 30) * scale
    return x, y, {"W1": W1, "b1": np.zeros((30, 1)), "W2": W2, "b2": np.zeros((1, 1))}, legacy


def training(backward, seed=1, steps=10, scale=0.01, learning_rate=0.1, keep_prob=0.7):
    """Return the cost of every step and the last parameters."""
    x, y, parameters, legacy = start(seed, scale)
    costs = []
    for _ in range(steps):
        mask = legacy.rand(30, 1) < keep_prob
        z2, cache = forward_found(x, parameters, mask, keep_prob)
        costs.append(binary_cross_entropy(z2, y))
        gradients = backward(y, parameters, cache)
        parameters = {name: value - learning_rate * gradients[name] for name, value in parameters.items()}
    return np.array(costs), parameters

# %% key="a4-costs"
costs, _ = training(backward_found)
printed = [f"{cost:.6f}" for cost in costs]
print(" ".join(printed[:5]), "\n" + " ".join(printed[5:]))

# %% [markdown] key="a4-healthy-text"
# Ten costs, and each is lower than the one before. That is what the learner saw and published.
#
# Now the same run with the gradient of this course, which is right.
#
# **Predict:** how many of the ten costs will differ, in any of their six digits?

# %% key="a4-differ-guess"
guess("a4-differ")

# %% key="a4-healthy"
def backward_healthy(y, parameters, cache):
    """Return the gradient by the course's own network, with the same mask."""
    settings = {"activation": "tanh", "keep_prob": cache["keep_prob"], "masks": [None, cache["mask"]]}
    _, own_cache = forward(cache["x"], parameters, **settings)
    return backward(y, parameters, own_cache)


healthy_costs, _ = training(backward_healthy)
for step, (wrong, right) in enumerate(zip(costs, healthy_costs, strict=True), start=1):
    mark = "   <-" if f"{wrong:.6f}" != f"{right:.6f}" else ""
    print(f"step {step:2}: found {wrong:.6f}   healthy {right:.6f}{mark}")

outcome("a4-differ", sum(f"{wrong:.6f}" != f"{right:.6f}" for wrong, right in zip(costs, healthy_costs, strict=True)))

# %% [markdown] key="a4-spread-text"
# One of ten, by one in the last place. Is that much or little? Compare it with what chance does: other first weights,
# other masks, the same points, 50 seeds.
#
# **Predict:** how many times larger is the spread between seeds than the difference between wrong and right?

# %% key="a4-ratio-guess"
guess("a4-ratio")

# %% key="a4-spread"
wrong = np.array([training(backward_found, seed)[0] for seed in range(1, 51)])  # (50, 10)
right = np.array([training(backward_healthy, seed)[0] for seed in range(1, 51)])
between_seeds, between_codes = right[:, -1].std(), np.abs(wrong - right)[:, -1].mean()
print(f"last cost, standard deviation between seeds:  {between_seeds:.1e}")
print(f"last cost, mean difference, found to healthy: {between_codes:.1e}")
higher = (wrong[:, -1, None] > right[:, -1])[~np.eye(50, dtype=bool)]  # 50 · 49 pairs of different seeds
print(f"the wrong code ends higher in {higher.mean():.0%} of {higher.size} pairs of different seeds")
outcome("a4-ratio", between_seeds / between_codes)

# %% key="a4-figure"
seeds_figure(wrong, right)

# %% [markdown] key="a4-check-text"
# On the left each line is one seed, from the wrong code to the right one: the lines are level, and the seeds are far
# apart. Given one curve of each code, from different seeds, you can only toss a coin. And both costs fall.
#
# The **gradient check** does not ask how far the cost falls. It asks, for each parameter: does the cost change as
# `backward` says? The mask is held still.
#
# **Predict:** two lines of `backward_found` are wrong. How many of the four arrays W1, b1, W2, b2 will fail?

# %% key="a4-arrays-guess"
guess("a4-arrays")

# %% key="a4-check"
def checked(backward, scale=0.01):
    """Return the relative error of a gradient for each parameter array."""
    x, y, parameters, legacy = start(scale=scale)
    mask = legacy.rand(30, 1) < 0.7

    def cost(nudged):
        return binary_cross_entropy(forward_found(x, nudged, mask, 0.7)[0], y)

    _, cache = forward_found(x, parameters, mask, 0.7)
    return relative_errors(backward(y, parameters, cache), numeric_gradients(cost, parameters))


def say(name, errors):
    print(f"{name:10}", "  ".join(f"{key} {'below 1e-7' if e < 1e-7 else f'{e:.0e}'}" for key, e in errors.items()))


found_errors, healthy_errors = checked(backward_found), checked(backward_healthy)
say("found", found_errors)
say("healthy", healthy_errors)
outcome("a4-arrays", sum(error > 1e-3 for error in found_errors.values()))

# %% [markdown] key="a4-where"
# One run of well under a second, and no doubt is left. It also says **where**. W2 and b2 are right, so what goes into
# them is right. The fault lies between `dz2` and W1.
#
# Three more questions narrow it down, at weights of ordinary size. What gradient do the weights of **dropped** units
# get? The cost of this step cannot depend on them. Between which numbers does `a1` in the cache lie? An output of tanh
# lies between −1 and 1. And is there a name that is never read? For that, an instrument reads the code; linters
# do it too, for arguments if you ask them to.

# %% key="a4-reading"
def never_read(function):
    """Return the names that a function stores or takes and never reads."""
    nodes = list(ast.walk(ast.parse(dedent(inspect.getsource(function)))))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return sorted(stored - {node.id for node in names if isinstance(node.ctx, ast.Load)})

# %% key="a4-evidence"
x, y, ordinary, legacy = start(scale=1.0)
mask = legacy.rand(30, 1) < 0.7
_, cache = forward_found(x, ordinary, mask, 0.7)
gone = ~mask[:, 0]
for name, function in {"found": backward_found, "healthy": backward_healthy}.items():
    dW1 = function(y, ordinary, cache)["W1"]
    print(f"{name:8} dropped units {gone.sum()}, of them with a gradient {np.any(dW1[gone] != 0, axis=1).sum()}")

print(f"a1 in the cache: from {cache['a1'].min():.2f} to {cache['a1'].max():.2f}")
print("names never read:", never_read(backward_found))

# %% [markdown] key="a4-find"
# **Find A4.** One of the two lines lets a gradient through to units that were dropped. Which?

# %% key="exercise-a4"
def suspect_a4():
    """Return the letter of the line that lets gradients through to dropped units."""
    ### BEGIN SOLUTION
    return "f"
    ### END SOLUTION

# %% key="check-a4"
check("find_a4", suspect_a4)

# %% [markdown] key="a5-find"
# **Find A5.** The other line takes `a1` for something that it is not. It makes slopes that no tanh has, even negative
# ones. Which?

# %% key="exercise-a5"
def suspect_a5():
    """Return the letter of the line whose slopes can be negative."""
    ### BEGIN SOLUTION
    return "e"
    ### END SOLUTION

# %% key="check-a5"
check("find_a5", suspect_a5)

# %% [markdown] key="a4-mend-text"
# **Fix A4 and A5.** The cache holds `x`, `z1`, `a1`, `z2`, `mask` and `keep_prob`, as `forward_found` made it.

# %% key="exercise-mend-a4"
def mended_backward(y, parameters, cache):
    """Return the gradients W1, b1, W2, b2 of the mean cross-entropy."""
    ### BEGIN SOLUTION
    x, a1, m = cache["x"], cache["a1"], y.shape[1]
    dz2 = (sigmoid(cache["z2"]) - y) / m
    da1 = parameters["W2"].T @ dz2 * cache["mask"] / cache["keep_prob"]
    dz1 = da1 * (1 - np.tanh(cache["z1"]) ** 2)
    dW1, db1 = dz1 @ x.T, dz1.sum(axis=1, keepdims=True)
    dW2, db2 = dz2 @ a1.T, dz2.sum(axis=1, keepdims=True)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION

# %% key="check-mend-a4"
check("mended_backward", mended_backward)

# %% [markdown] key="a4-lesson"
# <details><summary>Open after you have found both</summary>
#
# **A4, line f:** line d masks and scales, then line f goes on with `dropped`, the gradient from before. The right one
# is computed and thrown away. *Read on*, at the end, names a library of today with something like it.
#
# **A5, line e:** $1 - a_1^2$ is the slope of tanh only while $a_1 = \tanh z_1$. Here `a1` has been masked and scaled
# since. Keep the old value under a name of its own, or take the slope at $z_1$.
#
# **Habits:** one name, one value. And no gradient without a check.
#
# </details>

# %% [markdown] key="a4-sizes"
# ### A check needs weights large enough to matter
#
# Now A5 alone, with A4 fixed. The learner's weights lie between 0 and 0.01. Many people sound the alarm only above 0.001,
# since single precision and kinks make errors of that size.
#
# **Predict:** with such an alarm, will the check find A5 at such weights?

# %% key="a5-found-guess"
guess("a5-found")

# %% key="a4-sizes-check"
def backward_a5_alone(y, parameters, cache):
    dz2 = (sigmoid(cache["z2"]) - y) / y.shape[1]
    dz1 = parameters["W2"].T @ dz2 * cache["mask"] / cache["keep_prob"] * (1 - cache["a1"] ** 2)
    right = backward_healthy(y, parameters, cache)
    return right | {"W1": dz1 @ cache["x"].T, "b1": dz1.sum(axis=1, keepdims=True)}


for scale in (0.01, 0.1, 1.0):
    errors = checked(backward_a5_alone, scale)
    say(f"up to {scale:g}", errors)

outcome("a5-found")

# %% [markdown] key="a4-sizes-text"
# At the learner's weights `a1` is about 0.01, and $1 - a_1^2$ is nearly 1, dropped or not. At weights of ordinary size
# the error is 0.6 for W1 and 0.2 for b1. **Check at weights of ordinary size**, not at the first ones, if those are
# tiny.
#
# ### Your turn: curve or check?
#
# The same network, but with a mask for each example. On the left are the costs of a sick and a healthy run, in the
# middle how far they are apart, on the right the gradient check. Long runs are shown by means, since masks make a cost
# restless.
#
# 1. Begin with *the seed's ten steps* and press *new masks* a few times. Can you tell the two curves apart?
# 2. Choose *A5* alone. From which scale of the first weights on is the error above 0.001?
# 3. Take *large first weights*. Now the curves part. Would you know without the names which of them is the healthy one?
# 4. Press *nothing dropped*. Why do both bugs vanish?

# %% key="live-clinic"
from course_utils.live import bug_clinic

bug_clinic()

# %% [markdown] key="watching"
# ## 5 Watching a run
#
# Here the gradients pass their check. What is wrong is a **number** somebody chose. The instruments are comparisons:
# with the simplest predictor, with other settings, with other seeds.
#
# ### Patient A6: the ten costs again
#
# The run of section 4, with the healthy gradient. Its costs fell from 0.693123 to 0.692827. Two predictors need no
# training at all: one says 0.5 for every point and has the cost ln 2, 0.693147. The other says for every point the
# share of class 1 in the data.
#
# **Predict:** has the network overtaken both of them after ten steps?

# %% key="a6-constant-guess"
guess("a6-constant")

# %% key="a6-specimen"
settings = {
    "scale": 0.01,  # a
    "learning_rate": 0.1,  # b
    "steps": 10,  # c
    "keep_prob": 0.7,  # d
}
x, y, _, _ = start()
share = y.mean()
always_share = -share * np.log(share) - (1 - share) * np.log(1 - share)
ten, _ = training(backward_healthy, **settings)
print(f"always 0.5   {np.log(2):.6f}\nalways {share:.2f}  {always_share:.6f}\nten steps    {ten[-1]:.6f}")
outcome("a6-constant")

# %% [markdown] key="a6-instrument"
# But ten steps are few. Give it 1000, and beside that change one setting at a time: no dropout, learning rate 5 in
# place of 0.1, first weights up to 1, or 20 000 steps. Each has four seeds, the last one two, since it takes a while.
# Without any change it ends with 0.47 of the points right. (It still has the shared mask of A3.)
#
# **Predict:** one of the four changes is of no use. Which?

# %% key="a6-useless-guess"
guess("a6-useless")

# %% key="a6-evidence"
trials = {"nothing else": {}, "keep_prob 1": {"keep_prob": 1.0}, "learning_rate 5": {"learning_rate": 5.0}}
trials |= {"scale 1": {"scale": 1.0}, "steps 20000": {"steps": 20000}}


def ended(seed, scale, learning_rate, steps, keep_prob):
    """Return the parameters after a run with the healthy gradient, by functions that check nothing and are fast."""
    x, y, p, legacy = start(seed, scale)
    for _ in range(steps):
        keep = (legacy.rand(30, 1) < keep_prob) / keep_prob
        gradients = bugs.backward(x, y, p, bugs.forward(x, p, keep), keep, "healthy")
        p = {name: value - learning_rate * gradients[name] for name, value in p.items()}
    return p


networks = {
    name: [ended(seed, **(settings | {"steps": 1000} | changed)) for seed in (1, 2, 3, 4)[: 2 if "steps" in changed else 4]]
    for name, changed in trials.items()
}
scores = {name: [accuracy(forward_found(x, p, 1.0, 1.0)[0], y) for p in found] for name, found in networks.items()}
for name, values in scores.items():
    print(f"{name:16} accuracy", *(f"{value:.2f}" for value in values))
outcome("a6-useless")

# %% [markdown] key="a6-find"
# **Find A6.** Say that it may have 1000 steps. Which line of `settings` would you change beside that? More than one
# answer is right, and the check says what each is worth.

# %% key="exercise-a6"
def suspect_a6():
    """Return the letter of a setting whose change sets the network free."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% key="check-a6"
check("find_a6", suspect_a6)

# %% [markdown] key="a6-cause"
# Three remedies. Then what is the illness? Four learners explain why the cost stands still:
#
# - **a:** the masks are so noisy that the steps cancel each other;
# - **b:** the units hardly bend, so the network is a straight line, and no straight line separates these points;
# - **c:** the gradient is wrong, so the steps lead nowhere;
# - **d:** 30 units are too few for 200 points.
#
# The table has evidence against three of them. The fourth you can measure: how far do the units bend? While $\tanh z$
# is nearly $z$, a unit is a straight line and its bend is 0.

# %% key="a6-bend"
def bend(parameters):
    """Return how far tanh(z) is from z, as a share of z, over all units and points."""
    z = parameters["W1"] @ x + parameters["b1"]
    return np.linalg.norm(np.tanh(z) - z) / np.linalg.norm(z)


bends = {name: [bend(p) for p in found] for name, found in networks.items()}
for name, values in bends.items():
    print(f"{name:16} bend", *(f"{value:.1f}" for value in values))

# %% [markdown] key="a6-small"
# The rows fall into the same two groups. But a bend grows with the weights. Perhaps the stuck networks are stuck
# because their weights are **small**, and straightness has nothing to do with it. A unit that is bent at any size separates the
# two: $\lvert z \rvert$ in place of $\tanh z$, from the same tiny weights and with learning rate 0.1. (It is also the same
# for $z$ and $-z$, as these classes are, which helps it.)
#
# **Predict:** what will the lowest accuracy of four seeds be after 1000 steps?

# %% key="a6-absolute-guess"
guess("a6-absolute")

# %% key="a6-small-run"
def with_absolute_values(seed):
    """Return the accuracy after 1000 steps with |z| for tanh z, all else as in the first row."""
    x, y, p, legacy = start(seed, settings["scale"])
    for _ in range(1000):
        z1, keep = p["W1"] @ x + p["b1"], (legacy.rand(30, 1) < 0.7) / 0.7
        a1 = np.abs(z1) * keep
        dz2 = (sigmoid(p["W2"] @ a1 + p["b2"]) - y) / y.shape[1]
        dz1 = p["W2"].T @ dz2 * keep * np.sign(z1)
        steps = {"W1": dz1 @ x.T, "b1": dz1.sum(axis=1, keepdims=True), "W2": dz2 @ a1.T, "b2": dz2.sum(keepdims=True)}
        p = {name: value - settings["learning_rate"] * steps[name] for name, value in p.items()}
    return accuracy(p["W2"] @ np.abs(p["W1"] @ x + p["b1"]) + p["b2"], y)


bent = [with_absolute_values(seed) for seed in (1, 2, 3, 4)]
print("units |z|        accuracy", *(f"{value:.2f}" for value in bent))
outcome("a6-absolute", min(bent))

# %% [markdown] key="a6-cause-find"
# **Explain A6.** Which of the four explanations fits all rows of all tables?

# %% key="exercise-cause-a6"
def cause_a6():
    """Return the letter of the explanation that fits."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% key="check-cause-a6"
check("cause_a6", cause_a6)

# %% [markdown] key="a6-lesson"
# <details><summary>Open after you have found it</summary>
#
# Weights between 0 and 0.01 make all 30 units nearly linear, and no straight line separates these points. The cost
# crawls over a plateau until the weights have grown enough for tanh to bend. Larger first weights begin beyond it.
# Larger steps, or many more of them, cross it. So does a unit that bends at any size, $\lvert z \rvert$. All are
# remedies; the cause is one.
#
# **Habit:** know the cost of the best constant, and print it beside your own. A network whose *training* cost does not
# beat it has learned nothing yet, however smoothly that cost falls.
#
# </details>

# %% [markdown] key="b7-text"
# ### Patient B7: 4000 steps to a sine
#
# The other notebook fits y = 20 sin 2πx with a network [1, 25, 1] of sigmoids, by 4000 steps with learning rate 0.3. It
# reports the mean of squares. The first one is 260, and the last one is 0.26.

# %% key="b7-specimen"
run_settings = {
    "hidden": 25,  # a
    "seed": 0,  # b
    "learning_rate": 0.3,  # c
    "steps": 4000,  # d
}
x_sine, y_sine = sine()


def sine_run(hidden, seed, learning_rate, steps):
    rng, errors = np.random.RandomState(seed), []
    W1, W2 = rng.random_sample((hidden, 1)), rng.random_sample((1, hidden))
    b1, b2 = np.zeros((hidden, 1)), np.zeros((1, 1))
    for _ in range(steps):
        a1 = sigmoid(W1 @ x_sine + b1)
        error = W2 @ a1 + b2 - y_sine
        errors.append(np.mean(error**2))
        dz2 = error / error.size  # of half the mean of squares, as agreed here
        dz1 = W2.T @ dz2 * a1 * (1 - a1)
        W1, b1 = W1 - learning_rate * dz1 @ x_sine.T, b1 - learning_rate * dz1.sum(axis=1, keepdims=True)
        W2, b2 = W2 - learning_rate * dz2 @ a1.T, b2 - learning_rate * dz2.sum(axis=1, keepdims=True)
    return np.array(errors)

# %% key="b7-symptom"
errors = sine_run(**run_settings)
print("first errors", errors[:5].round(), f"  last error {errors[-1]:.2f}")

# %% [markdown] key="b7-instrument"
# It ends well, so why care? Ask other seeds, and then a smaller learning rate. In every seed the best that you can hope
# for is an error near 0.
#
# **Predict:** eight seeds at rate 0.3. How many times larger is their worst last error than their best?

# %% key="b7-seeds-guess"
guess("b7-seeds")

# %% key="b7-evidence"
def eight_seeds(**changed):
    return np.array([sine_run(**(run_settings | {"seed": seed} | changed)) for seed in range(8)])  # (8, steps)


as_found, smaller = eight_seeds(), eight_seeds(learning_rate=0.2)
for rate, runs in {"0.3": as_found, "0.2": smaller}.items():
    jumps, last = runs[:, 1] - runs[:, 0], runs[:, -1]
    print(f"rate {rate}: the first step changes the error by {jumps.min():+.0f} to {jumps.max():+.0f},", end="")
    print(f" last errors from {last.min():.2f} to {last.max():.2f}")

outcome("b7-seeds", as_found[:, -1].max() / as_found[:, -1].min())

# %% [markdown] key="b7-find"
# **Find B7.** Which of the `run_settings` makes the error jump, whatever the seed? The size of the network is given by
# the task.

# %% key="exercise-b7"
def suspect_b7():
    """Return the letter of the setting that is wrong."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% key="check-b7"
check("find_b7", suspect_b7)

# %% [markdown] key="b7-why"
# You could have known it beforehand. Chapter 03 had a rule: a step of gradient descent diverges where
# learning rate times curvature is above 2. The largest [curvature](words.ipynb#Curvature) along `W2` and `b2` at the start
# can be computed. (A network is no bowl: its curvature changes as the weights move, and so a run may recover.)

# %% key="b7-curvature"
W1 = np.random.RandomState(0).random_sample((25, 1))
outputs = np.vstack([sigmoid(W1 @ x_sine), np.ones((1, 100))])  # (26, 100), the last row is for the bias
curvature = np.linalg.eigvalsh(outputs @ outputs.T / 100).max()
print(f"curvature {curvature:.1f}:  0.3 times it {0.3 * curvature:.1f}   0.2 times it {0.2 * curvature:.1f}")

# %% [markdown] key="b7-lesson"
# <details><summary>Open after you have found it</summary>
#
# The learning rate of line c is too large for these first weights. The first step overshoots and throws the weights
# somewhere. From there the network recovers, well or badly: the last errors go from 0.02 to 0.41. With 0.2, where the
# first step lowers the error in every seed, all eight end below 0.05.
#
# **Habit:** look at the first ten costs as closely as at the last ten. And run several seeds before you tell anybody a
# number.
#
# </details>

# %% [markdown] key="round"
# ## 6 Last round: three bugs at once
#
# No more letters. This patient is a whole network [2, 20, 1] with tanh, dropout, L2 and the cross-entropy, and it has
# **three** bugs. You have met all three, here or in chapters 02 and 03.
#
# The agreement: the cost is the mean cross-entropy plus $\lambda/(2m)$ times the sum of all squared weights, and it is
# coded right. What goes wrong is elsewhere.

# %% key="round-patient"
def patient(x, y, parameters, keep_prob, lambd, rng):
    """Return logits, cost and gradients of one training pass."""
    W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
    m = x.shape[1]

    a1 = np.tanh(W1 @ x + b1)
    mask = rng.random((len(a1), 1)) < keep_prob
    a1 = a1 * mask / keep_prob
    z2 = W2 @ a1 + b2
    cost = np.mean(np.logaddexp(0, z2) - y * z2) + lambd / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))

    dz2 = (sigmoid(z2) - y) / m
    dz1 = W2.T @ dz2 * mask / keep_prob * (1 - a1**2)
    dW1, db1 = dz1 @ x.T, dz1.sum(axis=1, keepdims=True)
    dW2, db2 = dz2 @ a1.T, dz2.sum(axis=1, keepdims=True)
    dW1, dW2 = dW1 + lambd / (2 * m) * W1, dW2 + lambd / (2 * m) * W2
    return z2, cost, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

# %% key="round-training"
def new_network(scale, rng):
    W1, W2 = scale * rng.standard_normal((20, 2)), scale * rng.standard_normal((1, 20))
    return {"W1": W1, "b1": np.zeros((20, 1)), "W2": W2, "b2": np.zeros((1, 1))}


rng = np.random.default_rng(0)
x, y, _, _ = start()
network, costs = new_network(0.5, rng), []
for _ in range(1000):
    _, cost, gradients = patient(x, y, network, 0.8, 0.1, rng)
    costs.append(cost)
    network = {name: value - 0.3 * gradients[name] for name, value in network.items()}
z, _ = forward_found(x, network, 1.0, 1.0)
print("means of 200 costs:", [f"{mean:.2f}" for mean in np.reshape(costs, (5, 200)).mean(axis=1)])
print(f"accuracy of the whole network: {accuracy(z, y):.2f}")

# %% [markdown] key="round-instruments"
# It falls nicely, and about 96 points in 100 are right. Would you look for a bug here?
#
# These are the instruments, ready for any network with the arguments of `patient`. Each pass makes a new `rng` with the
# same seed, so that all passes of one check have the same masks.
#
# **Predict:** one of the four gradients comes out right at every size of the weights and at every λ. Which?

# %% key="round-right-guess"
guess("round-right")

# %% key="round-check"
def network_check(network, scale, lambd):
    """Return the relative errors of a network's gradients at weights of some size."""
    parameters = new_network(scale, np.random.default_rng(1))

    def run(p):
        return network(x, y, p, 0.8, lambd, np.random.default_rng(2))

    return relative_errors(run(parameters)[2], numeric_gradients(lambda p: run(p)[1], parameters))


for scale, lambd in ((0.01, 1e-3), (1.0, 0.0), (0.01, 10.0), (1.0, 10.0)):
    errors = network_check(patient, scale, lambd)
    say(f"weights {scale:4g}, λ {lambd:5g}: ", errors)

outcome("round-right")

# %% [markdown] key="round-think"
# Read the four lines before you go on. Which row knows nothing of the penalty? Which array can the penalty never reach?
# Which bug hides behind which?
#
# And what can a gradient check **never** see, since it holds the masks still? For that you have the properties of
# section
# 2. Equal examples are a good probe: the next cell gives the patient 50 times the same point.

# %% key="round-probe"
same_point = np.tile([[1.0], [0.5]], 50)
logits, _, _ = patient(same_point, np.ones((1, 50)), new_network(1.0, np.random.default_rng(1)), 0.5, 0.0, rng)
print(f"50 equal points: smallest logit {logits.min():.2f}, largest {logits.max():.2f}")

# %% [markdown] key="round-text"
# **Fix the network.** Copy the patient's lines and change three places. The check says how many are left, and where the
# evidence for the next one is. It does not name what you have not found.

# %% key="exercise-network"
def mended_network(x, y, parameters, keep_prob, lambd, rng):
    """Return logits, cost and gradients of one training pass."""
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
    m = x.shape[1]

    whole = np.tanh(W1 @ x + b1)  # (n_h, m)
    mask = rng.random(whole.shape) < keep_prob  # (n_h, m)
    a1 = whole * mask / keep_prob
    z2 = W2 @ a1 + b2  # (1, m)
    cost = np.mean(np.logaddexp(0, z2) - y * z2) + lambd / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))

    dz2 = (sigmoid(z2) - y) / m
    dz1 = W2.T @ dz2 * mask / keep_prob * (1 - whole**2)
    dW1, db1 = dz1 @ x.T, dz1.sum(axis=1, keepdims=True)
    dW2, db2 = dz2 @ a1.T, dz2.sum(axis=1, keepdims=True)
    dW1, dW2 = dW1 + lambd / m * W1, dW2 + lambd / m * W2
    return z2, cost, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION

# %% key="check-network"
check("mended_network", mended_network)

# %% [markdown] key="round-lesson"
# <details><summary>Open after you have fixed it</summary>
#
# - **One mask for all examples** (A3). No gradient check sees it, since the gradient is right for the mask that was
#   drawn. Equal examples with equal logits show it.
# - **The slope of tanh from the dropped output** (A5). At tiny weights it nearly hides: its error falls by powers of ten. At ordinary ones it spoils W1 and b1.
# - **λ/(2m) in the gradient** (chapter 03). The smaller λ, the smaller its error, until it drowns. At a large one it spoils W1 and W2.
#
# W1 is wrong for two reasons at once. Fix one of them, and W1 fails as before. The clean arrays decide: b1 knows
# nothing of the penalty, and W2 nothing of the slope.
#
# **Habit:** change one thing at a time, and read all arrays of a check, the right ones too.
#
# </details>

# %% [markdown] key="own"
# ## 7 A test of your own
#
# **Open task.** Turn the clinic around: now the patients come to you. Write a function that is handed some
# implementation of dropout and says whether it is healthy. You may call it as often as you like, as
# `dropout(a, keep_prob, rng)` with an array `a` of units and examples and a generator. It should return `a` with a mask
# of its own for each entry, scaled, and leave `a` alone.
#
# The check hands your test five healthy implementations, written in different ways, and nine sick ones. There is no one
# right answer: any test passes that convicts all the sick and none of the healthy. If yours lets a bug through, the
# check names the bug.
#
# A start: drop from an array of ones. Which share is left? What has a 1 become?

# %% key="exercise-own"
def my_test(dropout):
    """Return whether dropout(a, keep_prob, rng) is healthy: True or False."""
    ### BEGIN SOLUTION
    rng, ones = np.random.default_rng(0), np.ones((100, 200))
    first, second = dropout(ones, 0.8, rng), dropout(ones, 0.8, rng)
    kept = first != 0
    unchanged, right_share = np.all(ones == 1), abs(kept.mean() - 0.8) < 0.02
    right_scale, drawn_again = np.allclose(first[kept], 1 / 0.8), np.any(first != second)
    columns_differ, rows_differ = np.any(kept != kept[:, :1]), np.any(kept != kept[:1])
    return all([unchanged, right_share, right_scale, drawn_again, columns_differ, rows_differ])
    ### END SOLUTION

# %% key="check-own"
check("my_test", my_test)

# %% [markdown] key="own-lesson"
# <details><summary>Open after you have passed it</summary>
#
# A test of dropout needs six questions: Is the input unchanged? Is the share right, at a rate that is not 0.5? The
# scale? Do columns differ, do rows, does the second call? Each of the nine fails at least one of them.
#
# It must not ask for the very numbers of one implementation: a healthy one may draw in another order. And it must allow
# for chance. With 20 000 draws at `keep_prob` 0.8 the share has a standard deviation of 0.003.
#
# **Habit:** keep such a test beside the code, and run it whenever the code changes.
#
# </details>

# %% [markdown] key="more"
# ## Eight more patients
#
# All of them are optional, and each stands by itself. Four live on names and arguments, one on sizes, one on a factor, one
# on a warning. The last one is not from the two notebooks.

# %% [markdown] key="a2-text"
# ### Patient A2: how many are left
#
# `share_left` asks which share of the units is left after dropout, over 200 steps. It is called with 0.9, 0.5 and 0.1. Two
# functions call each other here, so turn the knob of each: between the knob that moves something and the one that does not
# there is one line. The inner one gets fresh generators with one seed, so that only the knob differs. **Find A2.**

# %% key="a2-specimen"
def dropped_a2(a, rng, keep_prod=0.7):
    mask = rng.random(a.shape) < keep_prod  # a
    return a * mask / keep_prod  # b


def share_left(keep_prob, steps=200):
    rng = np.random.default_rng(0)  # c
    left = [dropped_a2(np.ones(100), rng) > 0 for _ in range(steps)]  # d
    return float(np.mean(left))  # e


for keep_prob in (0.9, 0.5, 0.1):
    print(f"keep_prob {keep_prob}: share left {share_left(keep_prob):.2f}")

# %% key="a2-evidence"
def inner(q):
    return np.mean(dropped_a2(np.ones(100), np.random.default_rng(0), q) > 0)


inner_change, outer_change = change(inner, 0.9, 0.1), change(share_left, 0.9, 0.1)
print(f"dropped_a2, from 0.9 to 0.1: {inner_change:.2f}")
print(f"share_left, from 0.9 to 0.1: {outer_change:.2f}")

# %% key="exercise-a2"
def suspect_a2():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% key="check-a2"
check("find_a2", suspect_a2)

# %% [markdown] key="a2-lesson"
# <details><summary>Open after you have found it</summary>
#
# Line d never passes `keep_prob` on, so the default 0.7 is used. The misspelt `keep_prod` hides it: search for
# `keep_prob` in `dropped_a2`, and you find nothing. And `keep_prob=0.9` in the call would have been an error at once.
#
# **Habit:** pass such arguments by name.
#
# </details>

# %% [markdown] key="a1-text"
# ### Patient A1: trained for nothing
#
# A tiny network without biases gets new parameters after training, and its output stays the same to the last digit. The
# instrument runs a function **alone**: a copy that knows NumPy and its arguments, and nothing
# else of the notebook. It is stricter than *Restart kernel and run all cells*: that finds only names which no cell makes
# any more. **Find A1.**

# %% key="a1-specimen"
parameters = {"W1": np.array([[1.0, -1.0]]), "W2": np.array([[2.0]])}


def output_a1(x, paramters):
    W1, W2 = parameters["W1"], parameters["W2"]  # a
    a1 = np.tanh(W1 @ x)  # b
    return W2 @ a1  # c

# %% key="a1-evidence"
def alone(function, *arguments):
    """Run a copy of a function that knows NumPy and nothing else of this notebook."""
    copy = FunctionType(function.__code__, {"np": np, "__name__": "alone"}, argdefs=function.__defaults__)
    try:
        return f"returned {copy(*arguments)}"
    except NameError as error:
        return f"NameError: {error}"


point, trained = np.array([[1.0], [0.5]]), {"W1": np.array([[3.0, 1.0]]), "W2": np.array([[-4.0]])}
by_point = change(lambda x: output_a1(x, trained), point, 3 * point)
by_parameters = change(lambda p: output_a1(point, p), parameters, trained)
print(f"another point: {by_point:.3f}   other parameters: {by_parameters:.3f}")
print("alone:", alone(output_a1, point, trained))
print("names never read:", never_read(output_a1))

# %% key="exercise-a1"
def suspect_a1():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% key="check-a1"
check("find_a1", suspect_a1)

# %% [markdown] key="a1-lesson"
# <details><summary>Open after you have found it</summary>
#
# The argument is spelt `paramters`, line a reads `parameters`. Python looks for that name outside the function and
# finds one, by luck. The output was always that of the first network.
#
# **Habit:** keep globals out of functions, and run a function alone. A restart of the kernel would find nothing here: a
# cell does make `parameters`.
#
# </details>

# %% [markdown] key="b6-text"
# ### Patient B6: one choice, two names
#
# A hidden layer lets you choose its activation. tanh gives numbers between −1 and 1, and no output is ever negative.
# Follow the choice: does it arrive in the object? Does it arrive in the output? **Find B6.**

# %% key="b6-specimen"
class Hidden:
    def __init__(self, W, activation="sigmoid"):
        self.W = W  # a
        self.activation = {"sigmoid": sigmoid, "tanh": np.tanh}[activation]  # b

    def output(self, x):
        z = self.W @ x  # c
        return sigmoid(z)  # d


W, inputs = np.array([[1.0], [-2.0]]), np.array([[0.5, 1.0]])
layer = Hidden(W, "tanh")
moved = change(lambda name: Hidden(W, name).output(inputs), "sigmoid", "tanh")
print("W moves the output:         ", change(lambda w: Hidden(w).output(inputs), W, 2 * W) > 0)
print("the object holds np.tanh:   ", layer.activation is np.tanh)
print("activation moves the output:", moved > 0)

# %% key="exercise-b6"
def suspect_b6():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% key="check-b6"
check("find_b6", suspect_b6)

# %% [markdown] key="b6-mend-text"
# **Fix B6.** Write the layer as a function. `activation` is `"sigmoid"` or `"tanh"`. Any other name must raise a
# `ValueError`, so that a wrong name cannot be ignored again.

# %% key="exercise-mend-b6"
def mended_b6(x, W, activation):
    """Return the outputs of a hidden layer without bias, with the activation of this name."""
    ### BEGIN SOLUTION
    functions = {"sigmoid": sigmoid, "tanh": np.tanh}
    if activation not in functions:
        raise ValueError(f"activation must be sigmoid or tanh, got {activation!r}")
    return functions[activation](W @ x)
    ### END SOLUTION

# %% key="check-mend-b6"
check("mended_b6", mended_b6)

# %% [markdown] key="b6-lesson"
# <details><summary>Open after you have found it</summary>
#
# The choice is stored in line b and never read: line d calls `sigmoid`, whatever was chosen.
#
# **Habit:** for every argument one test that turns it and asks whether the result moves. `change` is that test.
#
# </details>

# %% [markdown] key="a8-text"
# ### Patient A8: the method that is not there
#
# A class stands on `Module`, the base class of a library; here a few lines stand in for it. With `nn` imported, the
# library says that there is no `forward`. A method of a class either **replaces** one of the base class or is **new**,
# and the instrument says which.

# %% key="a8-specimen"
class Module:
    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        raise NotImplementedError("this module has no forward")


nn = SimpleNamespace(Module=Module)  # stands in for the import


class Doubling(nn.Module):  # a
    factor = 2.0  # b

    def foward(self, x):  # c
        return self.factor * x  # d


for name, method in vars(Doubling).items():
    if callable(method):
        print(f"{name:10}", "replaces one of Module" if hasattr(Module, name) else "is new")

# %% [markdown] key="a8-find"
# **Find A8.** With `nn` in place, which line still stops the network?

# %% key="exercise-a8"
def suspect_a8():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% key="check-a8"
check("find_a8", suspect_a8)

# %% [markdown] key="a8-lesson"
# <details><summary>Open after you have found it</summary>
#
# Line c defines `foward`. The library calls `forward`, finds that of the base class, and gives up. Python cannot know
# that the new method was meant to replace one.
#
# **Habit:** run a new class once, on one number, in the same minute in which you write it.
#
# </details>

# %% [markdown] key="b3-text"
# ### Patient B3: only good for one hidden layer
#
# A network of any number of sigmoid layers, without biases, with a linear output. With one hidden layer it is right,
# and it runs with two. Half of a gradient check is enough here: the differences of the cost, without any `backward`. A
# second, cheaper instrument: layers of **different sizes**. With all sizes equal, many wrong products fit. **Find B3.**

# %% key="b3-specimen"
def output_b3(x, weights):
    a = x  # a
    for W in weights[:-1]:
        z = W @ x  # b
        a = sigmoid(z)  # c
    return weights[-1] @ a  # d

# %% key="b3-evidence"
rng = np.random.default_rng(0)
x, y = rng.standard_normal((3, 4)), rng.standard_normal((1, 4))
deep = {"W1": rng.standard_normal((3, 3)), "W2": rng.standard_normal((3, 3)), "W3": rng.standard_normal((1, 3))}
slopes = numeric_gradients(lambda p: np.mean((output_b3(x, list(p.values())) - y) ** 2), deep)
for name, slope in slopes.items():
    print(f"{name}: largest slope of the cost {np.abs(slope).max():.2f}")

try:
    output_b3(x, [np.ones((5, 3)), np.ones((4, 5)), np.ones((1, 4))])
except ValueError as error:
    print("sizes 3, 5, 4, 1:", type(error).__name__)

# %% key="exercise-b3"
def suspect_b3():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% key="check-b3"
check("find_b3", suspect_b3)

# %% [markdown] key="b3-mend-text"
# **Fix B3**, for any number of layers.

# %% key="exercise-mend-b3"
def mended_b3(x, weights):
    """Return the linear output of a network with sigmoid layers and without biases."""
    ### BEGIN SOLUTION
    a = x
    for W in weights[:-1]:
        a = sigmoid(W @ a)
    return weights[-1] @ a
    ### END SOLUTION

# %% key="check-mend-b3"
check("mended_b3", mended_b3)

# %% [markdown] key="b3-lesson"
# <details><summary>Open after you have found it</summary>
#
# Line b multiplies by `x` where it should multiply by the outputs of the layer below. With one hidden layer these are
# the same thing. So each layer is computed from the input, and all but the last hidden layer are thrown away.
#
# **Habit:** test on a case in which everything differs: sizes 3, 5, 4, 1, never 3, 3, 3, 1.
#
# </details>

# %% [markdown] key="b4-text"
# ### Patient B4: W and b
#
# A linear layer. The agreed cost is the mean of the squares, so lines a to c are as wanted. The gradient check prints
# $\lVert a - b \rVert / (\lVert a \rVert + \lVert b \rVert)$, and both arrays fail alike. What does it print for an `a`
# that is half of `b`?

# %% key="b4-specimen"
def cost_and_gradients_b4(x, y, parameters):
    z = parameters["W"] @ x + parameters["b"]  # a
    error = z - y  # b
    cost = np.mean(error**2)  # c
    dz = error / error.size  # d
    return cost, {"W": dz @ x.T, "b": dz.sum(axis=1, keepdims=True)}  # e


rng = np.random.default_rng(0)
x, y = rng.standard_normal((3, 8)), rng.standard_normal((2, 8))
linear = {"W": rng.standard_normal((2, 3)), "b": np.zeros((2, 1))}
_, gradients = cost_and_gradients_b4(x, y, linear)
numeric = numeric_gradients(lambda p: cost_and_gradients_b4(x, y, p)[0], linear)
errors = relative_errors(gradients, numeric)
print({name: round(error, 3) for name, error in errors.items()})
print("difference quotient / gradient, entry by entry:", (numeric["W"] / gradients["W"]).round(3).ravel().tolist())

# %% [markdown] key="b4-find"
# When every entry is wrong by the **same factor**, no term is missing: a constant is.
#
# **Find B4.**

# %% key="exercise-b4"
def suspect_b4():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% key="check-b4"
check("find_b4", suspect_b4)

# %% [markdown] key="b4-mend-text"
# **Fix B4.** Write the line as a function, for outputs `z` and targets `y` of any shape (n, m).

# %% key="exercise-mend-b4"
def mended_b4(z, y):
    """Return the gradient of np.mean((z - y)**2) with respect to z."""
    ### BEGIN SOLUTION
    return 2 * (z - y) / z.size
    ### END SOLUTION

# %% key="check-mend-b4"
check("mended_b4", mended_b4)

# %% [markdown] key="b4-lesson"
# <details><summary>Open after you have found it</summary>
#
# Line c reports the mean of squares, line d differentiates half of it. Training works, with half the learning rate that
# was written down. But add a penalty, and its gradient weighs twice as much against the data's as it does in the cost.
#
# **Habit:** write the derivative beside its function, and check one against the other.
#
# </details>

# %% [markdown] key="b5-text"
# ### Patient B5: a warning that everybody ignores
#
# The result is right, and there is a warning. From code in a notebook's cell it comes back each time the cell runs; from
# an imported module it comes once, and never again. A warning that everybody is used to hides the one that matters.
#
# Put five inputs under pressure: from which side does the trouble come?

# %% key="b5-specimen"
def sigmoid_b5(z):
    e = np.exp(-z)  # a
    below = 1 + e  # b
    return 1 / below  # c


under_pressure(sigmoid_b5, [-1000.0, -700.0, 0.0, 700.0, 1000.0])
with np.errstate(over="ignore"):
    print("the same with the warning ignored:", sigmoid_b5(np.array([-1000.0, 1000.0])))

# %% [markdown] key="b5-find"
# **Find B5.** In which line does the overflow happen?

# %% key="exercise-b5"
def suspect_b5():
    """Return the letter of the line in which the overflow happens."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% key="check-b5"
check("find_b5", suspect_b5)

# %% [markdown] key="b5-mend-text"
# **Fix B5.** No overflow on the way for any `z`, silenced or not. For negative `z`, $\sigma(z) = e^z / (1 + e^z)$ is
# the same number.

# %% key="exercise-mend-b5"
def mended_b5(z):
    """Return 1 / (1 + exp(-z)) for an array z, without overflow."""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # never above 1
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION

# %% key="check-mend-b5"
check("mended_b5", mended_b5)

# %% [markdown] key="b5-lesson"
# <details><summary>Open after you have found it</summary>
#
# In line a, `exp(1000)` is no longer a number that a computer can hold. Beyond about 709 it becomes infinite.
#
# **Habit:** give `exp` nothing positive. There is nearly always a way to write it so.
#
# </details>

# %% [markdown] key="c1-text"
# ### Patient C1: after eval()
#
# This one comes from elsewhere: from the code of a textbook, and from a library for chemistry. Chapter 04 meets it in
# PyTorch. Here a few lines stand in for PyTorch, and they are right: a module knows its mode.

# %% key="c1-library"
class TwoModes:
    training = True

    def eval(self):
        self.training = False
        return self

    def __call__(self, x):
        return self.forward(x)


draws = np.random.default_rng(0)


def dropout(a, p=0.5, training=True):
    return a * (draws.random(a.shape) >= p) / (1 - p) if training else a


nn, functional = SimpleNamespace(Module=TwoModes), SimpleNamespace(dropout=dropout)

# %% key="c1-specimen"
class Predictor(nn.Module):
    def __init__(self, W1, W2):
        self.W1, self.W2 = W1, W2  # a

    def forward(self, x):
        a1 = np.tanh(self.W1 @ x)  # b
        a1 = functional.dropout(a1, 0.5)  # c
        return self.W2 @ a1  # d

# %% [markdown] key="c1-instrument"
# The instrument is to **ask twice**: a network in use gives one answer to one question. If it does not, follow the mode
# as you would follow a knob. **Find C1.**

# %% key="c1-run"
predictor = Predictor(np.linspace(-2, 2, 20)[:, None], np.linspace(1, 3, 20)[None]).eval()  # e
answers = [predictor(np.array([[0.5]])).item() for _ in range(5)]  # f
print("five answers to one question:", np.round(answers, 1))
print("the object's mode: training is", predictor.training)
for training in (True, False):
    zeros = np.mean(functional.dropout(np.ones(1000), training=training) == 0)
    print(f"dropout of 1000 ones, told training={training}: share of zeros {zeros:.1f}")

# %% key="exercise-c1"
def suspect_c1():
    """Return the letter of the line that is wrong."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% key="check-c1"
check("find_c1", suspect_c1)

# %% [markdown] key="c1-lesson"
# <details><summary>Open after you have found it</summary>
#
# `eval()` did set the mode, and nobody read it. Line c tells the function nothing, so its default `training=True` is
# used. The network went on dropping in use, and no error said so. Both sources have it so: [PyTorchNLPBook, issue
# 28](https://github.com/delip/PyTorchNLPBook/issues/28) and [DeepChem, issue
# 5092](https://github.com/deepchem/deepchem/issues/5092).
#
# **Habit:** in PyTorch, dropout as a module of its own, which hears `eval()`, or `training=self.training` in each call.
# And one test for every network: in evaluation mode, ask twice and compare.
#
# </details>

# %% [markdown] key="recap"
# ## Recap
#
# | symptom | instrument | patients |
# |---|---|---|
# | what I set moves nothing | turn it in each function on the way: `change` | B8 A9 A2 A1 B6 |
# | it works here, by luck | run it alone | A1 |
# | my method is never called | does it replace one of the base class? | A8 |
# | too much noise | mean and spread over many masks, different columns | A3 |
# | the second call gives something else | is the input unchanged? is the network in use, and told so? | B1 C1 |
# | hardly anything is left | count, at a rate that is not 0.5 | B2 |
# | the cost falls, is the gradient right? | gradient check, array by array, at weights and λ of ordinary size | A4 A5 B4 |
# | it works for these sizes | layers of different sizes | B3 |
# | a warning, a nan | extreme inputs, warnings as errors | A7 B5 |
# | the cost falls, is that training? | the best constant; one setting at a time; several seeds | A6 B7 |
#
# Three sentences to keep:
#
# - A falling cost cannot tell a right gradient from a wrong one. A gradient check can.
# - A test sees only what its numbers can feel: sizes that differ, rates that are not 0.5, weights that are not tiny.
# - Evidence first, then the fix, one at a time.
#
# And how good were your guesses? The last cell puts them beside what came out.

# %% key="calibration"
calibration("05")

# %% [markdown] key="read-on"
# ### Read on
#
# - A. Karpathy, [*A recipe for training neural networks*](https://karpathy.github.io/2019/04/25/recipe/), 2019: how to
#   build a network so that bugs have no place to hide.
# - [numpy-ml, issue 94](https://github.com/ddbourgin/numpy-ml/issues/94): a reader asks why a library's dropout leaves
#   the mask out on the way back, as patient A4 does.
# - P. Blanchard, D. Higham, N. Higham, [*Accurately computing the log-sum-exp and softmax
#   functions*](https://doi.org/10.1093/imanum/draa038), IMA Journal of Numerical Analysis 41 (2021): more on extremes.
