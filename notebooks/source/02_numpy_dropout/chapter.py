# %% [markdown] key="title"
# # 02 Dropout in NumPy
#
# Dropout is three lines of code. You can get every one of them wrong and never see an error. In this chapter you write
# them, and a whole network around them, from an empty cell. Then you find out what they are good for.
#
# | section | minutes |
# |---|---|
# | 1 Dropout of a vector | 16 |
# | 2 One mask for each example | 8 |
# | 3 Forward and backward through several layers | 15 |
# | 4 The gradient check | 10 |
# | 5 Training on noisy data | 30 |
# | 6 Test time | 9 |
# | 7 Real digits, several seeds | 5 |
# | 8 A curve without noise | 13 |
#
# At the end you can **write** dropout forward and backward, **test** it by a gradient check, **say** what happens at test time and why, and **judge** from several seeds whether it helped.
#
# Run the cells in order with Shift+Enter. Where it says *predict*, guess before you run the next cell. You may skip a
# guess, but a wrong guess teaches more than a right result read. Short of time? Leave out the open task of section 5, and
# all figures with sliders but the one of section 3.

# %% key="imports"
import numpy as np

from course_utils import network
from course_utils.datasets import digits_split, noisy_quadrants, seed_quadrants, sine
from course_utils.dropout import draw_mask, draw_masks, dropout
from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval, over_seeds, quadrant_run
from course_utils.flat_training import train_flat
from course_utils.gradient_check import numeric_gradients, relative_errors
from course_utils.guesses import calibration, guess, outcome
from course_utils.optimizers import Adam

# %% [markdown] key="vector"
# ## 1 Dropout of a vector
#
# Take the outputs of ten units. Dropout keeps each one with probability `keep_prob` and sets the others to zero.
#
# It needs three steps: draw random numbers, compare them with `keep_prob`, multiply.

# %% key="vector-steps"
x = np.arange(1.0, 11.0)  # (10,)
keep_prob = 0.6
rng = np.random.default_rng(7)

mask = rng.random(x.shape) < keep_prob  # (10,)
print("x       ", x)
print("mask    ", mask.astype(int))
print("x * mask", x * mask)

# %% [markdown] key="vector-mean"
# What is kept adds up to less than before. On average the sum shrinks by the factor `keep_prob`, and the next layer
# would see smaller inputs in training than later, when nothing is dropped.
#
# **Inverted dropout** repairs this at once: divide what is kept by `keep_prob`. The next cell does so with a hundred
# thousand masks, and compares the means.
#
# **Predict:** `keep_prob` is 0.6, and there are ten units. What percentage of the masks keeps exactly six of them?

# %% key="vector-guess"
guess("six-kept")

# %% key="vector-scaling"
masks = rng.random((100_000, 10)) < keep_prob  # one mask a row
dropped = x * masks / keep_prob

print(f"mean of x                      {x.mean():.2f}")
print(f"mean of x * mask               {(x * masks).mean():.2f}")
print(f"mean of x * mask / keep_prob   {dropped.mean():.2f}")

outcome("six-kept", 100 * np.mean(masks.sum(axis=1) == 6))

# %% [markdown] key="exercise-variance-text"
# Each unit has a coin of its own, and nobody counts the heads. Only the mean comes out right.
#
# The price is noise: a single value `x` becomes 0 or `x / keep_prob`, and never `x`.
#
# **Exercise 1.** How large is this noise? Find the [variance](words.ipynb#Variance) of what becomes of one value. List both outcomes with their
# probabilities, and go from there. (Chapter 01, section 3, has the derivation. Try it without.)

# %% key="exercise-variance"
def dropout_variance(x, keep_prob):
    """Return the variance of x * mask / keep_prob for one value x."""
    ### BEGIN SOLUTION
    mean_square = keep_prob * (x / keep_prob) ** 2  # the other outcome is 0
    return mean_square - x**2
    ### END SOLUTION


# %% key="check-variance"
check("dropout_variance", dropout_variance)

# %% [markdown] key="variance-text"
# **Predict:** you lower `keep_prob` from 0.5 to 0.2. How many times as large is the variance of a unit then?

# %% key="variance-guess"
guess("variance-fifth")

# %% key="variance-check"
from course_utils.experiments.masks import mask_statistics  # of six units of a small network, over 2000 masks

mean_half, variance_half = mask_statistics(0.5).sampled
mean_fifth, variance_fifth = mask_statistics(0.2).sampled
print("means,     0.2 against 0.5: times", (mean_fifth / mean_half).round(1))
print("variances, 0.2 against 0.5: times", (variance_fifth / variance_half).round(1))

outcome("variance-fifth", np.mean(variance_fifth / variance_half))

# %% [markdown] key="pitfalls"
# The means stay where they were. For a unit that gets the same input whatever is dropped, noise is the only thing that
# `keep_prob` changes. (Chapter 01 has them in a figure with a slider.)
#
# ### A version that many people write

# %% key="pitfall-code"
def careless_dropout(x, level, rng):
    x *= rng.random(x.shape) >= level
    x /= 1 - level
    return x


# %% [markdown] key="pitfall-predict"
# Take `values = np.ones(8)` and call `careless_dropout(values, 0.5, rng)`.
#
# **Predict:** what does `values` hold afterwards?

# %% key="pitfall-guess"
guess("careless-values")

# %% key="pitfall-in-place"
values = np.ones(8)
careless_dropout(values, 0.5, np.random.default_rng(0))
print("values after the call:", values)

outcome("careless-values")

# %% [markdown] key="pitfall-in-place-text"
# The caller's array has changed, because `*=` works in place. With a network's activations this destroys numbers
# that backpropagation needs later. On an array of integers the division in place stops with an error.
#
# The name is a trap, too: `level` is the probability to **drop**. In this course `keep_prob` is always the
# probability to **keep**. PyTorch's `p` is the probability to drop. At 0.5 the confusion cannot be seen. Look at 0.8:

# %% key="pitfall-swapped"
ones = np.ones(10_000)
kept, _ = dropout(ones, 0.8, np.random.default_rng(2))
swapped = careless_dropout(ones.copy(), 0.8, np.random.default_rng(1))
print(f"keep_prob 0.8 keeps {np.mean(kept > 0):.0%}, level 0.8 keeps {np.mean(swapped > 0):.0%}")

# %% [markdown] key="exercise-dropout-text"
# **Exercise 2.** Write dropout without these two traps, for an `x` of any shape. Use `rng.random(x.shape)` and do not change
# `x`. A `keep_prob` outside (0, 1] makes no sense: raise a `ValueError` for it.

# %% key="exercise-dropout"
def my_dropout(x, keep_prob, rng):
    """Return x with entries dropped at random and the kept ones scaled."""
    ### BEGIN SOLUTION
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    mask = rng.random(x.shape) < keep_prob
    return x * mask / keep_prob
    ### END SOLUTION


# %% key="check-dropout"
check("dropout", my_dropout)

# %% [markdown] key="batch"
# ## 2 One mask for each example
#
# A layer works on many examples at once: `a` has shape (units, examples), one example per column. Its mask can have the
# same shape. Or it can be a single column, which NumPy stretches over all examples without a word.
#
# The next cell draws both kinds for 12 units and 20 examples. Kept is light, dropped is dark.
#
# **Predict:** one of the two pictures has stripes. Which way do they run?

# %% key="batch-guess"
guess("stripes")

# %% key="batch-masks"
from course_utils.figures.masks import mask_pictures

units, m = 12, 20
own = draw_mask((units, m), 0.5, np.random.default_rng(3))
shared = np.repeat(draw_mask((units, 1), 0.5, np.random.default_rng(3)), m, axis=1)
mask_pictures({"own mask for each example": own, "one mask for all": shared})

# %% key="batch-stripes"
outcome("stripes")

# %% [markdown] key="batch-noise"
# A shared mask takes the same units from every example of a step. Then the errors that dropout makes do not average out
# over the examples: the whole step is noisy.
#
# **Predict:** by what factor is the mean over 100 examples noisier, as a variance, if they share one mask?

# %% key="batch-noise-guess"
guess("shared-noise")

# %% key="batch-noise-measured"
m, rng = 100, np.random.default_rng(0)
a = np.ones((1, m))
with_own = [(a * draw_mask((1, m), 0.5, rng) / 0.5).mean() for _ in range(4000)]
with_shared = [(a * draw_mask((1, 1), 0.5, rng) / 0.5).mean() for _ in range(4000)]

factor = np.var(with_shared) / np.var(with_own)
print(f"variance of the mean: own masks {np.var(with_own):.3f}, shared mask {np.var(with_shared):.2f}")

outcome("shared-noise", factor)

# %% [markdown] key="batch-noise-text"
# The factor is the number of examples. It is so large because this unit gives every example the same; the gradient of a
# real step suffers less.
#
# **Exercise 3.** A batch `a` has shape (units, examples). How many coins does one step need, and in which shape? Write the
# function that draws them, as True and False.

# %% key="exercise-batch"
def batch_mask(a, keep_prob, rng):
    """Return a mask of True and False with a column of its own for each example."""
    ### BEGIN SOLUTION
    return rng.random(a.shape) < keep_prob
    ### END SOLUTION


# %% key="check-batch"
check("batch_mask", batch_mask)

# %% [markdown] key="layers"
# ## 3 Forward and backward through several layers
#
# In a network, dropout stands between the layers. Layer $l$ gets the outputs of the layer below, masked and scaled:
#
# $$\tilde a_{l-1} = \frac{a_{l-1} \odot D_{l-1}}{q}, \qquad z_l = W_l\,\tilde a_{l-1} + b_l, \qquad a_l = g(z_l).$$
#
# $D$ is the mask, $q$ is `keep_prob`, and $\odot$ multiplies entry by entry. The output is never dropped, and here the
# input is not either.
#
# Then the gradient comes back. **Predict:** a unit was dropped for one example. From above, this entry gets the gradient
# $d\tilde a = -0.6$. With $q = 0.5$, what is left of it below the mask, as $da$?

# %% key="layers-guess"
guess("dropped-gradient")

# %% [markdown] key="layers-live-text"
# Go through the six steps with the slider. The cells are a layer of four units, one a row, for three examples. Work out
# one number of each step before you look at it. Then press *new masks*: which of the grids stay as they were?

# %% key="layers-live"
from course_utils.live import pass_stepper

pass_stepper()

# %% key="layers-outcome"
outcome("dropped-gradient")

# %% [markdown] key="layers-cache"
# The way back uses the very same mask. The gradient belongs to the thinned network that was run, and to no other. So the
# forward pass has to **keep its masks**, and this is the point of the section.
#
# Dropout multiplies by $D/q$. The derivative of a multiplication is the same multiplication:
#
# $$da = d\tilde a \odot D / q, \qquad dz = da \odot g'(z).$$
#
# Two mistakes are popular here. One is to leave the mask out on the way back. The other is to take the derivative
# of tanh as $1 - \tilde a^2$: after scaling, $\tilde a$ can be larger than 1, and a slope would come out negative.

# %% key="layers-wrong-slope"
z_unit, q = 2.0, 0.5
a_unit = np.tanh(z_unit)
scaled = a_unit / q
print(f"tanh'(2) is {1 - a_unit**2:.2f}, but 1 - (scaled output)² is {1 - scaled**2:.2f}")

# %% [markdown] key="exercise-backward-text"
# **Exercise 4.** Go back through dropout and tanh. You get the gradient after dropout, the layer's `z`, and the mask
# of the forward pass. Return `dz`.

# %% key="exercise-backward"
def tanh_dropout_backward(da_dropped, z, mask, keep_prob):
    """Return dz for a = tanh(z) followed by a * mask / keep_prob."""
    ### BEGIN SOLUTION
    da = da_dropped * mask / keep_prob
    return da * (1 - np.tanh(z) ** 2)
    ### END SOLUTION


# %% key="check-backward"
check("tanh_dropout_backward", tanh_dropout_backward)

# %% [markdown] key="build"
# ### A network from an empty cell
#
# You have all the parts now. Put them together: any number of layers, dropout, L2, and nothing but NumPy.
#
# Parameters live in a dict. A layer with $n$ inputs starts with weights of standard deviation $\sqrt{2/n}$, so that signals neither fade nor explode on their way up. (What becomes
# of much smaller ones you will see in chapter 05.)

# %% key="build-initialize"
def initialize(sizes, rng):
    parameters = {}
    for layer in range(1, len(sizes)):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        parameters[f"W{layer}"] = rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return parameters


# %% [markdown] key="build-forward-text"
# Going forward, every layer leaves three things in the cache: what it got, the factor $D/q$ by which that was multiplied,
# and its $z$. The last layer is linear and gives logits.

# %% key="build-forward"
def forward(x, parameters, keep_prob, rng):
    a, cache = x, []
    for layer in range(1, len(parameters) // 2 + 1):
        scale = 1.0 if layer == 1 else (rng.random(a.shape) < keep_prob) / keep_prob  # whole input
        a = a * scale  # (n_in, m)
        z = parameters[f"W{layer}"] @ a + parameters[f"b{layer}"]  # (n_out, m)
        cache.append((a, scale, z))
        a = np.tanh(z)
    return z, cache


# %% [markdown] key="build-cost-text"
# The cost has two parts. The first is the [cross-entropy](words.ipynb#Cross-entropy) of one output per example. With the
# [logit](words.ipynb#Logit) $z$ and the label $y$ it is $\log(1 + e^z) - y z$; `np.logaddexp(0, z)` is that logarithm, and does
# not overflow. Its derivative is simple: the probability minus the label, over $m$.
#
# The second part is the L2 penalty $\frac{\lambda}{2m} \sum W^2$, with the derivative $\frac{\lambda}{m} W$. Chapter 03 is about
# it.

# %% key="build-cost"
def cost(z, y, parameters, lambd):
    squares = sum(np.sum(value**2) for name, value in parameters.items() if name.startswith("W"))
    return np.mean(np.logaddexp(0, z) - y * z) + lambd / (2 * y.shape[1]) * squares


# %% key="build-backward"
def backward(y, parameters, cache, lambd):
    m, gradients = y.shape[1], {}
    dz = (1 / (1 + np.exp(-cache[-1][2])) - y) / m  # (n_L, m)
    for layer in range(len(cache), 0, -1):
        a, scale, _ = cache[layer - 1]
        W = parameters[f"W{layer}"]
        gradients[f"W{layer}"] = dz @ a.T + lambd / m * W  # (n_out, n_in)
        gradients[f"b{layer}"] = dz.sum(axis=1, keepdims=True)  # (n_out, 1)
        if layer > 1:
            z_below = cache[layer - 2][2]
            dz = (W.T @ dz) * scale * (1 - np.tanh(z_below) ** 2)  # (n_in, m)
    return gradients


# %% [markdown] key="build-update-text"
# Find your exercise in the line before last: back through the weights, through dropout, through tanh. What remains is
# a step downhill.

# %% key="build-update"
def update(parameters, gradients, learning_rate):
    return {name: value - learning_rate * gradients[name] for name, value in parameters.items()}


# %% [markdown] key="gradient-check"
# ## 4 The gradient check
#
# Is all that right? A cost that falls does not prove it: a wrong gradient can point downhill too. The **gradient check**
# looks at the gradient itself. Nudge one parameter up and down by a tiny $\varepsilon$, and compare the slope of the cost
# with what `backward` says:
#
# $$\frac{J(\theta + \varepsilon) - J(\theta - \varepsilon)}{2\varepsilon} \approx \frac{\partial J}{\partial \theta}.$$
#
# Here `default_rng(1)` begins again for every cost, so every cost has the same masks. That is how they are held still.

# %% key="gradient-check-still"
rng = np.random.default_rng(0)
x, y = rng.standard_normal((2, 6)), rng.integers(2, size=(1, 6)).astype(float)  # 6 examples
parameters = initialize([2, 5, 4, 1], rng)


def cost_at(nudged, rng):
    z, _ = forward(x, nudged, 0.6, rng)
    return cost(z, y, nudged, lambd=0.5)


z, cache = forward(x, parameters, 0.6, np.random.default_rng(1))
analytic = backward(y, parameters, cache, lambd=0.5)
numeric = numeric_gradients(lambda nudged: cost_at(nudged, np.random.default_rng(1)), parameters)
still = relative_errors(analytic, numeric)
print("worst relative error below 1e-7:", max(still.values()) < 1e-7)

# %% [markdown] key="gradient-check-lost"
# Your backward pass passes. Would the check have noticed a mistake? Take the factor $D/q$ out of the cache, so that
# `backward` goes through all three layers as if nothing had been dropped.
#
# **Predict:** which of the gradients `W1 b1 W2 b2 W3 b3` fail the check?

# %% key="gradient-check-lost-guess"
guess("lost-scale")

# %% key="gradient-check-lost-run"
forgetful = [(a, 1.0, z) for a, _, z in cache]
lost = relative_errors(backward(y, parameters, forgetful, lambd=0.5), numeric)
print({name: "right" if error < 1e-7 else "wrong" for name, error in lost.items()})

outcome("lost-scale")

# %% [markdown] key="gradient-check-predict"
# No mask lies between the last layer and the cost. So its gradient is right, and a look at the last layer alone would
# have missed the bug.
#
# **Predict:** the masks are back in the cache and `backward` is right. In place of `default_rng(1)`, one generator goes on
# from cost to cost, so that every evaluation draws new masks. What does the check say?

# %% key="gradient-check-guess"
guess("moving-masks")

# %% key="gradient-check-moving"
rng = np.random.default_rng(2)
noisy = numeric_gradients(lambda nudged: cost_at(nudged, rng), parameters)
moving = relative_errors(analytic, noisy)
print("worst relative error, masks moving:", round(max(moving.values()), 1))

outcome("moving-masks")

# %% [markdown] key="gradient-check-text"
# With moving masks the two costs belong to two different networks. Their gap is noise, and dividing it by a tiny
# $2\varepsilon$ makes it huge. A relative error near 1 says just that: one of the two gradients is far larger than the
# other, or they point in opposite directions. The code was right all the time; the check was wrong.
#
# **Remember:** draw the masks once, hold them still, then nudge.
#
# A second test is a second implementation. The course has one, in `course_utils.network`. It knows other activations and
# costs too; apart from that it should compute what yours does.

# %% key="build-same"
z_course, cache_course = network.forward(x, parameters, activation="tanh", keep_prob=0.6, rng=np.random.default_rng(1))
gradients_course = network.backward(y, parameters, cache_course, lambd=0.5)
cost_course = network.compute_cost(z_course, y, parameters, lambd=0.5)
differences = [np.abs(z - z_course).max(), abs(cost(z, y, parameters, 0.5) - cost_course)]
differences += [np.abs(analytic[name] - gradients_course[name]).max() for name in parameters]
print("logits, cost and gradients the same to 1e-12:", max(differences) < 1e-12)

# %% [markdown] key="exercise-slope-text"
# **Exercise 5.** Write a check of your own for one number `w`. `draw()` draws a mask, `cost(w, mask)` is the cost with
# that mask. Return the slope at `w`, by a difference to both sides.

# %% key="exercise-slope"
def slope_with_dropout(cost, w, draw, epsilon):
    """Return the slope of cost(w, mask) at w by a central difference."""
    ### BEGIN SOLUTION
    mask = draw()
    return (cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)
    ### END SOLUTION


# %% key="check-slope"
check("slope_with_dropout", slope_with_dropout)

# %% [markdown] key="training"
# ## 5 Training on noisy data
#
# The points below belong to class 1 where both coordinates have the same sign. On the left are 200 points with the right
# labels. On the right are the 100 training points of this section, and 15 of them carry the **wrong label**. The 4000
# test points are clean.

# %% key="training-points"
from course_utils.figures.points import point_figure

x_seed, y_seed, _ = seed_quadrants()
data = noisy_quadrants(np.random.default_rng(0))
point_figure({"200 points, right labels": (x_seed, y_seed), "100 points, 15 wrong": (data.x_train, data.y_train)})

# %% [markdown] key="training-predict"
# A network with two layers of 64 units can learn all 100 labels by heart, wrong ones included. Train yours four times,
# 2000 steps each: with neither remedy, with dropout at 0.5, with L2 at λ = 1, and with both.
#
# **Predict:** which of the four will be right most often on the test points?

# %% key="training-guess"
guess("four-ways")

# %% key="training-loop"
from course_utils.costs import accuracy


def trained_network(keep_prob, lambd):
    rng = np.random.default_rng(1)
    parameters = initialize([2, 64, 64, 1], rng)
    for _ in range(2000):
        z, cache = forward(data.x_train, parameters, keep_prob, rng)
        gradients = backward(data.y_train, parameters, cache, lambd)
        parameters = update(parameters, gradients, learning_rate=1.0)
    return parameters, cost(z, data.y_train, parameters, lambd=0.0)


found = {}
for name, keep_prob, lambd in (("neither", 1.0, 0.0), ("dropout", 0.5, 0.0), ("L2", 1.0, 1.0), ("both", 0.5, 1.0)):
    parameters, in_training = trained_network(keep_prob, lambd)
    whole, tested = (forward(points, parameters, 1.0, rng)[0] for points in (data.x_train, data.x_test))
    found[name] = in_training, cost(whole, data.y_train, parameters, 0.0), accuracy(tested, data.y_test)
    print(f"{name:8} cost in training {in_training:.2f}, without masks {found[name][1]:.2f}   test {found[name][2]:.2f}")

outcome("four-ways")

# %% [markdown] key="training-cost-text"
# The network without a remedy has by far the lowest cost in training, and dropout beats it on the test points. Two things
# make the costs in training a bad guide. With dropout it is that of a thinned network; without masks it is lower. And all
# of them are about the training points, wrong labels included.
#
# Both remedies together are the worst of all. Each at this strength is enough by itself, and together they are too much.
# If you add a remedy, tune the first one again. But this is one run of each; the table further down has sixteen.
#
# From here on networks have [ReLU](words.ipynb#ReLU) units and train by [Adam](words.ipynb#Adam), which takes fewer steps. Three of them, at `keep_prob` 1, 0.8
# and 0.5:

# %% key="training-three"
from course_utils.figures.comparison import boundary_figure, cost_figure

runs = {f"keep_prob {q:g}": quadrant_run(q, seed=0) for q in (1.0, 0.8, 0.5)}
for name, result in runs.items():
    history = result.run.history
    print(f"{name:14} training {history['train_accuracy'][-1]:.2f}   test {history['test_accuracy'][-1]:.2f}")

boundary_figure(runs)

# %% [markdown] key="training-draw"
# **Predict:** the network without dropout took 300 steps to get there. Draw its cost on the test points on the way. Knowing
# nothing costs 0.69.

# %% key="training-curve-guess"
guess("test-curve")

# %% key="training-curves"
cost_figure(runs)

# %% key="training-curve-outcome"
history = runs["keep_prob 1"].run.history
outcome("test-curve", np.interp([20, 50, 100, 150, 200, 250, 300], history["step"], history["test_cost"]))

# %% [markdown] key="training-text"
# - Without dropout the network is right on all training points and on 81 % of the test points. It has learned the noise.
# - With `keep_prob` 0.5 it is right on 86 % of the training points: 15 of their 100 labels are wrong. On the test points it
#   is right 91 % of the time.
# - Without dropout the test cost ends between four and five times as high. The network is not only wrong more often, it
#   is sure of it.
#
# This is one seed. What follows has sixteen.

# %% [markdown] key="stopping-predict"
# ### Why not just stop?
#
# Follow the dashed curve of `keep_prob` 1 once more. It is lowest near step 50 and only then begins to rise. So why not
# leave dropout alone and stop there?
#
# In training nobody has the test points. But some labelled points can be put aside, **validation points**, on which the
# network is not trained. Stop where the cost on these is lowest: that is **early stopping**. Here 100 points are put
# aside, as noisy as the training points.
#
# They have a price: a network could have been trained on them instead. So the lower half of the table has networks that are
# trained on all 200 points, to the end. λ = 1 is the L2 penalty of chapter 03.
#
# The 176 networks were trained beforehand, by `python -m course_utils study early_stopping`. The cell reads what came out
# and trains one of them again.
#
# A gain "a ± b" is a mean over the seeds and its 95 % [interval](words.ipynb#Interval).
#
# **Predict:** on 100 training points L2 gains 7 points of accuracy. What does stopping gain?

# %% key="stopping-guess"
guess("stopping-gain")

# %% key="stopping"
from course_utils.experiments import stopped_accuracy
from course_utils.experiments.studies import read_study

stopping = read_study("early_stopping").values  # (16,) each, one for each seed
for name, accuracies in stopping.items():
    mean, half = confidence_interval(accuracies - stopping["neither"])
    gain = "" if name == "neither" else f"   gain {100 * mean:4.1f} ± {100 * half:.1f} points"
    print(f"{name:25} test {accuracies.mean():.3f}{gain}")

again = stopped_accuracy(0, validation=100)
print(f"\nstopped, first seed {stopping['stopped'][0]:.2f}, trained again {again:.2f}")


def compare(first, second):
    mean, half = confidence_interval(stopping[first] - stopping[second])
    print(f"{first} minus {second}: {100 * mean:.1f} ± {100 * half:.1f} points")


compare("stopped", "keep_prob 0.5")
compare("stopped", "200 points, λ = 1")
compare("stopped, keep_prob 0.8", "stopped")

outcome("stopping-gain", 100 * confidence_interval(stopping["stopped"] - stopping["neither"])[0])

# %% [markdown] key="stopping-text"
# - **On 100 training points stopping wins.** It gains 10 points. Of the three values of dropout the best gains 6.5, the
#   strongest nothing clear; L2 at λ = 1, the only one tried here, gains 7.
# - **If the validation points are used for training too, no difference is visible.** Dropout at 0.8 or 0.5, or L2, on all
#   200 points get as far, within 3 points.
# - **Both together** are no better than stopping alone, to within 1.5 points.
#
# So early stopping is a cheap and strong remedy, and the first to be tried beside any other. It costs labelled points that
# nobody trains on, and it needs a curve that turns.

# %% [markdown] key="exercise-training-text"
# ### Your own training loop
#
# **Open task** (exercise 6): it has no single answer. You get `x` of shape (2, 100), `y` of shape (1, 100), noisy as above,
# and `rng`. Train whatever you like in whatever way you like. Return a function that says, for points of shape (2, m), how
# probable class 1 is.
#
# The check trains on two sets of points that you have not seen, and asks about 4000 others each. A network without a
# remedy ends there at a cost near 1 or above. Get below **0.5**, in a second or so for each set.

# %% key="exercise-training"
def my_training(x, y, rng):
    """Return a function that gives the probability of class 1 for points (2, m)."""
    ### BEGIN SOLUTION
    parameters = network.initialize_parameters([2, 64, 64, 1], rng)
    optimizer = Adam(learning_rate=0.02)
    state = optimizer.start(parameters)
    for _ in range(300):
        batch = rng.permutation(x.shape[1])[:50]
        _, cache = network.forward(x[:, batch], parameters, keep_prob=0.5, rng=rng)
        parameters, state = optimizer.step(parameters, network.backward(y[:, batch], parameters, cache), state)
    return lambda points: network.predict(points, parameters)
    ### END SOLUTION


# %% key="check-training"
check("training_loop", my_training)

# %% [markdown] key="live"
# ### Your turn: move keep_prob
#
# Every move of the slider trains the network again, from the same first weights. The right panel shows the outputs
# of the first hidden layer in one training pass: grey entries were dropped.
#
# 1. Move `keep_prob` from 1 down to 0.5. When does the boundary let go of single points?
# 2. Go on to 0.1. Which curve says that the network now learns too little?
# 3. Stay at 0.5 and press *new masks* a few times. How much of what you saw was luck?
#
# <details><summary>What you may have seen</summary>
#
# 1. At 0.8 a small hole is left, at 0.6 no island. From there on the network gives up labels that do not fit their
#    neighbours.
# 2. Both: training and test cost stay high and flat. When both are bad, it is not overfitting.
# 3. The test accuracy moves by a few points, with the same data and the same first weights.
#
# </details>

# %% key="live-trainer"
from course_utils.live import keep_prob_trainer

keep_prob_trainer(keep_prob=1.0, hidden=True)

# %% [markdown] key="test-time"
# ## 6 Test time
#
# In training every pass runs a different thinned network. For a prediction you want the **whole** network: no masks,
# and no scaling either, because the division by `keep_prob` has been done in training.
#
# Take the network that was trained with `keep_prob` 0.5. Run it on the test points in three ways: whole, with masks
# still on, and averaged over 200 masks.

# %% key="test-time-three"
from course_utils.costs import binary_cross_entropy

trained, (x_test, y_test) = runs["keep_prob 0.5"].run.parameters, (data.x_test, data.y_test)
rng = np.random.default_rng(1)


def report(name, z):
    cost, share = binary_cross_entropy(z, y_test), accuracy(z, y_test)
    print(f"{name:24} cost {cost:.2f}   accuracy {share:.2f}   mean |z| {np.abs(z).mean():.1f}")
    return share


whole, _ = network.forward(x_test, trained)
masked = [network.forward(x_test, trained, keep_prob=0.5, rng=rng)[0] for _ in range(200)]
whole_accuracy = report("whole network", whole)
masked_accuracy = report("masks left on, one draw", masked[0])
average_accuracy = report("average over 200 masks", np.mean(masked, axis=0))
draws = np.array([accuracy(z, y_test) for z in masked])
print(f"single draws: accuracy from {draws.min():.2f} to {draws.max():.2f}")

# %% [markdown] key="test-time-text"
# Leaving the masks on costs this network about four points of accuracy, and which ones is a matter of luck. The whole
# network is as accurate as the average of the outputs over 200 masks, for the price of one of them. Its cost is a little
# higher.
#
# Now for a common mistake: somebody **trains** with masks but forgets to divide by `keep_prob`, and then runs the whole
# network.
#
# **Predict:** how do its outputs compare with those in training? Will the accuracy tell?

# %% key="test-time-guess"
guess("unscaled-outputs")

# %% key="test-time-mistake"
sizes = [2, 64, 64, 1]


def trained_without_scaling(seed):
    """Return the mean size of the outputs in the last step and of the whole network, and its accuracy."""
    rng, points = np.random.default_rng([seed, 5]), noisy_quadrants(np.random.default_rng(seed))
    parameters, optimizer = network.initialize_parameters(sizes, rng), Adam(0.02)
    state = optimizer.start(parameters)
    for _ in range(300):
        z, cache = network.forward(points.x_train, parameters, masks=draw_masks(sizes, 100, 0.5, rng), keep_prob=1.0)
        parameters, state = optimizer.step(parameters, network.backward(points.y_train, parameters, cache), state)
    whole, _ = network.forward(points.x_test, parameters)
    mended, _ = network.forward(points.x_test, parameters | {name: 0.5 * parameters[name] for name in ("W2", "W3")})
    return np.abs(z).mean(), np.abs(whole).mean(), accuracy(whole, points.y_test), accuracy(mended, points.y_test)


mistaken = np.array(over_seeds(trained_without_scaling, range(8)))  # (8, 4)
times = mistaken[:, 1] / mistaken[:, 0]
print(f"outputs {times.min():.1f} to {times.max():.1f} times as large as in training, in 8 seeds")
print(f"accuracy {mistaken[:, 2].mean():.2f}, with the factor put in afterwards {mistaken[:, 3].mean():.2f}")

outcome("unscaled-outputs")

# %% [markdown] key="test-time-mistake-text"
# The network is far surer than it has learned to be. The signs of the outputs mostly stay, and with them the accuracy.
# Look at the size.
#
# **Exercise 7.** You are given a layer that was trained with masks but **without** scaling. Return its output
# at test time so that its mean is what it was in training. `a` is the whole output of the layer below.

# %% key="exercise-test-time"
def test_output(a, W, b, keep_prob):
    """Return z of a layer whose inputs were masked but not scaled in training."""
    ### BEGIN SOLUTION
    return W @ (keep_prob * a) + b
    ### END SOLUTION


# %% key="check-test-time"
check("test_output", test_output)

# %% [markdown] key="digits"
# ## 7 Real digits, several seeds
#
# Points in the plane are a toy. Here are handwritten digits of 8 × 8 pixels. We train a 64-256-256-10 network on only
# **200** of them and test it on the other 1597.

# %% key="digits-look"
from course_utils.figures.digit_images import digit_figure

digits = digits_split(200, np.random.default_rng(0))
print("training", digits.x_train.shape, "  test", digits.x_test.shape)
digit_figure(digits.x_train[:, :10], digits.y_train[:, :10])

# %% [markdown] key="digits-plan"
# One run proves little: another seed means other training digits, other first weights, other masks. So we take eight
# seeds. Each trains all networks on the same digits from the same weights. The **difference** to the one without dropout
# is what we look at.
#
# For dropout we take the values of the 2014 paper without any tuning: `keep_prob` 0.8 on the input and 0.5 on the
# hidden layers. Beside it stand four doses on the hidden layers alone, and early stopping by 100 of the other digits, which
# is tested on the 1497 that are left.
#
# Training the 56 networks takes a minute, so it was done beforehand, by `python -m course_utils study digit_dropout`. The
# next cell reads the results and trains the first pair again, for you to compare.
#
# **Predict:** by how many percentage points does dropout raise the test accuracy, on average over the seeds? And in how
# many of the eight seeds does stopping raise it?

# %% key="digits-guess"
guess("digits-gain")
guess("digits-stopped")

# %% key="digits-run"
from course_utils.experiments import digit_accuracy

study = read_study("digit_dropout")
plain, dropped = study.values["none"], study.values["dropout"]  # (8,), one for each seed

again = {name: digit_accuracy(seed=0, **study.settings[name]) for name in ("none", "dropout")}
for name, accuracy_now in again.items():
    print(f"{name:8} first seed {study.values[name][0]:.2f}, trained again {accuracy_now:.2f}")

# %% key="digits-intervals"
gains = {name: confidence_interval(accuracies - plain) for name, accuracies in study.values.items() if name != "none"}
for name, (mean, half) in gains.items():
    print(f"{name:10} {100 * mean:+.1f} ± {100 * half:.1f} points, better in {np.sum(study.values[name] > plain)} of 8 seeds")

outcome("digits-gain", 100 * gains["dropout"][0])
outcome("digits-stopped", np.sum(study.values["stopped"] > plain))

# %% key="digits-figure"
from course_utils.figures.intervals import interval_figure

intervals = {name: confidence_interval(accuracies) for name, accuracies in study.values.items()}
interval_figure(study.values, intervals, "test accuracy")

# %% [markdown] key="digits-text"
# The interval of the paired difference lies above zero for all five kinds of dropout: on this data, with these sizes, it
# helps. It also says by how much: a point or two, not ten.
#
# **Stopping**, the winner of section 5, is better in none of the eight seeds. On new digits the *cost* rises again after a
# while, and stopping looks at the cost; in most seeds the *accuracy* does not fall when training goes on. So a remedy that
# wins on one set of data may gain nothing on the next.
#
# Look at the grey dots as well. Single seeds of *none* and *dropout* overlap. If you compare one run of each, with
# different seeds, you can find the opposite.

# %% [markdown] key="sine"
# ## 8 A curve without noise
#
# Now a different task: a smooth curve, $y = 20 \sin 2\pi x$, 100 points, no noise, and no dropout yet. A network with **six**
# hidden sigmoid units learns it by plain gradient descent on *half* the mean squared error, rate 0.01, in 50 000 steps.
# Seed 1 ends with a mean squared error of 0.2, seed 0 with 11.6, though they differ in nothing but the first weights.
#
# **Predict:** call a run stuck if it ends above 1. How many of eight seeds, 0 to 7, get stuck?

# %% key="sine-stuck-guess"
guess("stuck-starts")

# %% [markdown] key="sine-live-text"
# All eight are shown below as they learn: the slider *moment* goes from the first weights to the last step.
#
# 1. Go through the seeds at the last moment, and count.
# 2. Take seed 0, and look for what it never learns. From which moment on does more training not help?
# 3. Take the network with 25 units, which learns at rate 0.3, again on half the error. What does its very first step do to the error?

# %% key="sine-live"
from course_utils.live import sine_trainer

sine_trainer()

# %% key="sine-stuck"
outcome("stuck-starts")

# %% [markdown] key="sine-predict"
# <details><summary>What you may have seen</summary>
#
# 1. In all seeds but 0 the error ends below 1.
# 2. The last rise, on the right. After a third of the steps the error hardly moves any more.
# 3. The rate is too large for the start: the error rises before it falls. In the end all eight starts have an error below 1.
#
# </details>
#
# So take eight seeds again for the next question, with 25 hidden units and a faster recipe. The test points lie half-way
# between the training points. Without dropout all eight networks end with a mean squared test error below 0.05. A network
# that always says 0 has about 200.
#
# **Predict:** what is the error with the weakest dropout that we try, `keep_prob` 0.95, on average?

# %% key="sine-guess"
guess("sine-dropout")

# %% key="sine-run"
x, y = sine()
between = (x[:, :-1] + x[:, 1:]) / 2  # (1, 99), the test points
y_between = 20 * np.sin(2 * np.pi * between)


def fitted(seed, keep_prob):
    """Return the parameters of a network fitted to the sine."""
    rng = np.random.default_rng(seed)
    start = network.initialize_parameters([1, 25, 1], rng, "xavier")
    settings = {"activation": "tanh", "cost": "mean_squared_error", "record_every": 2000}
    return train_flat(x, y, start, rng=rng, steps=2000, optimizer=Adam(0.02), keep_prob=keep_prob, **settings).parameters


def curve(parameters, points):
    return network.forward(points, parameters, activation="tanh")[0]


networks = {q: over_seeds(lambda seed, q=q: fitted(seed, q), range(8)) for q in (1.0, 0.95, 0.8, 0.5)}
errors = {q: np.array([np.mean((curve(p, between) - y_between) ** 2) for p in found]) for q, found in networks.items()}
for keep_prob, squares in errors.items():
    print(f"keep_prob {keep_prob:4g}: mean squared test error from {squares.min():4.1f} to {squares.max():4.1f} in 8 seeds")

outcome("sine-dropout", errors[0.95].mean())

# %% key="sine-figure"
from course_utils.figures.fits import fit_figure

fit_figure(x, y, {f"keep_prob {q:g}": curve(networks[q][0], x) for q in (1.0, 0.8, 0.5)})

# %% [markdown] key="sine-text"
# The more dropout, the worse, in every seed.
#
# There is nothing to overfit: the points carry no noise, and between them the curve is smooth. What dropout adds is
# noise. For a network with one hidden layer this noise has an exact size. The mean squared error over all masks is
#
# $$\underbrace{(y - \hat y)^2}_{\text{whole network}} + \underbrace{\frac{1-q}{q} \sum_j W_{2j}^2\, a_j^2}_{\text{noise of the masks}}.$$
#
# (Chapter 01 derives it in its section 5.) The second term punishes large weights that carry the output. To make it small the network flattens the curve.
#
# **Predict:** how large is this noise for the network that was trained without dropout and fits the curve exactly?

# %% key="sine-noise-guess"
guess("exact-noise")

# %% key="sine-noise"
def mask_noise(parameters, keep_prob):
    a = np.tanh(parameters["W1"] @ x + parameters["b1"])  # (25, 100)
    return (1 - keep_prob) / keep_prob * np.mean(parameters["W2"] ** 2 @ a**2)


exact, trained_half = networks[1.0][0], networks[0.5][0]  # of the first seed
noise_exact, noise_half = mask_noise(exact, 0.5), mask_noise(trained_half, 0.5)
print(f"noise at keep_prob 0.5: {noise_exact:.0f} in the exact network, {noise_half:.0f} in the one trained with it")

outcome("exact-noise", noise_exact)

# %% [markdown] key="sine-end"
# With masks on, the exact fit is expensive, so training with dropout moves away from it. That is regularization at work,
# on a task that needs none.
#
# So dropout is for networks that **overfit**. They do so on noisy labels, as in section 5, and they do so where examples
# are few for the size of the network, as with the digits, whose labels are right. Where nothing overfits there is nothing to
# gain: it may cost much, as here, or make no visible difference. Chapter 01 compares seven cases at four or six doses.

# %% [markdown] key="playground-text"
# ### Your turn: make it hurt
#
# The playground has clean labels and 16 units a layer now. Before each move say which number will fall.
#
# 1. Lower `keep_prob` step by step. Does the test accuracy ever rise?
# 2. Take 2 hidden units, then 128. Which network can afford dropout?
# 3. Go back to 16 units and raise the label noise to 0.3. What is the best `keep_prob` now?
#
# <details><summary>What you may have seen</summary>
#
# 1. Hardly: tiny rises are luck. At 0.5 both accuracies have fallen, and training falls too, so nothing was overfitted.
# 2. The large one. It has units to spare.
# 3. One near 0.7 beats 1 by far. It is one seed, and the peak is narrow.
#
# </details>

# %% key="playground"
from course_utils.live import playground

playground(keep_prob=1.0, hidden=16, flipped=0.0)

# %% [markdown] key="recap"
# ## Recap
#
# | question | answer | where you saw it |
# |---|---|---|
# | What does `keep_prob` mean? | the probability to keep; PyTorch's `p` is 1 − `keep_prob` | 1 |
# | Why divide by it? | so that the mean stays, and nothing is left to do at test time | 1, 6 |
# | What shape has a mask? | that of the activations: an own column for each example | 2 |
# | What does backward need? | the same masks and the same scale; derivatives taken at `z` | 3 |
# | How do I check a gradient? | hold the masks still, then nudge | 4 |
# | What does a falling cost prove? | neither that the gradient is right nor that the network is good | 4, 5 |
# | And at test time? | the whole network, no masks, no scaling | 6 |
# | Does it help? | where a network overfits it may; try several values and several seeds | 5, 7 |
# | Why not just stop early? | do try it: it wins on noisy points, and gains nothing on the digits | 5, 7 |
# | When does it hurt? | where nothing overfits, or the network has no unit to spare; and sometimes where it does overfit (01) | 8 |
#
# ### Read on
#
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, [*Dropout: a simple way to prevent neural
#   networks from overfitting*](https://jmlr.org/papers/v15/srivastava14a.html), JMLR 15 (2014), 1929–1958.
# - G. Hinton et al., [*Improving neural networks by preventing co-adaptation of feature
#   detectors*](https://arxiv.org/abs/1207.0580), 2012.
# - L. Prechelt, [*Early stopping – but when?*](https://doi.org/10.1007/3-540-49430-8_3), in: Neural networks: tricks of the
#   trade, 1998.
# - S. Wager, S. Wang, P. Liang, [*Dropout training as adaptive regularization*](https://arxiv.org/abs/1307.1493),
#   NeurIPS 2013.

# %% [markdown] key="recap-guesses"
# ### Your guesses
#
# How well did you know what you knew? A guess that was wrong and sure is the one to remember.

# %% key="recap-calibration"
calibration("02")
