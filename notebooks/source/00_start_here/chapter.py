# %% [markdown] key="welcome"
# # Start here
#
# A network can be right about every example that it was trained on, and wrong about many others: it has learned some of
# them by heart. That is **overfitting**. This course is about two remedies: **dropout**, which switches units off
# at random while the network learns, and **L1 and L2 penalties**, which make large weights expensive.
#
# You will not only read about them. You move a slider, and a network is trained again before your eyes. You guess
# what will happen, then run it and look. You write the few lines that matter yourself, and a check tells you which
# mistake you made, if you made one.
#
# You need some Python and NumPy, and a rough idea of what a derivative is. Everything else is explained where it comes
# up, or on a [page of words](words.ipynb).
#
# | section | minutes |
# |---|---|
# | How a notebook works | 1 |
# | A first look | 6 |
# | How the exercises work | 1 |
#
# At the end you can **use** the notebooks, and have **checked** that your computer has what the course needs.

# %% [markdown] key="how-to-use"
# ## How a notebook works
#
# A notebook is a row of **cells**: text like this one, and code like the next.
#
# - Click a code cell and press **Shift+Enter**: it runs, and the next cell is selected. So you can go through a
#   whole chapter with Shift+Enter alone.
# - Run the cells **from top to bottom**. A cell may need what an earlier one made.
# - `[*]` beside a cell means that it is still running. A number means that it is done.
# - Change anything you like and run the cell again. You cannot break the course: a fresh copy is one download away.
#
# Try it now with the cell below.

# %% key="check-environment" tags=["nbval-ignore-output"]
from course_utils.environment import show_environment

show_environment()

# %% [markdown] key="about-the-check"
# This cell checks whether your computer has what the course needs. If all lines say `ok`, go on. If not, the list is
# followed by what to do about each problem.
#
# **It stopped with `No module named 'course_utils'`?** Then this notebook runs in a Python that does not know the
# course. If you started it with `make lab`, choose *Kernel → Change Kernel… → Python 3 (ipykernel)*. On Colab or Kaggle
# run the code cell below the title first: it brings the course. Elsewhere put `%pip install -e ..` into a new cell, run
# it, and restart the kernel (*Kernel → Restart Kernel…*).
#
# To see the versions as well, run `show_environment(versions=True)`. Send its output along when you ask for help.

# %% [markdown] key="first-figure"
# ## A first look
#
# Here is a small network that has to tell two kinds of points apart. Of its 100 training points, 15 carry the wrong
# label, as some do in real data. It is tested on other points, whose labels are all right.
#
# Between input and output it has two [hidden layers](words.ipynb#Hidden-layer) of units. The slider `keep_prob` will be the
# probability that such a unit is **kept** while the network learns. At 1 nothing is dropped. At 0.5 each point sees about
# half of the units in a step of the training, and which ones is drawn again for each point and each step.
#
# Guess before you see it. In this course the cells with `guess(...)` ask for a guess, and the result shows it beside
# the truth. Run the next two cells and answer: click or type, and say how sure you are.
#
# **Predict:** at `keep_prob` 1, what does the boundary between the two kinds look like? And what happens to the
# accuracies on training and on test points when `keep_prob` goes down to 0.5?

# %% key="first-boundary-guess"
from course_utils.guesses import calibration, guess, outcome

guess("first-boundary")

# %% key="first-accuracies-guess"
guess("first-accuracies")

# %% [markdown] key="first-figure-try"
# Your guesses are kept in a file beside the notebooks, `guesses.json`, so that a chapter's last cell can show you how
# often you were right, and how often when you were sure. Nothing leaves your computer. Delete the file to begin again.
# And no guess is required: every cell runs without.
#
# Now run the next cell. The colours behind the points are what the network says about each place. On the right stands
# its cost over the steps of training: solid on training points, dashed on test points. Each time you move `keep_prob`
# the network is trained again from the start. Move it slowly from 1 down and watch the boundary.

# %% key="first-figure-live"
from course_utils.live import keep_prob_trainer

keep_prob_trainer()

# %% key="first-figure-answer"
from course_utils.experiments import quadrant_run

for keep_prob in (1.0, 0.5):
    history = quadrant_run(keep_prob).run.history
    training, test = history["train_accuracy"][-1], history["test_accuracy"][-1]
    print(f"keep_prob {keep_prob}: training {training:.2f}, test {test:.2f}")

outcome("first-boundary")
outcome("first-accuracies")

# %% [markdown] key="first-figure-text"
# With nothing dropped the network is right about all training points, wrong labels included: it bends the boundary
# around them. Each bend is a mistake on test points. With `keep_prob` 0.5 it gives up some training points, and is
# right about more of the others. That is all this course is about: when it works, why, and when not.

# %% [markdown] key="chapters"
# ## The chapters
#
# | chapter | what you will be able to do | minutes |
# |---|---|---|
# | [01 Dropout in theory](01_dropout_theory.ipynb) | **say** what dropout computes on average and when that is exact, **derive** the variance it adds, **turn** it into an L2 penalty and back, and **tell** from several seeds when it is of no use | 101 |
# | [02 Dropout in NumPy](02_numpy_dropout.ipynb) | **write** dropout forward and backward, **test** it by a gradient check, **say** what happens at test time and why, and **judge** from several seeds whether it helped | 106 |
# | [03 L2: cost and backpropagation](03_l2_cost_and_backprop.ipynb) | **derive** the gradient of a penalty and **test** it by a gradient check, **say** what weight decay is and when it equals L2, **get** exact zeros from L1, **translate** between the conventions for λ, and **choose** λ without fooling yourself | 121 |
# | [04 Dropout in PyTorch](04_pytorch_dropout.ipynb) | **write** a PyTorch network with dropout, **switch** it between training and use, **say** what `weight_decay` does under SGD, Adam and AdamW, and **compare** regularizers without fooling yourself | 106 |
# | [05 Bug clinic](05_bug_clinic.ipynb) | **find** the lines to blame for seventeen real bugs, **fix** them, **choose** the instrument for a symptom, **write** a test that catches them, and **say** which habit would have kept the bug out | 163 |
# | [06 Regularization today](06_regularization_today.ipynb) | **say** what stopping, decay, noise and data have in common, **predict** what dropout and decay do in front of a normalization, **write** dropout's relatives and the way back through attention, and **choose** among them, knowing how sure each reason is | 103 |
#
# Read them in this order. Chapter 01 marks two of its sections as depth, which can wait. If you would rather write code
# first, begin with 02 and come back to 01. Only chapter 04 needs PyTorch.

# %% [markdown] key="exercises"
# ## How the exercises work
#
# An exercise is a function whose body is missing:
#
# ```python
# def dropout_forward(a, mask, keep_prob):
#     raise NotImplementedError("your turn")
# ```
#
# Replace the `raise` line by your own code and run the cell. The cell after it calls `check(...)`, which tries your
# function on many inputs. It says that all is well, or what went wrong: not just *wrong*, but for instance that you
# forgot to divide by `keep_prob`.
#
# Here is an answer to the first exercise of chapter 01: the probability that dropout keeps exactly `k` of `n` units. It
# is almost right.
#
# Can you see what is missing? Then run the cell, and open *A second hint*.

# %% key="exercise-try"
from course_utils.exercises import check, hint, solution


def kept_probability(n, k, keep_prob):
    return keep_prob**k * (1 - keep_prob) ** (n - k)


check("kept_probability", kept_probability)

# %% [markdown] key="exercise-help"
# The table shows the first case tried that went wrong. Fix the function above and run the cell again, if you like.
#
# - *Hint*, *A second hint* and, once you have tried, *A solution* open at a click, also in a notebook that you saved.
# - Before any try, `hint("kept_probability")` tells how to begin. `solution("kept_probability")` prints the solution,
#   also when you are done and want to compare.
# - If the cell with your function fails, the check says so. It does not judge the function that stood there before.
#
# An exercise you skip stops nothing: the rest of the chapter runs without it.

# %% [markdown] key="stuck"
# ## When you are stuck
#
# Many puzzles come from cells run in a different order from the page. Choose *Kernel → Restart Kernel and Run
# All Cells…*. It forgets everything and starts from the top.
#
# - **A cell never ends** (`[*]` stays): press the ■ button, then restart the kernel. After *Run it here* on the website
#   the ■ can do nothing. Save with Ctrl+S (on a Mac ⌘S), then reload the page: what you saved is still there. A
#   `check(...)` stops by itself, there too.
# - **A slider is missing or does nothing**: the notebook is only being displayed. Run its cells.
# - **Figures look different from the text**: set the controls back with *reset*, then run all cells again.
# - **Still stuck?** Run the check at the top of this page once more.

# %% [markdown] key="guesses-so-far"
# ## How well did you guess?
#
# Each chapter ends with this table. Two guesses are few; after a whole chapter it tells you where you were sure and
# wrong, and there the most is to learn.

# %% key="guesses-made"
calibration("00")

# %% [markdown] key="onward"
# **Next:** chapter [01](01_dropout_theory.ipynb), what dropout computes, or [02](02_numpy_dropout.ipynb), how to write
# it.
