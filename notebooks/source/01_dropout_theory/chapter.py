# %% [markdown] key="title"
# # 01 Dropout in theory
#
# Dropout looks like sabotage: in every training step, for every example, some units are switched off at random. Yet its
# effect **on average** can be written down, and tested against drawn masks, or against *all* the masks there are.
#
# | section | | minutes |
# |---|---|---|
# | 1 Overfitting on purpose | | 11 |
# | 2 A thousand networks in one | | 11 |
# | 3 Mean and variance of a unit | | 10 |
# | 4 All subnetworks at once | depth | 17 |
# | 5 Dropout is a penalty | depth | 16 |
# | 6 Units that lean on each other | | 9 |
# | 7 Quiet units | | 2 |
# | 8 When dropout helps, and when not | | 8 |
# | 9 Your turn: any small network | | 17 |
#
# At the end you can **say** what dropout computes on average and when that is exact, **derive** the variance it adds,
# **turn** it into an L2 penalty and back, and **tell** from several seeds when it is of no use.
#
# **A first reading** takes sections 1, 2, 3, 6, 7 and 8, in less than an hour. Sections 4 and 5 are *depth*: nothing
# that follows needs their cells. Section 9 is an open task.
#
# Run the cells in order with Shift+Enter. Where it says *predict*, answer the form before you run the next cell: a
# guess teaches more than a result read.

# %% key="imports"
import numpy as np

from course_utils.activations import sigmoid
from course_utils.costs import accuracy, mean_squared_error
from course_utils.datasets import digits_split
from course_utils.dropout import draw_mask
from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval, over_seeds, quadrant_run
from course_utils.figures.digit_images import digit_figure
from course_utils.flat_training import train_flat
from course_utils.guesses import calibration, guess, outcome
from course_utils.network import forward, initialize_parameters
from course_utils.optimizers import Adam, GradientDescent, Momentum
from course_utils.theory import (
    all_masks,
    dropout_lambds,
    dropout_regression_cost,
    dropout_regression_weights,
    lambd_from_keep_prob,
    mask_probabilities,
    normalized_geometric_mean,
    ridge_weights,
    subnetwork_logits,
)

# %% [markdown] key="overfitting"
# ## 1 Overfitting on purpose
#
# Dropout is a remedy. First you need the disease. Take 200 pictures of digits and give each a label by **tossing a
# coin**. The label has nothing to do with the picture.

# %% key="coins-data"
rng = np.random.default_rng(0)
digits = digits_split(200, rng)
coins_train = rng.integers(2, size=(1, 200)).astype(float)
coins_test = rng.integers(2, size=(1, digits.x_test.shape[1])).astype(float)

sides = np.vstack([1 - coins_train, coins_train])  # (2, 200), so that the figure can print 0 or 1
digit_figure(digits.x_train[:, :10], sides[:, :10])

# %% [markdown] key="coins-predict"
# A network with 128 hidden units trains on these 200 pictures for 200 steps.
#
# **Predict:** how many of the 200 coin tosses does it get right after training? Then it sees 1597 new pictures, for each of
# which a coin was tossed as well. About half will be right, by chance. But what is its *cost* there? To say one half to
# each picture would cost 0.69.

# %% key="coins-guess"
guess("coins-memorised")
guess("coins-cost")

# %% key="coins-train"
run = train_flat(
    digits.x_train, coins_train, initialize_parameters([64, 128, 1], rng),
    rng=rng, steps=200, optimizer=Adam(0.01), test=(digits.x_test, coins_test),
)  # fmt: skip
memorised, guessed = run.history["train_accuracy"][-1], run.history["test_accuracy"][-1]
print(f"training accuracy {memorised:.2f}, test accuracy {guessed:.1f}")

outcome("coins-memorised", 200 * memorised)
outcome("coins-cost", run.history["test_cost"][-1])

# %% [markdown] key="coins-text"
# All 200, and there was **nothing to learn**. The network has memorised. On new pictures it does as well as a coin, and its
# cost is more than three times that of knowing nothing: it is sure of what it says.
#
# Zhang et al. (2017) did this with photographs: their networks learned fifty thousand small ones by heart, labels drawn
# at random. A training accuracy of 100 % proves only that the network is large enough.
#
# Real data lies in between: most labels are right, some are wrong. The points below belong to class 1 where both
# coordinates have the same sign. Among the 100 training points, 15 have a wrong label. The test points are clean.

# %% key="quadrants"
from course_utils.figures.comparison import boundary_figure

runs = {"clean labels": quadrant_run(flipped=0.0), "15 wrong labels": quadrant_run(flipped=0.15)}
for name, result in runs.items():
    history = result.run.history
    print(f"{name:16} training {history['train_accuracy'][-1]:.2f}   test {history['test_accuracy'][-1]:.2f}")

boundary_figure(runs)

# %% [markdown] key="overfitting-live-text"
# Both are right about nearly every training point. The one on the right had to bend its boundary around single points
# for that, and pays for it on the test points.
#
# **Try three things** below. Each move trains the network again.
#
# 1. Start with *overfits* and give it more points. How many does it take until the test accuracy is back?
# 2. Set the label noise to 0. Is there anything left to cure?
# 3. Take 4 hidden units. Can so small a network learn the wrong labels by heart?

# %% key="overfitting-live"
from course_utils.live import overfitting

overfitting()

# %% [markdown] key="remedies-predict"
# <details><summary>What you may have seen</summary>
#
# 1. From some 280 points on the test accuracy is near 90 %, up and down by some points, and training is no longer
#    perfect: in these 300 steps the network does not learn all wrong labels. Section 8 trains longer.
# 2. Hardly anything.
# 3. No. This start also misses much of the pattern; from other first weights four units often find it.
#
# </details>
#
# One set of points may be luck. Here are eight, and three remedies: 400 points, clean labels, and in place of two
# layers of 64 units smaller ones of 3, 6 or 16.
#
# A gain counts as clear if its [95 % interval](words.ipynb#Interval) lies above zero.
#
# **Predict:** which sizes gain clearly over the large network?

# %% key="remedies-guess"
guess("remedies-sizes")

# %% key="remedies"
from course_utils.figures.differences import difference_figure


def test_accuracies(**settings):
    runs = over_seeds(lambda seed: quadrant_run(seed=seed, records=1, resolution=2, **settings), range(8))
    return np.array([result.run.history["test_accuracy"][-1] for result in runs])  # (8,), one for each seed


before = test_accuracies()
gains = {
    "400 points": test_accuracies(m_train=400) - before,
    "clean labels": test_accuracies(flipped=0.0) - before,
    **{f"{n} units a layer": test_accuracies(hidden=(n, n)) - before for n in (3, 6, 16)},
}
intervals = {name: confidence_interval(gain) for name, gain in gains.items()}

outcome("remedies-sizes")
difference_figure(gains, intervals, "gain in test accuracy")

# %% [markdown] key="overfitting-end"
# A grey dot is one seed, the blue bar the mean with its interval. More points and cleaner labels help. A smaller
# network helps at one of the three sizes, and the training points do not tell you which.
#
# Often you cannot get more data or cleaner labels. Dropout is for that case: you keep the large network, and keep it
# from learning by heart.

# %% [markdown] key="subnetworks"
# ## 2 A thousand networks in one
#
# Here is a small network in one training pass. Dropped units are crossed out, with all their connections. What is
# left is a **thinned network**, or subnetwork.
#
# 1. Press *new masks* a few times: in training every example of every step gets another subnetwork.
# 2. Move `keep_prob` to 0.1. How often does the signal still get through from input to output?

# %% key="mask-explorer"
from course_utils.live import mask_explorer

mask_explorer()

# %% [markdown] key="subnetworks-count"
# At `keep_prob` 0.1 a path is left about one time in five: at least one of the 6 and one of the 5 hidden units must be
# kept.
#
# Each unit is kept or dropped, so $n$ units make $2^n$ subnetworks. All share the same weights: $2^n$ networks for
# the memory of one.
#
# Training for 300 steps on 100 examples draws 30 000 masks. In a layer of 10 units there are 1024 masks, so the same
# ones come up again and again.
#
# **Predict:** in a layer of 64 units, how many of the 30 000 masks repeat one that came up before?

# %% key="masks-repeated-guess"
guess("masks-repeated")

# %% key="subnetworks-met"
rng = np.random.default_rng(0)
for units in (10, 64):
    masks = draw_mask((units, 30_000), 0.5, rng)  # one mask a column
    different = np.unique(np.packbits(masks, axis=0), axis=1).shape[1]
    kept = np.quantile(masks.sum(axis=0), [0.025, 0.975])
    print(f"{units} units: {different} different masks; most keep from {kept[0]:.0f} to {kept[1]:.0f} units")

outcome("masks-repeated", 30_000 - different)

# %% [markdown] key="subnetworks-met-text"
# With 10 units every subnetwork gets its turn. With 64 units no two of these masks are equal: each subnetwork is
# trained **once at most**, and nearly all are never trained at all. But they share their weights with those that were.
# Chapter 02 runs some of them, and they are right most of the time.
#
# Hardly any mask keeps very few or very many units. How likely is each number?
#
# **Exercise 1.** Return the probability that exactly `k` of `n` units are kept. First ask how likely one given mask is
# that keeps `k` units. Then count such masks: `math.comb(n, k)` does.

# %% key="exercise-kept"
from math import comb


def kept_probability(n, k, keep_prob):
    """Return the probability that a mask keeps exactly k of n units."""
    ### BEGIN SOLUTION
    return comb(n, k) * keep_prob**k * (1 - keep_prob) ** (n - k)
    ### END SOLUTION


# %% key="check-kept"
check("kept_probability", kept_probability)

# %% [markdown] key="moments"
# ## 3 Mean and variance of a unit
#
# Under dropout a unit that gives $x$ is kept with probability $q$, which is `keep_prob`. What is kept is divided by
# $q$. So the unit gives $x/q$ with probability $q$, and else 0. Its mean is $x$, as without dropout: that is what the
# division is for. But now it jumps between two values.
#
# **Predict:** a unit gives 1. How large is the [standard deviation](words.ipynb#Variance) of what dropout makes of it?
# Draw it for `keep_prob` from 0.1 to 1.

# %% key="moments-guess"
guess("unit-noise")

# %% key="moments-unit"
rng = np.random.default_rng(0)
keep_probs = [0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0]
outputs = [draw_mask((400_000,), keep_prob, rng) / keep_prob for keep_prob in keep_probs]  # of a unit that gives 1
deviations = [sampled.std() for sampled in outputs]
for keep_prob, sampled, deviation in zip(keep_probs, outputs, deviations, strict=True):
    print(f"keep_prob {keep_prob}: mean {sampled.mean():.1f}, deviation {deviation:.1f}")

outcome("unit-noise", deviations)

# %% [markdown] key="moments-preactivation"
# A coin is least certain at one half, and so is a mask. But here what is rare is also large: at `keep_prob` 0.1 the unit
# gives 10, once in ten times.
#
# The curve has a formula. Write $r$ for the unit's entry of the mask, 0 or 1. Then $r^2 = r$, and the mean of the
# square is
#
# $$\operatorname{E}\left[\Big(\frac{r\,x}{q}\Big)^2\right] = \frac{x^2}{q^2} \operatorname{E}[r] = \frac{x^2}{q}.$$
#
# Subtract the squared mean, $x^2$, and you have the variance:
#
# $$\operatorname{Var}\left[\frac{r\,x}{q}\right] = \frac{x^2}{q} - x^2 = x^2\,\frac{1-q}{q}.$$
#
# The next layer adds many such units up, each with a weight and with a mask of its own: $z = \sum_j w_j\, r_j x_j / q$.
#
# **Predict:** two networks compute the same $z = 1$. In the first, one unit delivers all of it. In the second, 100
# units deliver 0.01 each. By what factor is the noise of $z$ smaller in the second, as a standard deviation?

# %% key="moments-spread-guess"
guess("load-spread")

# %% key="moments-spread"
spread = {}
for units in (1, 100):
    w = np.full((1, units), 1 / units)
    z = w @ (draw_mask((units, 20_000), 0.5, rng) / 0.5)  # (1, 20 000); every unit gives 1
    spread[units] = z.std()
    print(f"{units:3} units: mean {z.mean():.1f}, deviation {spread[units]:.1f}")

outcome("load-spread", spread[1] / spread[100])

# %% [markdown] key="moments-spread-text"
# By a factor of ten, $\sqrt{100}$. Where one unit is dropped, another one is kept. **Spreading the load over many units
# makes dropout cheap.** Keep this sentence, it comes back.
#
# **Exercise 2.** Find the variance of $z$, and write it for a whole batch. Three facts are enough: the variance of one
# unit, which you have; that a factor $w$ multiplies a variance by $w^2$; and that variances of independent terms add
# up. `W` is (1, n), `x` is (n, m) with one example per column, and the result is (1, m).

# %% key="exercise-preactivation"
def preactivation_variance(W, x, keep_prob):
    """Return the variance of W @ (x * mask / keep_prob) for each example."""
    ### BEGIN SOLUTION
    return (1 - keep_prob) / keep_prob * (W**2 @ x**2)
    ### END SOLUTION


# %% key="check-preactivation"
check("preactivation_variance", preactivation_variance)

# %% [markdown] key="moments-sum"
# In a formula, $z$ has
#
# $$\operatorname{E}[z] = \sum_j w_j x_j, \qquad \operatorname{Var}[z] = \frac{1-q}{q} \sum_j w_j^2\, x_j^2.$$
#
# Everything this chapter says about noise follows from these two.

# %% [markdown] key="enumeration"
# ## 4 All subnetworks at once
#
# *Depth: skip it at a first reading; you go on at section 6.*
#
# Drawn masks give an estimate. For few units you can do better: run **every** subnetwork, and weight each by its
# probability. Here are the masks of three units, one a column, with `keep_prob` 0.8.

# %% key="enumeration-three"
masks = all_masks(3)  # (3, 8)
probability = mask_probabilities(masks, keep_prob=0.8)  # (8,)
print(masks.astype(int))
print("probability", probability.round(3))

# %% [markdown] key="enumeration-three-text"
# The mask that keeps all three comes up more than half of the time, the one that keeps none hardly ever. Only at
# `keep_prob` 0.5 are all masks equally likely.
#
# Now a **linear** network with 4 inputs and 6 hidden units, all ten with dropout: $2^{10} = 1024$ subnetworks.
#
# **Predict:** how far is the mean output of all 1024, each weighted by its probability, from the output of the whole
# network, the one without masks?

# %% key="enumeration-linear-guess"
guess("linear-mean")

# %% key="enumeration-linear"
rng = np.random.default_rng(0)
linear = initialize_parameters([4, 6, 1], rng)
x = rng.standard_normal((4, 1))

z, probability = subnetwork_logits(x, linear, keep_prob=[0.8, 0.7], activation="identity")  # (1, 1, 1024), (1024,)
whole, _ = forward(x, linear, activation="identity")

print(f"{z.size} subnetworks say from {z.min():.1f} to {z.max():.1f}")
print(f"weighted mean {z[0, 0] @ probability:.2f}, whole network {whole.item():.2f}, np.mean {z.mean():.2f}")

outcome("linear-mean")

# %% [markdown] key="enumeration-linear-text"
# They agree to twelve digits. In a linear network the mean goes through: **one pass of the whole network is the exact
# average of all its subnetworks.**
#
# `np.mean` misses it, since it counts every mask alike.
#
# **Exercise 3.** You get the output of each subnetwork, (k,), and its mask, (n, k). Return the mean over masks, each
# with its probability. Do not use `mask_probabilities`.

# %% key="exercise-mean"
def mean_over_masks(outputs, masks, keep_prob):
    """Return the mean of outputs (k,), weighted by the probability of each mask, a column of masks (n, k)."""
    ### BEGIN SOLUTION
    kept = masks.sum(axis=0)
    dropped = len(masks) - kept
    return np.sum(outputs * keep_prob**kept * (1 - keep_prob) ** dropped)
    ### END SOLUTION


# %% key="check-mean"
check("mean_over_masks", mean_over_masks)

# %% [markdown] key="sigmoid"
# ### One sigmoid unit
#
# Now put a [sigmoid](words.ipynb#Sigmoid) behind it: one unit, ten inputs with dropout. Each subnetwork gives a
# probability.
#
# **Predict:** is the whole network's probability still the weighted mean of the 1024 probabilities? If not, is it nearer to one
# half than the mean, or farther from it?

# %% key="sigmoid-guess"
guess("sigmoid-side")

# %% key="sigmoid-unit"
rng = np.random.default_rng(13)
unit = {"W1": rng.standard_normal((1, 10)), "b1": np.array([[0.5]])}
x = rng.standard_normal((10, 1))

z, probability = subnetwork_logits(x, unit, keep_prob=[0.5])
z, p = z[0, 0], sigmoid(z[0, 0])  # (1024,)
scaled = sigmoid(forward(x, unit)[0]).item()
plain = p @ probability

print(f"plain mean {plain:.2f}, whole network {scaled:.2f}")

outcome("sigmoid-side")

# %% [markdown] key="sigmoid-ngm"
# It is surer than the plain mean: in this unit, and at `keep_prob` 0.5 in 500 others that were tried. There $z$ lies
# symmetrically around its mean, and the sigmoid flattens out. So a very large $z$ cannot pull the mean up as much as a
# small one pulls it down. At 0.8, where $z$ is lopsided, a few of the 500 go the other way.
#
# Another kind of mean does better. Take **geometric** means with the masks' probabilities $\pi_k$, one of $p$ and one
# of $1 - p$, and make them sum to 1 again:
#
# $$G = \prod_k p_k^{\pi_k}, \qquad G' = \prod_k (1 - p_k)^{\pi_k}, \qquad \text{NGM} = \frac{G}{G + G'}.$$

# %% key="sigmoid-ngm-exact"
from course_utils.figures.predictions import prediction_figure

ngm = float(normalized_geometric_mean(p, probability))
print(f"normalized geometric mean {ngm:.2f}, whole network {scaled:.2f}")

prediction_figure(p, probability, {"plain mean": plain, "NGM": ngm, "scaled": scaled})

# %% [markdown] key="sigmoid-proof"
# Exact again, to twelve digits (Baldi and Sadowski, 2013). The proof takes one line. For a sigmoid,
# $p/(1-p) = e^z$, so
#
# $$\frac{G}{G'} = \prod_k \left(\frac{p_k}{1-p_k}\right)^{\pi_k} = e^{\sum_k \pi_k z_k} = e^{\operatorname{E}[z]}
# \quad\Longrightarrow\quad \text{NGM} = \frac{1}{1 + G'/G} = \sigma(\operatorname{E}[z]).$$
#
# The geometric mean of probabilities is the plain mean of logits, and logits are linear in the masks.
#
# **Exercise 4.** Write the NGM. A product of powers is the exponential of a weighted sum of logarithms.

# %% key="exercise-geometric"
def geometric_mean(p, probability):
    """Return G / (G + G') for predictions p (k,) with weights probability (k,)."""
    ### BEGIN SOLUTION
    G = np.exp(probability @ np.log(p))
    G_other = np.exp(probability @ np.log(1 - p))
    return G / (G + G_other)
    ### END SOLUTION


# %% key="check-geometric"
check("geometric_mean", geometric_mean)

# %% [markdown] key="depth"
# ### Deeper networks
#
# With **one** hidden layer of tanh units the whole network is still exact for the NGM: after the masks comes nothing but the
# sum on top. With two or three layers the [logit](words.ipynb#Logit) is no longer linear in the masks below. Then it is an
# approximation, good for small weights and worse as weights grow and tanh bends. On average over random networks the whole
# network stays nearer to the NGM than to the plain mean.
#
# Warde-Farley et al. (2014) listed all subnetworks of small ReLU networks that had been trained with dropout. There,
# too, the whole network was a good stand-in for the geometric mean.

# %% [markdown] key="regression"
# ## 5 Dropout is a penalty
#
# *Depth: skip it at a first reading; you go on at section 6.*
#
# Now drop the **inputs of a linear regression**. Its prediction is $Wx$, with no bias. Under dropout the prediction $z$
# of an example is random. For any random $z$, the mean squared distance from a fixed $y$ is
#
# $$\operatorname{E}\left[(y - z)^2\right] = \left(y - \operatorname{E}[z]\right)^2 + \operatorname{Var}[z].$$
#
# You know both parts from section 3. The first is the squared error of the whole model. The second is what dropout
# adds, and there is no mask in it any more.
#
# **Exercise 5.** Return what is added to the mean squared error of a batch, the mean over its examples. `W` is (1, n),
# `x` is (n, m) with one example per column, and the result is one number.

# %% key="exercise-penalty"
def dropout_penalty(W, x, keep_prob):
    """Return what dropout of the inputs adds to the mean squared error of W @ x, on average over masks."""
    ### BEGIN SOLUTION
    mean_square = np.mean(x**2, axis=1)  # (n,), of each feature
    return (1 - keep_prob) / keep_prob * np.sum(W[0] ** 2 * mean_square)
    ### END SOLUTION


# %% key="check-penalty"
check("dropout_penalty", dropout_penalty)

# %% [markdown] key="regression-formula"
# All together, with masks $r_{ji}$ of 0 and 1:
#
# $$\operatorname{E}\left[\frac1m \sum_i \Big(y_i - \sum_j \frac{W_j\, r_{ji}\, x_{ji}}{q}\Big)^2\right]
# = \underbrace{\frac1m \sum_i (y_i - W x_i)^2}_{\text{whole model}}
# + \underbrace{\frac{1-q}{q} \sum_j W_j^2\, \frac1m \sum_i x_{ji}^2}_{\text{a penalty on } W}.$$
#
# Multiplied by $m$ this is the form in Srivastava et al. (2014) and, with much more, in Wager, Wang and Liang (2013).
# **On average, dropout is a penalty here and nothing else.** A single step still feels the noise of its own mask.
#
# Do not believe it: ten features, fifty examples, all 1024 masks.

# %% key="regression-enumeration"
rng = np.random.default_rng(0)
x, y, W = rng.standard_normal((10, 50)), rng.standard_normal((1, 50)), rng.standard_normal((1, 10))
keep_prob = 0.6

predictions, probability = subnetwork_logits(x, {"W1": W, "b1": np.zeros((1, 1))}, keep_prob=[keep_prob])
errors = np.mean((y[..., np.newaxis] - predictions) ** 2, axis=(0, 1))  # (1024,), one for each mask
closed_form = dropout_regression_cost(W, x, y, keep_prob)

whole = mean_squared_error(W @ x, y)

print(f"mean over 1024 masks {errors @ probability:.2f}, closed form {closed_form:.2f}")
print(f"whole model {whole:.2f}, so the penalty is {closed_form - whole:.2f}")

# %% [markdown] key="regression-lambda"
# ### A λ for each weight
#
# Compare with L2 as this course writes it, $\frac{\lambda}{2m} \sum_j W_j^2$. Dropout is the same with a λ of its own
# for each weight:
#
# $$\lambda_j = 2\,\frac{1-q}{q} \sum_i x_{ji}^2.$$
#
# It adapts to the data: the larger the feature, the larger its λ. Hence the name *adaptive regularization*.
#
# The minimum is then known in closed form. Check it in a way that knows nothing of penalties: make a **data set of
# all masked copies** of the data, each weighted by its probability, and do plain least squares on it.

# %% key="regression-minimum"
features, targets = rng.standard_normal((5, 40)), rng.standard_normal((1, 40))
masks = all_masks(5)  # (5, 32)
root = np.sqrt(mask_probabilities(masks, keep_prob))  # least squares squares it again

copies = np.hstack([features * masks[:, [k]] / keep_prob * root[k] for k in range(32)])  # (5, 32 · 40)
repeats = np.hstack([targets * root[k] for k in range(32)])  # (1, 32 · 40)
W_copies = np.linalg.lstsq(copies.T, repeats.T, rcond=None)[0].T  # (1, 5)
W_closed = dropout_regression_weights(features, targets, keep_prob)

print("examples:", copies.shape[1])
print("least squares on all masked copies", W_copies[0].round(2))
print("closed form                       ", W_closed[0].round(2))

# %% [markdown] key="regression-ridge"
# So dropout is also **data augmentation**.
#
# Ridge regression is the usual L2, one λ for all. When do the two agree? If $\sum_i x_{ji}^2 = m$ for every feature,
# as after standardising, then all $\lambda_j$ are $2m\,(1-q)/q$.
#
# Now three features that matter equally, but come in different **units**: one of size 0.3, one of size 1, one of
# size 3. Think of lengths in metres, in feet and in hands.
#
# **Predict:** which of the three weights does ridge shrink most, as a share of what it would be? And dropout?

# %% key="regression-scales-guess"
guess("units-shrink")

# %% key="regression-scales"
rng = np.random.default_rng(0)
m, sizes = 200, np.array([[0.3], [1.0], [3.0]])
standard = rng.standard_normal((3, m))
standard /= np.sqrt(np.mean(standard**2, axis=1, keepdims=True))  # now Σ x² = m for each feature
y = standard.sum(axis=0, keepdims=True) + 0.3 * rng.standard_normal((1, m))
raw = sizes * standard  # the same features in other units

by_dropout = dropout_regression_weights(raw, y, 0.5) * sizes.T
by_ridge = ridge_weights(raw, y, lambd_from_keep_prob(0.5, m)) * sizes.T
print("standardised: dropout", dropout_regression_weights(standard, y, 0.5)[0].round(1))
print("standardised: ridge  ", ridge_weights(standard, y, lambd_from_keep_prob(0.5, m))[0].round(1))
print("raw:          dropout", by_dropout[0].round(1), " λ", dropout_lambds(raw, 0.5).round())
print("raw:          ridge  ", by_ridge[0].round(1), " λ", lambd_from_keep_prob(0.5, m))

outcome("units-shrink")

# %% [markdown] key="regression-scales-text"
# On **standardised** features dropout and ridge give the same weights, to ten digits.
#
# In **other units** dropout gives the same predictions as before: it does not care about scale. (It would care about
# another zero, as of °C and °F, since $x^2$ is not the variance.) Ridge does care. It nearly removes the feature of
# size 0.3, whose weight has to be large, and hardly touches the one of size 3.
#
# **Exercise 6.** The features are standardised, $\sum_i x_{ji}^2 = m$. The cost is the mean squared error plus
# $\frac{\lambda}{2m} \sum_j W_j^2$. Which `keep_prob` does the same? Solve $\lambda = 2m\,(1-q)/q$ for $q$.

# %% key="exercise-matching"
def matching_keep_prob(lambd, m):
    """Return the keep_prob of the inputs that equals L2 with lambd on m examples."""
    ### BEGIN SOLUTION
    return 2 * m / (2 * m + lambd)
    ### END SOLUTION


# %% key="check-matching"
check("matching_keep_prob", matching_keep_prob)

# %% [markdown] key="twins"
# ## 6 Units that lean on each other
#
# Hinton et al. (2012) introduced dropout against **co-adaptation**: units that help only in the company of particular
# other units. Here is the smallest case. Two features are exact copies of one another, and $y$ is three times their
# value plus noise. So only the sum $w_1 + w_2$ matters for the fit.
#
# Eight regressions start from different random weights. They train without dropout, with `keep_prob` 0.5 on the two
# features, and with L2 at the λ that costs as much on average (section 5 has it).
#
# **Predict:** where in the plane of $w_1$ and $w_2$ do they end with `keep_prob` 0.5?

# %% key="twins-guess"
guess("twins-end")

# %% key="twins-run"
from course_utils.figures.twin_weights import twin_figure

rng = np.random.default_rng(0)
signal = rng.standard_normal((1, 100))
twins, y = np.vstack([signal, signal]), 3 * signal + 0.5 * rng.standard_normal((1, 100))


def twin_weights(seed, keep_prob=1.0, lambd=0.0, steps=1500):
    """Return the first weights and the last, (2,) each."""
    rng = np.random.default_rng(seed)
    start = initialize_parameters([2, 1], rng, scheme=2.0)
    settings = {"optimizer": GradientDescent(0.02), "cost": "mean_squared_error", "record_every": steps}
    run = train_flat(twins, y, start, rng=rng, steps=steps, keep_prob=[keep_prob], lambd=lambd, **settings)
    return start["W1"][0], run.parameters["W1"][0]


same_lambd = dropout_lambds(twins, 0.5)[0]  # of both features, since they are equal
ways = {"neither": {}, "keep_prob 0.5": {"keep_prob": 0.5}, "L2": {"lambd": same_lambd}}
found = {name: over_seeds(lambda seed, way=way: twin_weights(seed, **way), range(8)) for name, way in ways.items()}
starts = np.array([start for start, _ in found["neither"]]).T  # (2, 8)
ends = {name: np.array([end for _, end in pairs]).T for name, pairs in found.items()}
outcome("twins-end")
twin_figure(starts, ends)

# %% key="twins-numbers"
for name, (w1, w2) in ends.items():
    print(f"{name:13} w1 + w2 about {np.mean(w1 + w2):.1f}, largest |w1 - w2| {np.abs(w1 - w2).max():.1f}")

# %% [markdown] key="twins-text"
# With neither the sum is right in all eight. The **difference** stays what it was at the start. One of them has
# a large positive weight and a large negative one: two features that are right only as a pair.
#
# With dropout the weights become **equal**. Its noise charges for $w_1^2 + w_2^2$, which is least when a given sum is
# split evenly. It also makes both smaller. But the right panel is the same without a single mask. So the twins show
# what a penalty on squares does, and nothing that is special to dropout.
#
# ### What is special to dropout?
#
# Train networks on 200 digits with dropout on 128 hidden units, with L2, and with neither, eight seeds each. Ask two
# things:
#
# - **Removal:** how accurate is the network if each hidden unit is taken away with probability one half, drawn again
#   for each picture, and the rest is doubled? That is what dropout does in training.
# - **Correlation:** how strongly are the outputs of two hidden units correlated, on average over all pairs?
#
# First the training: 24 networks, several seconds.

# %% key="hidden-train"
def observe(seed, keep_prob=1.0, lambd=0.0):
    """Train a network on 200 digits, and return what its hidden units do on the others."""
    rng = np.random.default_rng(seed)
    data = digits_split(200, rng)
    settings = {"steps": 300, "optimizer": Momentum(0.1), "cost": "softmax_cross_entropy", "record_every": 300}
    start = initialize_parameters([64, 128, 10], rng)
    run = train_flat(data.x_train, data.y_train, start, rng=rng, keep_prob=keep_prob, lambd=lambd, **settings)
    whole, cache = forward(data.x_test, run.parameters)
    halved, _ = forward(data.x_test, run.parameters, keep_prob=0.5, rng=rng)
    hidden = cache["inputs"][1]  # (128, 1597), outputs of the ReLUs
    used = hidden[hidden.any(axis=1)]  # without units that are always 0
    correlations = np.corrcoef(used)[np.triu_indices(len(used), 1)]  # one for each pair
    return {
        "accuracy": accuracy(whole, data.y_test),
        "accuracy with half": accuracy(halved, data.y_test),
        "correlation": np.abs(correlations).mean(),
        "share active": np.mean(hidden > 0),
        "mean output": hidden.mean(),
    }


ways = {"neither": {}, "dropout": {"keep_prob": 0.5}, "L2": {"lambd": 1.0}}
found = {name: over_seeds(lambda seed, way=way: observe(seed, **way), range(8)) for name, way in ways.items()}

# %% [markdown] key="hidden-predict"
# With half of its units the network that trained with dropout will surely do better than the others: it has practised
# just that.
#
# **Predict:** what does this cost the *whole* network? And what happens to the correlation of its units?

# %% key="removal-price-guess"
guess("removal-price")

# %% key="hidden-correlation-guess"
guess("hidden-correlation")

# %% key="hidden-run"
def values(quantity, way):
    return np.array([network[quantity] for network in found[way]])  # (8,), one for each seed


def differences(quantity):
    """Print a quantity, and return by how much dropout and L2 change it, in pairs."""
    print(f"{quantity:19}", "   ".join(f"{way} {values(quantity, way).mean():.3f}" for way in ways))
    return {f"{quantity}, {way}": values(quantity, way) - values(quantity, "neither") for way in ("dropout", "L2")}


changes = {}
for quantity in ("accuracy", "accuracy with half", "correlation"):
    changes |= differences(quantity)
intervals = {name: confidence_interval(seeds) for name, seeds in changes.items()}

outcome("removal-price")
outcome("hidden-correlation")
difference_figure(changes, intervals, "change against neither")

# %% [markdown] key="hidden-text"
# **Removal.** Without half of its units, the network trained with dropout loses 3 points of accuracy; the one with neither
# loses 19. Its units depend less on the presence of others. The surprise is the price. There is none: whole, it is a point
# better. L2, here with λ = 1, makes the whole network half a point better and loses 15 points.
#
# **Correlation.** Dropout changes it by less than 0.01. If you have read that dropout makes hidden units less
# correlated: not in these networks. L2 makes them *more* alike.
#
# One word, *co-adaptation*, and two measures that disagree. So say which one you mean.

# %% [markdown] key="sparsity"
# ## 7 Quiet units
#
# Srivastava et al. (2014, section 7.2) looked at the outputs of hidden units and found them **sparser** with dropout:
# fewer units active at a time, and smaller outputs on average. No penalty had asked for it.
#
# The networks that you just trained show the same. But is that special to dropout, or does it come with smaller
# weights?
#
# **Predict:** for a given picture some of the 128 hidden [ReLUs](words.ipynb#ReLU) give something other than zero. With
# L2, is it a smaller share of them than with neither?

# %% key="sparsity-guess"
guess("quiet-l2")

# %% key="sparsity-run"
from course_utils.figures.intervals import interval_figure

for quantity in ("share active", "mean output"):
    differences(quantity)

shares = {way: values("share active", way) for way in ways}
intervals = {name: confidence_interval(seeds) for name, seeds in shares.items()}
outcome("quiet-l2")
interval_figure(shares, intervals, "share of hidden units active")

# %% [markdown] key="sparsity-text"
# Dropout lowers the share in each of the eight seeds, and the mean output too. L2 lowers the mean output too, but
# not the share: there *more* units are active. So the zeros do not come from a pull on the weights.
#
# The formula of section 3 suggests why. The noise of dropout grows with $w_j^2\, x_j^2$, so a large output has its
# price and a zero costs nothing. That is a reason, not a proof, and this is one kind of network on one set of data.

# %% [markdown] key="no-help"
# ## 8 When dropout helps, and when not
#
# Dropout is meant against overfitting. Where there is none, expect no gain. Here are seven cases, each with several
# values of `keep_prob`:
#
# | case | training examples | wrong labels | hidden units |
# |---|---|---|---|
# | noisy labels | 100 points | 15 % | 64, 64 |
# | many noisy points | 600 points | 15 % | 64, 64 |
# | the same, 1500 steps | 600 points, five times as long | 15 % | 64, 64 |
# | clean labels | 100 points | none | 64, 64 |
# | few clean points | 40 points | none | 64, 64 |
# | clean digits | 200 digits | none | 256, 256 |
# | tiny network | 100 points | 15 % | 4, 4 |
#
# Every seed trains with all values on the same examples from the same weights. What counts is the gain in test accuracy
# over the same network without dropout. If nothing else is said, training takes 300 steps on points, and 400 on digits.
#
# **Predict:** on 40 clean points the network overfits: it is right about all 40 and wrong about 8 % of the test points.
# Does weak dropout help it, at `keep_prob` 0.9? And how many points of accuracy does strong dropout, 0.3, gain or cost
# the tiny network?

# %% key="few-points-guess"
guess("few-points")

# %% key="tiny-loss-guess"
guess("tiny-loss")

# %% [markdown] key="no-help-study"
# That is 672 networks on points, 16 seeds for each, and 40 on digits, 8 for each. They were trained beforehand, by
# `python -m course_utils study keep_probs` and `study digit_dropout`. The next cell reads what came out and trains one
# network again, for you to compare.

# %% key="no-help-numbers"
from course_utils.experiments import stopped_accuracy
from course_utils.experiments.studies import read_study

points, digit = read_study("keep_probs").values, read_study("digit_dropout").values
again = stopped_accuracy(0, keep_prob=0.8)
print(f"noisy labels, 0.8, first seed: {points['noisy labels, 0.8'][0]:.2f}, trained again {again:.2f}\n")

gains = {"clean digits": {q: confidence_interval(digit[f"hidden {q:g}"] - digit["none"]) for q in (0.9, 0.7, 0.5, 0.3)}}
cases = "noisy labels", "many noisy points", "the same, 1500 steps", "clean labels", "few clean points", "tiny network"
for case in cases:
    gain = {q: points[f"{case}, {q:g}"] - points[f"{case}, 1"] for q in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)}
    gains[case] = {q: confidence_interval(seeds) for q, seeds in gain.items()}

print("points gained; * where the 95 % interval leaves out zero\nkeep_prob           ", *(f"{q:>6g}" for q in gain))
for case, pairs in gains.items():
    texts = {q: f"{100 * mean:+.1f}" + "* "[abs(mean) < half] for q, (mean, half) in pairs.items()}
    print(f"{case:20}", *(f"{texts.get(q, ''):>6}" for q in gain))

outcome("few-points")
outcome("tiny-loss", 100 * gains["tiny network"][0.3][0])

# %% key="no-help-run"
from course_utils.figures.gains import gain_figure

gain_figure(
    {
        "wrong labels": {"100 points": gains["noisy labels"], "600 points": gains["many noisy points"],
                         "600, 1500 steps": gains["the same, 1500 steps"]},
        "clean labels": {"100 points": gains["clean labels"], "40 points": gains["few clean points"],
                         "200 digits": gains["clean digits"]},
        "tiny network": {"100 noisy points": gains["tiny network"]},
    },
    "gain in test accuracy",
)  # fmt: skip

# %% [markdown] key="no-help-text"
# **Wrong labels.** Dropout helps, in a wide range. With 100 points 0.7 and 0.5 gain 6.5 points. With 600 points the
# network has hardly overfitted after 300 steps: it gains 2 points at most, and at 0.3 it loses 7. After 1500 steps it
# has, and the same network gains 7 or 8 at 0.8 and at 0.5. Try one value, or one length of training, and you may find
# any sign.
#
# **Clean labels, 100 points.** Nothing to be seen from 0.95 to 0.7, and harm below. Where little overfits, there is
# little for it to do.
#
# **Clean labels, few examples.** Overfitting needs no wrong label. On 40 points five of the six values harm all the
# same, even the weakest. On 200 **digits** all four help. So overfitting is where dropout *may* help, and no promise
# that it will.
#
# **Tiny network.** Dropout never helps, and from 0.7 down it costs 14 to 30 points. Four units a layer have no room to
# spare.
#
# So try it where training is much better than test, try several doses, and let validation points choose: the best of
# each row was read off the test points here, which flatters it a little.
#
# And look at the seeds. With noisy labels and 0.5 one of the 16 seeds loses a point, and another gains 12. **One seed
# is not a result.**

# %% key="no-help-seeds"
seeds = points["noisy labels, 0.5"] - points["noisy labels, 1"]
print(f"noisy labels, 0.5: gains from {100 * seeds.min():+.0f} to {100 * seeds.max():+.0f} points in 16 seeds")

# %% [markdown] key="log-accuracy-predict"
# ### The accuracy in a log
#
# Clean labels, 300 points, two layers of 16 units, `keep_prob` 0.5. During training a log shows the accuracy of each step
# on the training points, masks on.
#
# **Predict:** take the accuracy in the log at the end, and subtract that of the network on the test points. How many points
# are left, with their sign?

# %% key="log-accuracy-guess"
guess("log-accuracy")

# %% key="log-accuracy"
def three_accuracies(seed):
    result = quadrant_run(0.5, seed=seed, flipped=0.0, m_train=300, hidden=(16, 16), records=1, resolution=2)
    data, history = result.data, result.run.history
    masked, _ = forward(data.x_train, result.run.parameters, keep_prob=0.5, rng=np.random.default_rng(seed))
    return accuracy(masked, data.y_train), history["train_accuracy"][-1], history["test_accuracy"][-1]


in_log, whole_train, whole_test = np.array(over_seeds(three_accuracies, range(8))).T
print(f"training, masks on  {in_log.mean():.2f}")
print(f"training, masks off {whole_train.mean():.2f}")
print(f"test, masks off     {whole_test.mean():.2f}")

outcome("log-accuracy", 100 * np.mean(in_log - whole_test))

# %% [markdown] key="log-accuracy-text"
# These are means of eight seeds. The log shows a **thinned** network, the test score the **whole** one: two different
# networks. With masks off the training accuracy is the higher one, as usual. Nothing is wrong with the code.

# %% [markdown] key="open-task"
# ## 9 Your turn: any small network
#
# Section 3 has formulas for one sum. A network with a bend in it has none in general. But a small network has few masks, and you can run them
# all. Take two units that work against each other: one adds to the output, the other subtracts, and a ReLU cuts off
# what is below zero.

# %% key="open-example"
def rivals(mask, keep_prob=0.5):
    """Return the output for a mask of two units, each of which gives 1; what is kept is divided by keep_prob."""
    return max(0.0, mask[0] / keep_prob - mask[1] / keep_prob)


for mask in ([0, 0], [0, 1], [1, 0], [1, 1]):
    print(f"mask {mask}: output {rivals(mask):.0f}")
print(f"without dropout: output {rivals([1, 1], keep_prob=1):.0f}")

# %% [markdown] key="open-text"
# Three of the four subnetworks say 0, as the network without dropout does, and one says 2. At `keep_prob` 0.5 the mean
# is 0.5 and the variance 0.75. The ReLU has turned noise into a shift of the mean.
#
# **Open task.** Write a function that finds mean and variance of the output over all masks, each with its probability,
# for *any* network of `n` units. `network(mask)` takes one mask with `n` entries of 0 and 1 and returns one number. Go
# about it as you like. The check tries networks that you have not seen, and compares nothing but the two numbers.
#
# `all_masks(n)` lists the masks one a column, and `itertools.product([0, 1], repeat=n)` one after the other.

# %% key="exercise-moments"
def subnetwork_moments(network, n, keep_prob):
    """Return mean and variance of network(mask) over all masks of n units."""
    ### BEGIN SOLUTION
    masks = all_masks(n)  # (n, 2**n)
    probability = mask_probabilities(masks, keep_prob)  # (2**n,)
    outputs = np.array([network(mask) for mask in masks.T])  # (2**n,)
    mean = outputs @ probability
    return mean, (outputs - mean) ** 2 @ probability
    ### END SOLUTION


# %% key="check-moments"
check("subnetwork_moments", subnetwork_moments)

# %% [markdown] key="recap"
# ## Recap
#
# | question | answer | where you saw it |
# |---|---|---|
# | What does 100 % on training data mean? | that the network is large enough; coin tosses can be memorised too | 1 |
# | What is trained in a step? | for each example one of $2^n$ subnetworks, which share all weights | 2 |
# | What does dropout do to a unit? | mean $x$, variance $x^2(1-q)/q$: the less is kept, the noisier | 3 |
# | And to a sum of units? | variance $\frac{1-q}{q}\sum_j w_j^2 x_j^2$: spreading the load makes it cheap | 3 |
# | Is the whole network the mean of all? | linear: exactly; one sigmoid: exactly, as the NGM; deeper: the better, the smaller the weights | 4 |
# | And to a linear regression? | on average L2 with $\lambda_j = 2\frac{1-q}{q}\sum_i x_{ji}^2$; ridge if standardised | 5 |
# | What happens to twin features? | their weights become equal, as under L2 | 6 |
# | Are hidden units less correlated? | not in these networks; but they can be removed | 6 |
# | Are they sparser? | yes in these networks, and not under L2 | 7 |
# | When is dropout of use? | where a network overfits it may be; try several `keep_prob` and several seeds | 8 |
#
# How well did you know what would come out?

# %% key="recap-guesses"
calibration("01")

# %% [markdown] key="onward"
# A guess that was sure and wrong is worth another look: that is where you learn most.
#
# **Next:** chapter [02](02_numpy_dropout.ipynb) turns all this into code that trains.
#
# ### Read on
#
# - G. Hinton, N. Srivastava, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, [*Improving neural networks by preventing
#   co-adaptation of feature detectors*](https://arxiv.org/abs/1207.0580), 2012.
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, [*Dropout: a simple way to prevent neural
#   networks from overfitting*](https://jmlr.org/papers/v15/srivastava14a.html), JMLR 15 (2014), 1929–1958.
# - P. Baldi, P. Sadowski, *Understanding dropout*, NeurIPS 2013
#   ([abstract](https://papers.nips.cc/paper/2013/hash/71f6278d140af599e06ad9bf1ba03cb0-Abstract.html)).
# - S. Wager, S. Wang, P. Liang, [*Dropout training as adaptive regularization*](https://arxiv.org/abs/1307.1493),
#   NeurIPS 2013.
# - D. Warde-Farley, I. Goodfellow, A. Courville, Y. Bengio, [*An empirical analysis of dropout in piecewise linear
#   networks*](https://arxiv.org/abs/1312.6197), ICLR 2014.
# - C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals, [*Understanding deep learning requires rethinking
#   generalization*](https://arxiv.org/abs/1611.03530), ICLR 2017.
