# %% [markdown] key="title"
# # 02 Dropout in NumPy
#
# Dropout is three lines of code. You can get every one of them wrong and never see an error. In this chapter you write
# them, check them, and see on real networks what they do.
#
# | section | minutes |
# |---|---|
# | 1 Dropout of a vector | 18 |
# | 2 One mask for each example | 7 |
# | 3 Forward and backward through several layers | 7 |
# | 4 The gradient check | 7 |
# | 5 Training on noisy data | 11 |
# | 6 Test time | 11 |
# | 7 Real digits, several seeds | 4 |
# | 8 When dropout hurts | 7 |
#
# At the end you can **write** dropout forward and backward, **test** it by a gradient check, **say** what happens at test time and why, and **judge** from several seeds whether it helped.
#
# Run the cells in order with Shift+Enter. Where it says *predict*, do it before you run the cell. A guess written
# down teaches more than a result read.

# %% key="imports"
import numpy as np

from course_utils.datasets import digits_split, noisy_quadrants, sine
from course_utils.dropout import draw_mask, draw_masks, dropout
from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval, over_seeds, quadrant_run
from course_utils.flat_training import train_flat
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.network import backward, compute_cost, forward, initialize_parameters
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
# **Inverted dropout** repairs this at once: divide what is kept by `keep_prob`.
#
# **Predict:** the mean of `x` is 5.5. What is the mean of `x * mask / keep_prob` over a hundred thousand masks?

# %% key="vector-scaling"
masks = rng.random((100_000, 10)) < keep_prob  # one mask a row
dropped = x * masks / keep_prob

print(f"mean of x                      {x.mean():.2f}")
print(f"mean of x * mask               {(x * masks).mean():.2f}")
print(f"mean of x * mask / keep_prob   {dropped.mean():.2f}")

# %% [markdown] key="vector-variance"
# The mean is right again. The price is noise: a single value `x` becomes 0 or `x / keep_prob`, so it now has a
# variance of
#
# $$\operatorname{Var}\left[\frac{r\,x}{q}\right] = x^2\,\frac{1-q}{q}, \qquad q = \text{keep\_prob}.$$
#
# Here $r$ is the value's entry of the mask, 0 or 1. The cell compares this with the masks that you just drew.

# %% key="vector-variance-check"
formula = x**2 * (1 - keep_prob) / keep_prob
sampled = dropped.var(axis=0)
print("formula", formula.round(0))
print("sampled", sampled.round(0))

# %% [markdown] key="vector-live-text"
# Here are both laws in a small network. Beside it stand mean and variance of six units: dots are 2000 masks, bars
# the formula. The axis of the variances is logarithmic.
#
# **Predict:** you move `keep_prob` from 0.5 to 0.2. What happens to the means? How many times as large is each variance?

# %% key="vector-live"
from course_utils.live import mask_explorer

mask_explorer(keep_prob=0.5)

# %% key="vector-live-check"
from course_utils.experiments.masks import mask_statistics  # what the figure shows

mean_half, variance_half = mask_statistics(0.5).sampled  # of six units
mean_fifth, variance_fifth = mask_statistics(0.2).sampled
print("means,     0.2 against 0.5: times", (mean_fifth / mean_half).round(1))
print("variances, 0.2 against 0.5: times", (variance_fifth / variance_half).round(1))

# %% [markdown] key="exercise-variance-text"
# The means stay. Each variance is 4 times as large, since $(1-q)/q$ is 1 at 0.5 and 4 at 0.2.
#
# **Exercise 1.** Write the formula as a function. Where does it come from? Use $r^2 = r$, since $r$ is 0 or 1.

# %% key="exercise-variance"
def dropout_variance(x, keep_prob):
    """Return the variance of x * mask / keep_prob for one value x."""
    ### BEGIN SOLUTION
    # E[(r x / q)²] = x² E[r] / q² = x² / q, and the square of the mean is x².
    return x**2 / keep_prob - x**2
    ### END SOLUTION


# %% key="check-variance"
check("dropout_variance", dropout_variance)

# %% [markdown] key="pitfalls"
# ### Two pitfalls
#
# Here is a version that many people write. It looks fine and has two traps.
#
# **Predict:** what does `values` hold after the call?

# %% key="pitfall-in-place"
def careless_dropout(x, level, rng):
    x *= rng.random(x.shape) >= level
    x /= 1 - level
    return x


values = np.ones(8)
careless_dropout(values, 0.5, np.random.default_rng(0))
print("values after the call:", values)

# %% [markdown] key="pitfall-in-place-text"
# The caller's array has changed, because `*=` works in place. With a network's activations this destroys numbers
# that backpropagation needs later. On an array of integers the division in place stops with an error.
#
# The second trap is in the name: `level` is the probability to **drop**. In this course `keep_prob` is always the
# probability to **keep**. PyTorch's `p` is the probability to drop. At 0.5 the confusion cannot be seen. Look at 0.8:

# %% key="pitfall-swapped"
ones = np.ones(10_000)
kept, _ = dropout(ones, 0.8, np.random.default_rng(2))
swapped = careless_dropout(ones.copy(), 0.8, np.random.default_rng(1))
print(f"keep_prob 0.8 keeps {np.mean(kept > 0):.0%}, level 0.8 keeps {np.mean(swapped > 0):.0%}")

# %% [markdown] key="exercise-dropout-text"
# **Exercise 2.** Write dropout without these traps, for an `x` of any shape. Use `rng.random(x.shape)` and do not change
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
# A layer works on many examples at once: `a` has shape (units, examples), one example per column. A mask can have
# the same shape, or it can have one column that all examples share.
#
# Both run without an error, since NumPy stretches a single column over all examples.
#
# **Predict:** which of the two pictures will show stripes?

# %% key="batch-masks"
from course_utils.figures.masks import mask_pictures

units, m = 12, 20
own = draw_mask((units, m), 0.5, np.random.default_rng(3))
shared = np.repeat(draw_mask((units, 1), 0.5, np.random.default_rng(3)), m, axis=1)
mask_pictures({"own mask for each example": own, "one mask for all": shared})

# %% [markdown] key="batch-noise"
# A shared mask removes the same units from every example of a step. Then the errors that dropout makes do not
# average out over the examples: the whole step is noisy.
#
# **Predict:** by what factor is the mean over 100 examples noisier, as a variance, if they share one mask?

# %% key="batch-noise-measured"
m, rng = 100, np.random.default_rng(0)
a = np.ones((1, m))
with_own = [(a * draw_mask((1, m), 0.5, rng) / 0.5).mean() for _ in range(4000)]
with_shared = [(a * draw_mask((1, 1), 0.5, rng) / 0.5).mean() for _ in range(4000)]

factor = np.var(with_shared) / np.var(with_own)
print(f"variance of the mean: own masks {np.var(with_own):.3f}, shared mask {np.var(with_shared):.2f}")

# %% [markdown] key="batch-noise-text"
# About a hundred, the number of examples. That is so because this unit gives every example the same; the gradient of a real
# step suffers less. Dropout means a mask of its own for each example, drawn anew in each step.
#
# **Exercise 3.** Draw the mask for a batch `a` of shape (units, examples).

# %% key="exercise-batch"
def batch_mask(a, keep_prob, rng):
    """Return a mask of True and False with an own column for each example."""
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
# $$\tilde a_{l-1} = \frac{a_{l-1} \odot D_{l-1}}{q_{l-1}}, \qquad z_l = W_l\,\tilde a_{l-1} + b_l, \qquad a_l = g(z_l).$$
#
# `forward` does this for any number of layers. `keep_prob` can be one number for all hidden layers, or a list: first
# for the input, then for each hidden layer. The output is never dropped.

# %% key="layers-forward"
rng = np.random.default_rng(0)
parameters = initialize_parameters([3, 5, 4, 1], rng)
x = rng.standard_normal((3, 6))  # 6 examples
z, cache = forward(x, parameters, activation="tanh", keep_prob=[1.0, 0.8, 0.5], rng=rng)

for layer, (mask, values) in enumerate(zip(cache["masks"], cache["inputs"], strict=True)):
    kept = "all" if mask is None else f"{mask.sum()} of {mask.size}"
    print(f"into layer {layer + 1}: shape {values.shape}, kept {kept}")

# %% [markdown] key="layers-cache"
# The **masks are kept** in the cache, and this is the point of the section. Going back must use the very same masks:
# the gradient belongs to the thinned network that was run, not to another one.
#
# Dropout multiplies by $D/q$. The derivative of a multiplication is the same multiplication, so going back through
# dropout is the line that you know already:
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

# %% [markdown] key="gradient-check"
# ## 4 The gradient check
#
# A cost that falls does not prove a gradient right: a wrong one can point downhill too. The **gradient check** looks at
# the gradient itself. Nudge one parameter up and down by a tiny $\varepsilon$, and compare the slope of the cost with what
# `backward` says:
#
# $$\frac{J(\theta + \varepsilon) - J(\theta - \varepsilon)}{2\varepsilon} \approx \frac{\partial J}{\partial \theta}.$$
#
# With dropout there is one catch. **Predict:** what happens if every evaluation of the cost draws new masks?

# %% key="gradient-check-still"
y = (rng.random((1, 6)) < 0.5).astype(float)
settings = {"activation": "tanh", "keep_prob": [1.0, 0.8, 0.5]}

errors = gradient_check(x, y, parameters, masks=cache["masks"], **settings)
print("worst relative error, masks held still: below 1e-7:", max(errors.values()) < 1e-7)

# %% key="gradient-check-moving"
def cost_with_new_masks(nudged):
    z, _ = forward(x, nudged, rng=rng, **settings)
    return compute_cost(z, y, nudged)


analytic = backward(y, parameters, cache)
numeric = numeric_gradients(cost_with_new_masks, parameters)
moving = relative_errors(analytic, numeric)
largest = [max(np.abs(value).max() for value in gradients.values()) for gradients in (analytic, numeric)]
print("worst relative error, masks moving:", round(max(moving.values()), 1))
print("more than 10 000 times as large by differences as by backward:", largest[1] > 10_000 * largest[0])

# %% [markdown] key="gradient-check-text"
# With moving masks the two costs belong to two different networks. Their gap is noise, and dividing it by a tiny
# $2\varepsilon$ makes it huge. A relative error near 1 says just that: one of the two gradients is far larger than the
# other, or they point in opposite directions. The code was right all the time; the check was wrong.
#
# **Remember:** draw the masks once, hold them still, then nudge.
#
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
# The points below belong to class 1 where both coordinates have the same sign. There are 100 training points, and 15
# of them carry the **wrong label**. The 4000 test points are clean.
#
# A network with two layers of 64 units can learn all 100 labels by heart, wrong ones included. This is the whole
# training loop:

# %% key="training-loop"
data = noisy_quadrants(np.random.default_rng(0))


def train_and_print(keep_prob):
    rng = np.random.default_rng(1)
    parameters = initialize_parameters([2, 64, 64, 1], rng)
    optimizer = Adam(learning_rate=0.02)
    state = optimizer.start(parameters)
    for step in range(1, 301):
        z, cache = forward(data.x_train, parameters, keep_prob=keep_prob, rng=rng)
        gradients = backward(data.y_train, parameters, cache)
        parameters, state = optimizer.step(parameters, gradients, state)
        if step % 100 == 0:
            print(f"step {step}: cost {compute_cost(z, data.y_train, parameters):.2f}")
    whole, _ = forward(data.x_train, parameters)
    print(f"without masks: {compute_cost(whole, data.y_train, parameters):.2f}")


print("keep_prob 1")
train_and_print(1.0)
print("keep_prob 0.5")
train_and_print(0.5)

# %% [markdown] key="training-cost-text"
# The cost in training is lower without dropout. So dropout is worse?
#
# Two things are wrong with this comparison. In training the cost is that of a thinned network; without masks it is lower.
# And both are about the training points, wrong labels included. What counts is the cost on points the network has not
# seen.
#
# **Predict:** three networks, trained with `keep_prob` 1, 0.8 and 0.5. Which boundary will be the smoothest? Which
# network will be best on the training points, and which on the test points?

# %% key="training-three"
from course_utils.figures.comparison import boundary_figure, cost_figure

runs = {f"keep_prob {q:g}": quadrant_run(q, seed=0) for q in (1.0, 0.8, 0.5)}
for name, result in runs.items():
    history = result.run.history
    print(f"{name:14} training {history['train_accuracy'][-1]:.2f}   test {history['test_accuracy'][-1]:.2f}")

boundary_figure(runs)

# %% key="training-curves"
cost_figure(runs)

# %% [markdown] key="training-text"
# - Without dropout the network is right on all training points and on 81 % of the test points. It has learned the noise.
# - With `keep_prob` 0.5 it is right on 86 % of the training points: 15 of their 100 labels are wrong. On the test points it
#   is right 91 % of the time.
# - Without dropout the test cost ends between four and five times as high. The network is not only wrong more often, it
#   is sure of it.
#
# This is one seed. The next cell has sixteen.

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
# They have a price: a network could have been trained on them. So the lower half of the table has networks that are
# trained on all 200 points, to the end. λ = 1 is the L2 penalty of chapter 03.
#
# **Predict:** who wins on 100 training points: dropout, L2, or stopping? And against those that train on all 200?
#
# The 176 networks were trained beforehand, by `python -m course_utils study early_stopping`. The cell reads what came out
# and trains one of them anew.

# %% key="stopping"
from course_utils.experiments import stopped_accuracy
from course_utils.experiments.studies import read_study

stopping = read_study("early_stopping").values  # (16,) each, one for each seed
for name, accuracies in stopping.items():
    mean, half = confidence_interval(accuracies - stopping["neither"])
    gain = "" if name == "neither" else f"   gain {100 * mean:4.1f} ± {100 * half:.1f} points"
    print(f"{name:25} test {accuracies.mean():.3f}{gain}")

again = stopped_accuracy(0, validation=100)
print(f"\nstopped, first seed {stopping['stopped'][0]:.2f}, trained anew {again:.2f}")


def compare(first, second):
    mean, half = confidence_interval(stopping[first] - stopping[second])
    print(f"{first} minus {second}: {100 * mean:.1f} ± {100 * half:.1f} points")


compare("stopped", "keep_prob 0.5")
compare("stopped", "200 points, λ = 1")
compare("stopped, keep_prob 0.8", "stopped")

# %% [markdown] key="stopping-text"
# - **On 100 training points stopping wins.** It gains 10 points. Of the three values of dropout the best gains 6.5, the
#   strongest nothing clear; L2 at λ = 1, the only one tried here, gains 7.
# - **With the validation points counted no difference is to be seen.** Dropout at 0.8 or 0.5, or L2, on all 200 points come
#   as far, to within 3 points.
# - **Both together** are no better than stopping alone, to within 1.5 points.
#
# So early stopping is a cheap and strong remedy, and the first to be tried beside any other. It costs labelled points that
# nobody trains on, and it needs a curve that turns. Section 7 has data where it does not help.

# %% [markdown] key="live"
# ### Your turn: move keep_prob
#
# Every move of the slider trains the network again, from the same first weights. The right panel shows the outputs
# of the first hidden layer in one training pass: grey entries were dropped.
#
# Three things to try:
#
# 1. Move `keep_prob` from 1 down to 0.5. When does the boundary let go of single points?
# 2. Go on to 0.1. Which curve says that the network now learns too little?
# 3. Stay at 0.5 and press *new masks* a few times. How much of what you saw was luck?

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
from course_utils.costs import accuracy, binary_cross_entropy

trained, (x_test, y_test) = runs["keep_prob 0.5"].run.parameters, (data.x_test, data.y_test)
rng = np.random.default_rng(1)


def report(name, z):
    cost, share = binary_cross_entropy(z, y_test), accuracy(z, y_test)
    print(f"{name:24} cost {cost:.2f}   accuracy {share:.2f}   mean |z| {np.abs(z).mean():.1f}")
    return share


whole, _ = forward(x_test, trained)
masked = [forward(x_test, trained, keep_prob=0.5, rng=rng)[0] for _ in range(200)]
whole_accuracy = report("whole network", whole)
masked_accuracy = report("masks left on, one draw", masked[0])
average_accuracy = report("average over 200 masks", np.mean(masked, axis=0))
draws = np.array([accuracy(z, y_test) for z in masked])
print(f"single draws: accuracy from {draws.min():.2f} to {draws.max():.2f}")

# %% [markdown] key="test-time-text"
# Leaving the masks on costs this network about four points of accuracy, more or less by lot. The whole network is as
# accurate as the average of the outputs over 200 masks, for the price of one of them. Its cost is a little higher.
#
# Now forget the scaling: run the same network with masks, but without the division by `keep_prob`.
#
# **Predict:** there are two hidden layers with `keep_prob` 0.5. How much smaller does the average output become?

# %% key="test-time-unscaled"
sizes = [2, 64, 64, 1]


def unscaled(parameters):
    """Return the mean output over 200 masks that nobody scales."""
    masks = (draw_masks(sizes, x_test.shape[1], 0.5, rng) for _ in range(200))
    return np.mean([forward(x_test, parameters, masks=drawn, keep_prob=1.0)[0] for drawn in masks], axis=0)


def ratio(z, of):
    return np.abs(z).mean() / np.abs(of).mean()


unscaled_accuracy = report("no scaling, 200 masks", unscaled(trained))
print(f"the outputs are {ratio(unscaled(trained), whole):.1f} times as large as the whole network's")

# %% [markdown] key="test-time-causes"
# Two halvings would make a quarter. It is clearly more. There are two suspects. The **biases** are not dropped. And a ReLU
# lets only the upper half of the masks' **noise** through. So leave out one of them at a time: halve the outputs, in
# place of masks; or set all biases to zero.

# %% key="test-time-causes-run"
halved = trained | {name: 0.5 * trained[name] for name in ("W2", "W3")}  # the same as halving what they get
no_biases = {name: value if name.startswith("W") else 0 * value for name, value in trained.items()}
neither = {name: value if name.startswith("W") else 0 * value for name, value in halved.items()}
plain, _ = forward(x_test, no_biases)
left = {
    "biases alone": ratio(forward(x_test, halved)[0], whole),
    "noise alone": ratio(unscaled(no_biases), plain),
    "neither": ratio(forward(x_test, neither)[0], plain),
}
print({name: float(round(value, 2)) for name, value in left.items()})

# %% [markdown] key="test-time-unscaled-text"
# Each of the two lifts the quarter to more than a third.
#
# So much for a network that was trained rightly. In practice the mistake goes the other way: somebody **trains** without
# scaling, and then runs the whole network.
#
# **Predict:** are its outputs then smaller or larger than in training? Will the accuracy tell?

# %% key="test-time-mistake"
def trained_without_scaling(seed):
    """Return the mean size of the outputs in the last step and of the whole network, and its accuracy."""
    rng, points = np.random.default_rng([seed, 5]), noisy_quadrants(np.random.default_rng(seed))
    parameters, optimizer = initialize_parameters(sizes, rng), Adam(0.02)
    state = optimizer.start(parameters)
    for _ in range(300):
        z, cache = forward(points.x_train, parameters, masks=draw_masks(sizes, 100, 0.5, rng), keep_prob=1.0)
        parameters, state = optimizer.step(parameters, backward(points.y_train, parameters, cache), state)
    whole, _ = forward(points.x_test, parameters)
    mended, _ = forward(points.x_test, parameters | {name: 0.5 * parameters[name] for name in ("W2", "W3")})
    return np.abs(z).mean(), np.abs(whole).mean(), accuracy(whole, points.y_test), accuracy(mended, points.y_test)


mistaken = np.array(over_seeds(trained_without_scaling, range(8)))  # (8, 4)
times = mistaken[:, 1] / mistaken[:, 0]
print(f"outputs {times.min():.1f} to {times.max():.1f} times as large as in training, in 8 seeds")
print(f"accuracy {mistaken[:, 2].mean():.2f}, with the factor put in afterwards {mistaken[:, 3].mean():.2f}")

# %% [markdown] key="test-time-mistake-text"
# Several times as large: the network is far surer than it has learned to be. The accuracy does not tell, since the signs
# of the outputs mostly stay. Look at their size.
#
# **Exercise 6.** Somebody gives you a layer that was trained with masks but **without** scaling. Return its output
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
# hidden layers. Beside it stand four doses on the hidden layers alone, and early stopping by 100 of the other digits.
#
# **Predict:** how many of the eight seeds will favour dropout? By how many percentage points? And stopping?
#
# Training the 56 networks takes a minute, so it was done beforehand, by `python -m course_utils study digit_dropout`. The
# next cell reads the results and trains the first pair anew, for you to compare.

# %% key="digits-run"
from course_utils.experiments import digit_accuracy

study = read_study("digit_dropout")
plain, dropped = study.values["none"], study.values["dropout"]  # (8,), one for each seed

anew = {name: digit_accuracy(seed=0, **study.settings[name]) for name in ("none", "dropout")}
for name, accuracy_now in anew.items():
    print(f"{name:8} first seed {study.values[name][0]:.2f}, trained anew {accuracy_now:.2f}")

# %% key="digits-intervals"
gains = {name: confidence_interval(accuracies - plain) for name, accuracies in study.values.items() if name != "none"}
for name, (mean, half) in gains.items():
    print(f"{name:10} {100 * mean:+.1f} ± {100 * half:.1f} points, better in {np.sum(study.values[name] > plain)} of 8 seeds")

# %% key="digits-figure"
from course_utils.figures.intervals import interval_figure

intervals = {name: confidence_interval(accuracies) for name, accuracies in study.values.items()}
interval_figure(study.values, intervals, "test accuracy")

# %% [markdown] key="digits-text"
# The interval of the paired difference lies above zero for all five kinds of dropout: on this data, with these sizes, it
# helps. It also says by how much: a point or two, not ten.
#
# **Stopping**, the winner of section 5, is better in none of the eight seeds. On new digits the *cost* rises again after a
# while, and stopping looks at the cost; the *accuracy* does not fall when training goes on. So a remedy that wins on one set
# of data can lose on the next.
#
# Look at the grey dots as well. Single seeds of *none* and *dropout* overlap. If you compare one run of each, with
# different seeds, you can find the opposite.

# %% [markdown] key="sine"
# ## 8 When dropout hurts
#
# Now a different task: a smooth curve, $y = 20 \sin 2\pi x$, 100 points, no noise, a network with 25 hidden units. The
# test points lie half-way between the training points.
#
# **Predict:** will dropout help here, in a strong dose or in a weak one? Think of what there is to overfit.

# %% key="sine-run"
x, y = sine()
between = (x[:, :-1] + x[:, 1:]) / 2  # (1, 99), the test points
y_between = 20 * np.sin(2 * np.pi * between)


def fitted(seed, keep_prob):
    """Return the parameters of a network fitted to the sine."""
    rng = np.random.default_rng(seed)
    start = initialize_parameters([1, 25, 1], rng, "xavier")
    settings = {"activation": "tanh", "cost": "mean_squared_error", "record_every": 2000}
    return train_flat(x, y, start, rng=rng, steps=2000, optimizer=Adam(0.02), keep_prob=keep_prob, **settings).parameters


def curve(parameters, points):
    return forward(points, parameters, activation="tanh")[0]


networks = {q: over_seeds(lambda seed, q=q: fitted(seed, q), range(8)) for q in (1.0, 0.95, 0.8, 0.5)}
errors = {q: np.array([np.mean((curve(p, between) - y_between) ** 2) for p in found]) for q, found in networks.items()}
for keep_prob, squares in errors.items():
    print(f"keep_prob {keep_prob:4g}: mean squared test error from {squares.min():4.1f} to {squares.max():4.1f} in 8 seeds")

# %% key="sine-figure"
from course_utils.figures.fits import fit_figure

fit_figure(x, y, {f"keep_prob {q:g}": curve(networks[q][0], x) for q in (1.0, 0.8, 0.5)})

# %% [markdown] key="sine-text"
# Dropout makes it worse in every seed, and the more of it the worse. Even 0.95 costs: without dropout the error is below
# 0.05, with it above 1.
#
# There is nothing to overfit: the points carry no noise, and between them the curve is smooth. What dropout adds is
# noise. For a network with one hidden layer this noise has an exact size. The mean squared error over all masks is
#
# $$\underbrace{(y - \hat y)^2}_{\text{whole network}} + \underbrace{\frac{1-q}{q} \sum_j W_{2j}^2\, a_j^2}_{\text{noise of the masks}}.$$
#
# The second term punishes large weights that carry the output. To make it small the network flattens the curve.
#
# **Predict:** how large is this noise for the network that was trained without dropout and fits the curve exactly?

# %% key="sine-noise"
def mask_noise(parameters, keep_prob):
    a = np.tanh(parameters["W1"] @ x + parameters["b1"])  # (25, 100)
    return (1 - keep_prob) / keep_prob * np.mean(parameters["W2"] ** 2 @ a**2)


exact, trained_half = networks[1.0][0], networks[0.5][0]  # of the first seed
noise_exact, noise_half = mask_noise(exact, 0.5), mask_noise(trained_half, 0.5)
print(f"noise at keep_prob 0.5: {noise_exact:.0f} in the exact network, {noise_half:.0f} in the one trained with it")

# %% [markdown] key="sine-end"
# With masks on, the exact fit is expensive, so training with dropout moves away from it. That is regularization at work,
# on a task that needs none.
#
# So dropout is for networks that **overfit**. They do so on noisy labels, as in section 5, and they do so where examples
# are few for the size of the network, as with the digits, whose labels are right. Where nothing overfits there is nothing to
# gain: it may cost much, as here, or nothing that can be seen. Chapter 01 compares seven cases at six doses.

# %% [markdown] key="playground-text"
# ### Your turn: make it hurt
#
# The playground has clean labels and 16 units a layer now. Before each move say which number will fall.
#
# 1. Lower `keep_prob` step by step. Does the test accuracy ever rise?
# 2. Take 2 hidden units, then 128. Which network can afford dropout?
# 3. Go back to 16 units and raise the label noise to 0.3. What is the best `keep_prob` now?

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
# | When does it hurt? | where nothing overfits, or the network has no unit to spare | 8 |
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
