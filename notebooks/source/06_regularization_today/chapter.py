# %% [markdown] key="title"
# # 06 Regularization today
#
# Dropout is from 2012, and weight decay is older still. Since then networks have become far larger, and so have their
# data. Do you still need either? This chapter looks at what has been learned since, and tries the claims on your own
# machine. Where nothing can be seen at this size, it says so.
#
# | section | minutes |
# |---|---|
# | 1 A map | 3 |
# | 2 Just stop | 19 |
# | 3 More units, more points, and λ | 9 |
# | 4 One pass or many | 9 |
# | 5 Beside a normalization | 13 |
# | 6 How long AdamW remembers | 9 |
# | 7 Dropout's family | 39 |
# | 8 Which when | 2 |
#
# At the end you can **say** what stopping, decay, noise and data have in common, **predict** what dropout and decay do in front of a normalization, **write** dropout's relatives and the way back through attention, and **choose** among them, knowing how sure each reason is.
#
# You need chapters 02 and 03; sections 5 and 7 lean on 01. Run the cells in order with Shift+Enter, and guess where it says *predict*.

# %% key="imports"
from itertools import product

import numpy as np

from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval
from course_utils.experiments.studies import read_study
from course_utils.guesses import calibration, guess, outcome

# %% [markdown] key="map"
# ## 1 A map
#
# All that this course calls regularization has one aim: predictions that depend less on which points happen to be in
# the training set. There are five places to begin.
#
# | where | what | chapter |
# |---|---|---|
# | the cost | L2, L1: large weights have a price | 03 |
# | the forward pass | dropout and its relatives: noise that training has to live with | 01, 02, section 7 |
# | the time | stop before the network has learned everything | 02, section 2 |
# | the prediction | average several networks | 01 for dropout's subnetworks |
# | the data | more of it | section 4 |
#
# Here are all five on the noisy quadrants of chapter 02: 100 points, 15 wrong labels, 16 seeds. The averages are taken
# over 20 networks, trained on the same points from different first weights. The other four you know. Each gain is
# measured from the network without a remedy, that of the average from the mean accuracy of its 20 members.
#
# **Predict:** dropout at 0.5 gains some six points of accuracy there. How much does the average of 20 networks gain?

# %% key="map-guess"
guess("average-of-twenty")

# %% key="map-gains"
from course_utils.figures.intervals import interval_figure

study, averages = read_study("early_stopping").values, read_study("averaging").values  # (16,) for each name
remedies = {
    "L2, λ = 1": study["λ = 1"],
    "dropout, keep_prob 0.5": study["keep_prob 0.5"],
    "stopped early": study["stopped"],
    "average of 20 networks": averages["20 networks"],
    "100 more points": study["200 points"],
}
before = dict.fromkeys(remedies, study["neither"]) | {"average of 20 networks": averages["each of 20"]}
gains = {name: 100 * (accuracy - before[name]) for name, accuracy in remedies.items()}
intervals = {name: confidence_interval(one) for name, one in gains.items()}
interval_figure(gains, intervals, "gain in test accuracy, points", digits=1)

# %% key="map-outcome"
outcome("average-of-twenty")

# %% [markdown] key="map-text"
# The average is better than its members, and by little: 0.6 ± 0.2 points. It removes what they disagree about. Here
# they probably learned nearly the same wrong labels, and about these they agree. The average of dropout's subnetworks
# in chapter 01 is another matter: none of those was trained to the end on its own.
#
# Stopping takes the lead, by the way. It had 100 validation points to look at. Where L2 or dropout train on these too, they
# come as far (chapter 02); 100 more training points without a remedy gain a third as much. So the next question is why it works.

# %% [markdown] key="stopping"
# ## 2 Just stop
#
# Take the simplest case, linear regression. Its cost is a bowl, and along each axis of the bowl (an eigenvector of its
# [curvature](words.ipynb#Curvature)) gradient descent moves as if the others were not there. With curvature $s$, one step of gradient descent multiplies
# the distance to the minimum by $1 - \eta s$. Steep directions arrive soon. Flat ones have hardly left zero when you stop.
#
# **Exercise 1.** Gradient descent starts at zero. Which share of the way to the minimum has it gone after `steps` steps,
# along a direction with this curvature? 0 is the start, 1 the minimum.

# %% key="exercise-share"
def share_reached(curvature, learning_rate, steps):
    """Return how much of the way gradient descent has gone along one direction."""
    ### BEGIN SOLUTION
    left = (1 - learning_rate * curvature) ** steps
    return 1 - left
    ### END SOLUTION


# %% key="check-share"
check("share_reached", share_reached)

# %% [markdown] key="stopping-compare"
# With tiny steps this becomes $1 - e^{-st}$, where the time $t$ is the learning rate times the number of steps. L2
# of strength $\lambda$ shrinks the same direction to $s / (s + \lambda)$. (Chapter 03 wrote $\lambda/m$; in this section λ stands for that.) Put $\lambda = 1/t$ and
# compare:

# %% key="stopping-table"
from course_utils.experiments.descent import penalized_share, stopped_share

t = 10.0
for s in (0.001, 0.01, 0.1, 1.0):
    print(f"curvature {s:5g}: stopped {stopped_share(s, t):.3f}   L2 {penalized_share(s, t):.3f}")

# %% [markdown] key="stopping-predict"
# Both shrink flat directions most. But the numbers in the middle differ, and neither formula is wrong.
#
# What counts is how far the weights end from the true ones, on average over the noise of the labels. The next cell computes
# this error exactly, for eight regressions with 100 examples and 40 weights, at 41 times from 0.1 to 1000, with λ = 1/t
# beside each.
#
# **Predict** two things. At the worst of all times, how many times as large is the error of stopping as that of L2? And if
# each may choose its own best moment, or its own best λ, which of the two wins?

# %% key="stopping-guess"
guess("stopped-worst")
guess("stopped-best")

# %% key="stopping-risks"
from course_utils.experiments.descent import LOG_TIMES, regression_risks

times = 10**LOG_TIMES
risks = [regression_risks(times, seed=seed) for seed in range(8)]  # of stopping and of L2, (41,) each
worst = [np.max(stopped / penalized) for stopped, penalized in risks]
best = [stopped.min() / penalized.min() for stopped, penalized in risks]
print(f"at the worst time: {min(worst):.2f} to {max(worst):.2f} times the error of L2")
print(f"each at its best:  {min(best):.2f} to {max(best):.2f} times the error of L2")

outcome("stopped-worst", max(worst))
outcome("stopped-best")

# %% [markdown] key="stopping-theorem"
# That it never gets much worse is no luck. Ali, Kolter and Tibshirani (2019) prove it for gradient descent with tiny steps:
# at every time $t$ its error is at most **1.69** times that of L2 with $\lambda = 1/t$, whatever the examples look like.
#
# So early stopping *is* regularization, a relative of L2. In these eight regressions the bests are level; at the time
# least favourable to stopping, its error is 1.4 times as large. In a linear model you need not have both. What differs
# is the bill. Both need validation points to choose by. Stopping tries all strengths in one run, from strong to weak;
# L2 is trained again for each λ.
#
# Move the time below:
#
# 1. At $t = 10$, look at the panel in the middle. Which directions has one of the two finished, to within 1 %, and the other not?
# 2. Find the time with the smallest error.
# 3. Go to the far end. Why does the error rise, although the training cost keeps falling?
#
# <details><summary>What you may have seen</summary>
#
# 1. Those with a curvature of 0.5 or more. There gradient descent has arrived, and L2 still holds back a sixth at 0.5.
# 2. Near 1.6. There the two are within 3 % of one another; at 1 and at 2.5 they are 5 % apart.
# 3. Flat directions are fitted last. The examples hardly vary along them, so what is fitted there is mostly noise.
#
# </details>

# %% key="stopping-live"
from course_utils.live import early_stopping

early_stopping()

# %% [markdown] key="exercise-patience-text"
# In practice nobody knows $t$ beforehand. You look at validation points now and then, remember the best look, and give up
# after `patience` looks without a new best.
#
# **Exercise 2.** Given the validation costs in order, return the number of the look whose weights you keep. A cost that
# only equals the best is no new best. If patience never runs out, training ends with the list.

# %% key="exercise-patience"
def best_look(costs, patience):
    """Return the place, from 0, of the best cost before `patience` looks in a row were no better."""
    ### BEGIN SOLUTION
    best = 0
    for look, cost in enumerate(costs):
        if cost < costs[best]:
            best = look
        elif look - best >= patience:
            return best
    return best  # patience never ran out
    ### END SOLUTION


# %% key="check-patience"
check("best_look", best_look)

# %% [markdown] key="units"
# ## 3 More units, more points, and λ
#
# How large should a model be? Take one that is as simple as can be. A layer of ReLU units has random weights that are
# never trained, and linear regression on their outputs does the rest. There are **60 training points** with ten inputs
# each, and some noise in their labels; test labels have no noise. Where several weights fit equally well, the smallest
# are taken.
#
# **Predict:** what does the test error do when there are more and more units, from 5 to 400?

# %% key="units-guess"
guess("units-beyond")

# %% key="units-errors"
from course_utils.experiments.feature_weights import smallest_length
from course_utils.experiments.features import COUNTS, STRENGTHS, feature_errors

errors = feature_errors()  # medians over 20 seeds, for each number of units and each λ
for count in (5, 20, 50, 60, 70, 100, 400):
    row = COUNTS.index(count)
    print(f"{count:3} units: training error {errors.train[row, 0]:.3f}   test error {errors.test[row, 0]:6.2f}")
lengths = {count: np.median([smallest_length(seed, count) for seed in range(20)]) for count in (20, 60, 400)}
print("length of the weights:", *(f"{length:.1f} with {count} units  " for count, length in lengths.items()))

outcome("units-beyond")

# %% [markdown] key="units-text"
# Textbooks end at the peak: larger models overfit. The curve goes on, and has a name by now, **double descent** (Belkin
# and others, 2019). At 60 units there is exactly one way to pass through all 60 points, noise included, and it needs
# huge weights: their length is 36 in the median, against 2.2 for 20 units. With 400 units there are many ways, and the
# smallest weights among them have 1.2.
#
# Mind two things. The second descent does not win here: 400 units end at 0.46, and 20 units had 0.33. And all of this is
# without λ.
#
# (In this section λ multiplies $\sum w^2$ beside the *sum* of squares, and each output is divided by the root of the number
# of units. The lengths above are those of weights on undivided outputs.)
#
# **Predict:** now give each size the best of nine λ. Which size has the smallest test error?

# %% key="units-best-guess"
guess("best-units")

# %% key="units-best"
best = errors.test.min(axis=1)  # (counts,)
for count in (5, 20, 60, 100, 400):
    row = COUNTS.index(count)
    lambd = STRENGTHS[np.argmin(errors.test[row])]
    print(f"{count:3} units: test error {best[row]:.2f} with λ = {lambd:g}")

outcome("best-units")

# %% [markdown] key="units-best-text"
# The peak is gone. From each size to the next the error falls, and the largest model is the best, with less than a
# quarter of the error that it had without λ. (The λ were chosen by the test points themselves. That is cheating, but it is
# cheating for every size.)
#
# Choose both below, the number of units and λ.
#
# 1. At λ = 0, from which number of units on is the training error zero?
# 2. At 60 units, which is the smallest λ that brings the test error below 1?
# 3. At 400 units, which λ is the best, and what does ten times as much cost?
#
# <details><summary>What you may have seen</summary>
#
# 1. From 60: as many weights as points.
# 2. 0.001, a tiny price on huge weights.
# 3. 0.3 is the best. At 3 the error is nearly four times as large.
#
# </details>

# %% key="units-live"
from course_utils.live import double_descent

double_descent()

# %% [markdown] key="points"
# Now the model stays, linear regression with 40 variables, all equally large, and the number of **points** grows.
#
# **Predict:** you have 20 points and are given 20 more. What happens to the test error, without λ?

# %% key="points-guess"
guess("more-points")

# %% key="points-run"
from course_utils.experiments.features import isotropic_errors

errors_at = {m: np.median([isotropic_errors(seed, m) for seed in range(40)], axis=0) for m in (10, 20, 30, 40, 50, 80, 120)}
for m, (plain, at_best) in errors_at.items():
    print(f"{m:3} points: test error {plain:6.2f} without λ   {at_best:.2f} at the best λ")

outcome("more-points")

# %% [markdown] key="points-text"
# More data made it worse, and by far. It is the peak of before, reached from the other side. (These are medians of 40
# draws, and a few draws at 40 points are far worse still.) With the best λ, which here is known beforehand from the
# noise and the length of the true weights, more data helped every time.
#
# Nakkiran, Venkat, Kakade and Ma (2021) prove it on average for linear regression with equal normal variables: with L2 at
# its best, the test error does not rise when points are added or the model grows. For networks they show it in
# experiments.
#
# So the peak says less about large models than about models without regularization.

# %% [markdown] key="passes"
# ## 4 One pass or many
#
# A language model often sees each sentence once. Your networks have seen their 100 points hundreds of times.
#
# At equal steps, only the number of different points changes here, and with it the repeats. A network sees 15 000 noisy
# points, in 300 steps of 50. The labels are noisy as before, and the test has 4000 clean points. Either all points are
# different. Or there are only 3000, 1000, 300 or 100 different ones, which come again and again: 5, 15, 50 or 150
# times. There are 16 seeds, each with dropout and without, on the same points from the same weights.
#
# **Predict** three gains in test accuracy by dropout at `keep_prob` 0.8: with 100 points, with 300, and with all
# points different.

# %% key="passes-guess"
guess("repeated-dropout")
guess("fifty-passes")
guess("fresh-dropout")

# %% key="passes-study"
streams = read_study("streams").values  # (16,) for each name, accuracies on clean test points
fits = read_study("stream_training").values  # (16,) each, on the noisy training points
gains, doses = {}, (0.9, 0.8, 0.5)
print("points  training  test", *(f"gain at {q}".rjust(14) for q in doses), sep="")
for m in (100, 300, 1000, 3000, 15000):
    plain, learned = streams[f"{m} points, keep_prob 1"], fits[f"{m} points, keep_prob 1"].mean()
    gains[m] = {q: confidence_interval(100 * (streams[f"{m} points, keep_prob {q:g}"] - plain)) for q in doses}
    row = [f"{mean:+.1f} ± {half:.1f}".rjust(14) for mean, half in gains[m].values()]
    print(f"{m:6}  {learned:8.2f}  {plain.mean():.2f}", *row, sep="")

outcome("repeated-dropout", gains[100][0.8][0])
outcome("fifty-passes")
outcome("fresh-dropout", gains[15000][0.8][0])

# %% [markdown] key="passes-text"
# Look at the training column. 15 % of the labels are wrong. A network that is right about a share $r$ of new points,
# and has learned no label by heart, would agree with $0.85\,r + 0.15\,(1 - r)$ of them. In a single pass this fits:
# 83 % would be expected, and there are 83 %. At 100 points 74 % would be expected, and there are 92 %. Here wrong labels
# have been learned by heart, and here dropout pays.
#
# Fifty repeats of 300 points leave dropout nothing to gain here that 16 seeds could show, though some wrong labels seem
# learned: without them 81 % would be expected, and the network has 84 %.
#
# In a single pass 0.8 shows neither gain nor loss, 0.9 is at the edge, and 0.5 costs one and a half points: noise, and
# nothing in return. (The gains at 100 points are smaller than in section 1. Here the learning rate is half as large and
# a step sees 50 points, which may be why.)
#
# (The studies took two minutes: `python -m course_utils study streams stream_training`. The next cell trains one of the 320
# networks again.)

# %% key="passes-again"
from course_utils.experiments.streams import stream_accuracy

stored = streams["100 points, keep_prob 0.8"][0]
print(f"first seed: {stored:.3f} in the study, {stream_accuracy(0, m=100, keep_prob=0.8):.3f} now")

# %% [markdown] key="passes-live-text"
# Below you train it yourself, with one seed. Compare 100 points and 15 000, at `keep_prob` 1 and 0.5. Does what you see
# agree with the table?
#
# <details><summary>What you may have seen</summary>
#
# With 100 points, yes: from 87 % to 89 %. With 15 000 points dropout *gains* with this seed, from 95 % to 97 %. On average
# over 16 seeds it loses. One seed is not a result, not even when a picture comes with it.
#
# </details>

# %% key="passes-live"
from course_utils.live import fresh_or_repeated

fresh_or_repeated()

# %% [markdown] key="passes-practice"
# ### What practice does
#
# | task | passes | what is usual, and who says so |
# |---|---|---|
# | pretraining on text | one | no dropout in large models, say Liu, Bauer and Manning (2025). They tried it in one-epoch pretraining of BERT and of Pythia with 160M and 1.4B parameters: downstream results are better without. Weight decay stays: 0.1 in GPT-3 (Brown et al. 2020) |
# | fine-tuning on a small set | several | dropout is often kept on: BERT's authors drop 0.1 in all their fine-tuning (Devlin et al. 2019) |
# | pictures | many | augmentation and regularization; for vision transformers the right mix and more computing can be worth ten times the data (Steiner et al. 2022) |
# | tables | many | mixes of up to 13 regularizers, searched again for each of 40 data sets, took plain networks past XGBoost in their comparison (Kadra et al. 2021) |
#
# One finding goes against the grain. Liu et al. (2023) use dropout in *underfitting* vision models, but only **early** in
# training, and reach a lower training loss at the end: the gradients of different batches point in more similar
# directions. In one-epoch pretraining of language models, early dropout too was worse than none (Liu, Bauer and Manning
# 2025).

# %% [markdown] key="normalization"
# ## 5 Beside a normalization
#
# Batch normalization came in 2015 and brought a puzzle: networks with batch norm *and* dropout were often worse than those
# with one of them. Here is a part of the answer.
#
# In training, batch norm divides by the standard deviation of the batch. It stores a running mean of the variances, and uses
# that at test time. Put dropout in front:
#
# $$a \;\to\; \text{dropout} \;\to\; W \;\to\; z \;\to\; \text{batch norm}$$
#
# Dropout leaves the mean of $z$ alone. It adds noise, so the variance in training is larger than at test time.
#
# **Predict:** take 64 ReLU units, `keep_prob` 0.5, and a layer $W$ of 64 more. How many times as large is the variance of a
# $z$ in training, on average over the units?

# %% key="normalization-guess"
guess("shift-ratio")

# %% key="normalization-shift"
rng = np.random.default_rng(0)
x = rng.standard_normal((20, 2000))
W1, W2 = rng.standard_normal((64, 20)) * np.sqrt(2 / 20), rng.standard_normal((64, 64)) * np.sqrt(2 / 64)
a = np.maximum(W1 @ x, 0)  # (64, 2000)

evaluation = np.var(W2 @ a, axis=1)  # (64,)
ratios = {}
for q in (0.9, 0.8, 0.5):
    training = np.var(W2 @ (a * (rng.random(a.shape) < q) / q), axis=1)
    ratios[q] = training / evaluation
    print(f"keep_prob {q}: variance {ratios[q].mean():.2f} times as large, from {ratios[q].min():.2f} to {ratios[q].max():.2f}")

outcome("shift-ratio", ratios[0.5].mean())

# %% [markdown] key="exercise-shift-text"
# At test time batch norm divides by a number that is too large. Its normalized outputs vary too little, each unit's by a factor
# of its own. Li et al. (2019) call this *variance shift*, and found it in DenseNet, ResNet, ResNeXt and Wide ResNet.
#
# Those who took $1/q = 2$ for the answer forgot that ReLU outputs have a mean. The noise of a mask goes with the mean
# *square* of what it drops. The variance over examples leaves the mean out.
#
# **Exercise 3.** Predict the ratio for each unit, from what chapter 01 says about the variance of $Wa$ under dropout. `a` has
# one example per column; the variance over examples is `np.var(W @ a, axis=1)`.

# %% key="exercise-shift"
def variance_shift(W, a, keep_prob):
    """Return for each row of W the variance of W (a · mask / q) over examples and masks, divided by that of W a."""
    ### BEGIN SOLUTION
    evaluation = np.var(W @ a, axis=1)  # (n_out,)
    noise = (1 - keep_prob) / keep_prob * W**2 @ np.mean(a**2, axis=1)  # (n_out,)
    return (evaluation + noise) / evaluation
    ### END SOLUTION


# %% key="check-shift"
check("variance_shift", variance_shift)

# %% [markdown] key="normalization-order"
# What to do? Put dropout **behind** the last batch norm, as Li et al. propose, or leave it out. Layer norm, which
# transformers use, has no running variance: it divides each example by its own standard deviation, in training and at
# test time alike. Nothing is stored, so nothing can be stored wrongly. Yet noise takes part of its variance in
# training, so the signal is larger at test time.
#
# ### Decay in front of a normalization
#
# Now the other remedy. A layer's $z = Wx$ is normalized over the batch: minus its mean, divided by its standard deviation.

# %% key="normalization-scale"
from course_utils.experiments.normalization import normalized, normalized_gradient, turns

rng = np.random.default_rng(1)
W, x, y = rng.standard_normal((1, 20)), rng.standard_normal((20, 64)), rng.standard_normal((1, 64))
difference = np.abs(normalized(10 * W @ x) - normalized(W @ x)).max()
print(f"outputs with W and with 10 W differ by {difference:.0e}")

# %% [markdown] key="normalization-turn-text"
# The size of $W$ does not matter at all (apart from the small ε that real layers add to the variance). So L2 cannot
# make this function simpler by shrinking $W$ (van Laarhoven 2017). Yet people decay such weights, and it does
# something.
#
# All that is left of $W$ is its direction, and a gradient step turns it by some angle.
#
# **Predict:** with 10 W in place of W, and the same learning rate, how many times smaller is the angle?

# %% key="normalization-turn-guess"
guess("scaled-turn")

# %% key="normalization-turn"
def angle(W, learning_rate=0.01):
    new = W - learning_rate * normalized_gradient(W, x, y)
    return np.degrees(np.arctan2(np.linalg.norm(new - W), np.linalg.norm(W)))  # the gradient is at right angles to W


print(f"W turns by {angle(W):.3f}°, 10 W by {angle(10 * W):.5f}°")

outcome("scaled-turn", round(angle(W) / angle(10 * W)))

# %% [markdown] key="normalization-decay-text"
# Ten times for the length, and ten times for the gradient, which has become smaller too. The **effective** learning rate is
# $\eta / \|W\|^2$.
#
# Steps at right angles make $W$ longer and longer. Decay makes it shorter. Between the two there is a balance, and with
# it a steady angle per step. (Decay here adds $\lambda W$ to the gradient.)
#
# **Predict:** four times the λ. What becomes of that angle?

# %% key="normalization-decay-guess"
guess("fourfold-decay")

# %% key="normalization-decay"
runs = {"no decay": (0.1, 0.0), "λ = 0.01": (0.1, 0.01), "λ = 0.04": (0.1, 0.04), "half the rate, λ = 0.02": (0.05, 0.02)}
histories = {name: turns(0, lambd, learning_rate=rate, steps=2000) for name, (rate, lambd) in runs.items()}
steady = {name: (sizes[-500:].mean(), angles[-500:].mean()) for name, (sizes, angles) in histories.items()}
for name, (size, turn) in steady.items():
    print(f"{name:24} ‖W‖ {size:.2f}   angle per step {turn:.2f}°")

outcome("fourfold-decay")

# %% key="normalization-figure"
from course_utils.figures.lines import line_figure

steps = np.arange(1, 2001)
sizes = {name: (steps, sizes) for name, (sizes, _) in histories.items()}
angles = {name: (steps[24::25], angles.reshape(-1, 25).mean(axis=1)) for name, (_, angles) in histories.items()}
line_figure({"‖W‖": sizes, "angle per step, degrees": angles}, sharey=False, xlabel="step", ylim=(0, None))

# %% [markdown] key="normalization-end"
# Without decay the steps die out, as if somebody lowered the learning rate. With decay the angle settles near
# $\sqrt{2\eta\lambda}$, in radians. For the two λ this is 2.56° and 5.12°, and the runs have 2.47° and 4.93°. Half the rate
# with twice the λ ends at the same angle: for it only the product counts. (Wan and others, 2021, and Kosson and
# others, 2024, study this balance.)
#
# So in front of a normalization, weight decay is a knob of the **learning rate**. It may still lead to a better network,
# by larger steps and not by smaller weights.

# %% [markdown] key="timescale"
# ## 6 How long AdamW remembers
#
# AdamW multiplies all weights by $1 - \eta\lambda$ in each step and then adds an update. An update made $k$ steps ago has
# shrunk to $(1 - \eta\lambda)^k$ by now. So the weights are a sum of recent updates, and the old ones fade. After
#
# $$\tau = \frac{1}{\eta\lambda}$$
#
# steps about a third of an update is left, the share $1/e$. AdamW's λ is better read this way round: **it says how long the
# weights remember** (Wang and Aitchison 2025).
#
# **Exercise 4.** Turn it round. You want a memory of so many `epochs`, with `m` examples in batches of `batch_size`.
# Which λ do you set?

# %% key="exercise-decay"
def decay_for(epochs, learning_rate, m, batch_size):
    """Return AdamW's weight decay for a memory of so many epochs."""
    ### BEGIN SOLUTION
    steps = epochs * m / batch_size
    return 1 / (learning_rate * steps)
    ### END SOLUTION


# %% key="check-decay"
check("decay_for", decay_for)

# %% [markdown] key="timescale-predict"
# Wang and Aitchison trained ResNets, vision transformers and NanoGPT at several sizes. The best τ, counted **in
# epochs**, was roughly constant as the data grew. Then the best λ has to fall as the data grow.
#
# Can you see this on digits? 100 digits or 400, one label in five wrong, 40 epochs of AdamW with batches of 20, nine τ from 5 to
# 120 epochs and no decay, 16 seeds.
#
# **Predict:** the best τ for 100 digits is about 40 epochs. And for 400?

# %% key="timescale-guess"
guess("fourfold-digits")

# %% key="timescale-study"
scales = read_study("time_scales")
epochs = [5, 7.5, 10, 15, 20, 30, 40, 60, 120]
means = {m: [scales.values[f"{m} digits, τ {tau:g}"].mean() for tau in epochs] for m in (100, 400)}
for m in means:
    best = int(np.argmax(means[m]))
    lambd = scales.settings[f"{m} digits, τ {epochs[best]:g}"]["weight_decay"]
    none = scales.values[f"{m} digits, no decay"].mean()
    print(f"{m} digits: best at τ = {epochs[best]} epochs, λ = {lambd:.1f}: accuracy {means[m][best]:.3f}, no decay {none:.3f}")

outcome("fourfold-digits")

# %% key="timescale-figure"
curves = {f"{m} digits": (np.log2(epochs), accuracies) for m, accuracies in means.items()}
marks = [5, 10, 20, 40, 80]
line_figure({"accuracy on new digits": curves}, xlabel="τ, epochs", xticks=np.log2(marks), xticklabels=marks)

# %% key="timescale-transfer"
best_for_400 = scales.values["400 digits, τ 15"]
for name, tau in (("the same τ in epochs", "40"), ("the same λ", "10")):
    mean, half = confidence_interval(100 * (best_for_400 - scales.values[f"400 digits, τ {tau}"]))
    print(f"{name:20} costs {mean:.2f} ± {half:.2f} points on 400 digits")

# %% [markdown] key="timescale-text"
# Here the rule does not hold. If you take τ over from the small set you lose two and a half points. If you take λ over,
# 16 seeds show no loss: 0.36 ± 0.44, and 15 was chosen on these very seeds. So what you have seen is not their finding
# at a smaller scale. Our sets are tiny, a fifth of the labels are wrong, and we have two sizes where they have many.
#
# What we saw does not contradict a guideline in an earlier version of their paper: τ should not be much shorter than one epoch, or
# points are forgotten before they come again, and not much longer than the whole training, or early updates are never
# forgotten. Both 40 and 15 lie between 1 and 40, as most of our grid does.
#
# Take the *view* along: decay is memory. Take the rule as something to try.

# %% [markdown] key="family"
# ## 7 Dropout's family
#
# Multiply something by random factors with the mean 1: this is dropout, and all its relatives too. They differ in two things.
# What is multiplied? And which numbers share one factor?
#
# | member | what is multiplied | who shares a factor | in PyTorch |
# |---|---|---|---|
# | dropout (2012) | outputs | nobody | `nn.Dropout` |
# | Gaussian dropout (2014) | outputs, by normal numbers | nobody | write it yourself |
# | DropConnect (2013) | weights | nobody | write it yourself |
# | spatial dropout (2015) | a feature map, the outputs of one filter | all positions of a channel | `nn.Dropout1d`, `nn.Dropout2d` |
# | stochastic depth (2016) | what a residual block adds to its input | all of an example (in the paper: of a mini-batch) | `torchvision.ops.StochasticDepth` |
# | dropout in attention | the attention, after its softmax | nobody | `dropout_p` of `scaled_dot_product_attention` |
#
# (Some of the originals scale at test time. Here all divide by $q$ in training.)
#
# Why share? Two neighbouring pixels are nearly equal. If one is dropped, the network reads it off the other, and nothing was
# dropped at all. The price is noise.
#
# **Predict:** take 64 ones, 8 channels of 8 positions, and the mean of all 64 after dropping at 0.5. How many
# times as large is the standard deviation of this mean if one coin decides for all 64, as in stochastic depth, and
# not one for each, as in dropout?

# %% key="family-guess"
guess("noisiest-member")

# %% key="family-noise"
from course_utils.experiments.family import keep_factors

rng = np.random.default_rng(2)
shapes = {"dropout": (8, 8, 20_000), "spatial": (8, 1, 20_000), "stochastic depth": (1, 1, 20_000)}
deviations = {name: keep_factors(shape, 0.5, rng).mean(axis=(0, 1)).std() for name, shape in shapes.items()}
for name, deviation in deviations.items():
    print(f"{name:17} standard deviation of the mean {deviation:.2f}")

outcome("noisiest-member", deviations["stochastic depth"] / deviations["dropout"])

# %% [markdown] key="family-live-text"
# Below are the factors of one pass for three examples, pale for 0 and dark for large ones. Go through all six members, and
# say each time what has been lost. One of them has more than two shades. Which?
#
# <details><summary>What you may have seen</summary>
#
# Dropout loses single numbers, spatial dropout channels, stochastic depth all that a block did for an example, DropConnect
# single weights, and attention what one query sees of one key. Gaussian dropout has all shades, and sets nothing to 0.
#
# </details>

# %% key="family-live"
from course_utils.live import who_is_dropped

who_is_dropped()

# %% [markdown] key="gaussian"
# ### Nobody is dropped
#
# Gaussian dropout multiplies by normal numbers: mean 1, and the variance $(1-q)/q$ of a mask divided by $q$. They are
# nearly never 0, and some are negative.
#
# Chapter 01 showed what dropout does to a linear regression: on average over the masks it adds a penalty,
# $\frac{1-q}{q} \sum_j W_j^2 \, \overline{x_j^2}$ for the mean squared error.
#
# **Predict:** and what does Gaussian dropout add?

# %% key="gaussian-guess"
guess("gaussian-penalty")

# %% key="gaussian-run"
from course_utils.experiments.family import gaussian_dropout as course_gaussian_dropout
from course_utils.theory import dropout_regression_cost

rng = np.random.default_rng(3)
x, y, W = rng.standard_normal((6, 50)), rng.standard_normal((1, 50)), rng.standard_normal((1, 6))
by_noise = [np.mean((W @ course_gaussian_dropout(x, 0.7, rng)[0] - y) ** 2) for _ in range(20_000)]
mean, half = confidence_interval(np.array(by_noise))
whole, with_penalty = np.mean((W @ x - y) ** 2), dropout_regression_cost(W, x, y, 0.7)
print(f"whole model {whole:.3f}   dropout, exactly {with_penalty:.3f}   Gaussian, 20 000 draws {mean:.3f} ± {half:.3f}")

outcome("gaussian-penalty")

# %% [markdown] key="exercise-gaussian-text"
# In linear regression a squared error notices mean and variance of the noise, and nothing else. So there dropping is not the
# point. The noise is, and
# that it grows with the activation.
#
# **Exercise 5.** Write it.

# %% key="exercise-gaussian"
def gaussian_dropout(a, keep_prob, rng):
    """Return a, each entry multiplied by its own normal number with the mean and variance of mask / keep_prob."""
    ### BEGIN SOLUTION
    noise = np.sqrt((1 - keep_prob) / keep_prob) * rng.standard_normal(a.shape)
    return a * (1 + noise)
    ### END SOLUTION


# %% key="check-gaussian"
check("gaussian_dropout", gaussian_dropout)

# %% [markdown] key="exercise-spatial-text"
# **Exercise 6.** And spatial dropout, for `a` of shape (channels, positions, m): a channel of an example goes as a whole,
# or stays and is scaled.

# %% key="exercise-spatial"
def spatial_dropout(a, keep_prob, rng):
    """Return a (channels, positions, m) with whole channels dropped, own ones for each example."""
    ### BEGIN SOLUTION
    channels, _, m = a.shape
    mask = rng.random((channels, 1, m)) < keep_prob  # stretched over the positions
    return a * mask / keep_prob
    ### END SOLUTION


# %% key="check-spatial"
check("spatial_dropout", spatial_dropout)

# %% [markdown] key="depth"
# DropConnect and stochastic depth are as short. Both are in `course_utils/experiments/family.py`, which you can read in
# three minutes. Stochastic depth lets an example skip a whole block of a residual network: $a + f \cdot \text{block}(a)$, with $f$
# either 0 or $1/q$. On average the block counts once:

# %% key="depth-run"
from course_utils.experiments.family import drop_connect, stochastic_depth

rng = np.random.default_rng(4)
a, W = np.tile(rng.standard_normal((5, 1)), (1, 40_000)), rng.standard_normal((5, 5))
skipping, _ = stochastic_depth(a, lambda a: np.tanh(W @ a), 0.8, rng)
connecting, _ = drop_connect(W, a, 0.8, rng)
print("a + block(a)      ", (a + np.tanh(W @ a))[:, 0].round(2))
print("stochastic depth  ", skipping.mean(axis=1).round(2))
print("W a               ", (W @ a)[:, 0].round(2))
print("DropConnect       ", connecting.mean(axis=1).round(2))

# %% [markdown] key="attention"
# ### Dropout in attention
#
# A transformer lets each token of a sequence look at the others. It multiplies each token, a vector, by three matrices,
# which gives its query, key and value. A query and a key give a score. A softmax over the keys turns scores into attention, and the attention weighs the
# values. Here is one head, for a single sequence with one token in each column. The factors are those of dropout; 1.0
# drops nothing.

# %% key="attention-forward"
def attend(q, k, v, factors):
    """Return what each token gets, from q, k and v, (n, tokens) each."""
    scores = k.T @ q / np.sqrt(len(q))  # (keys, queries)
    attention = np.exp(scores - scores.max(axis=0))
    attention = attention / attention.sum(axis=0)  # each column adds up to 1
    return v @ (attention * factors)  # (n, tokens)


rng = np.random.default_rng(5)
q, k, v = (rng.standard_normal((3, 4)) for _ in range(3))
factors = keep_factors((4, 4), 0.5, rng)
print("whole\n", attend(q, k, v, 1.0).round(2))
print("dropped\n", attend(q, k, v, factors).round(2))

# %% [markdown] key="attention-pytorch"
# Dropout comes **after** the softmax. So the attention of a query no longer adds up to 1, except on average. PyTorch's
# `F.scaled_dot_product_attention(q, k, v, dropout_p=0.1)` does the same with tokens in rows. Like `F.dropout` with its defaults, it knows
# nothing of `eval()` and drops whenever `dropout_p` is above 0. Write `dropout_p=0.1 if self.training else 0.0`.
#
# **Open task, exercise 7.** Write the way back. You get `dout`, the gradient of the result, (n, tokens), and the
# arguments of `attend`. Return `dq`, `dk` and `dv`. Any way that gets there is right. Plan a quarter of an hour and a
# sheet of paper.

# %% key="exercise-attention"
def attention_backward(dout, q, k, v, factors):
    """Return dq, dk, dv of `attend`, each (n, tokens)."""
    ### BEGIN SOLUTION
    root = np.sqrt(len(q))
    attention = np.exp(k.T @ q / root)  # (keys, queries)
    attention = attention / attention.sum(axis=0)
    dv = dout @ (attention * factors).T
    dattention = (v.T @ dout) * factors  # the same factors
    dscores = attention * (dattention - np.sum(attention * dattention, axis=0))  # back through the softmax
    return k @ dscores / root, q @ dscores.T / root, dv
    ### END SOLUTION


# %% key="check-attention"
check("attention_backward", attention_backward)

# %% [markdown] key="lookup"
# Is dropout of the attention of use? Here is a task that needs attention. A sequence has six tokens, each with a name and a
# number, and a seventh with a name alone. The answer is the number that goes with that name; one guess in six is right
# by chance. One head learns it in 300 steps of Adam, or in 1000, from 30, 60 or 100 sequences, and is tested on 2000 others.
#
# **Predict:** on 30 sequences it gets about half of the new ones right, on 100 nearly all. Where does dropout of the
# attention help?

# %% key="lookup-guess"
guess("attention-gain")

# %% key="lookup-study"
lookups = {300: read_study("attention_dropout").values, 1000: read_study("attention_longer").values}  # (8,) for each name
print("steps  sequences  accuracy", *(f"gain at {q}".rjust(15) for q in doses), sep="")
for (steps, found), m in product(lookups.items(), (30, 60, 100)):
    plain = found[f"{m} sequences, keep_prob 1"]
    pairs = [confidence_interval(100 * (found[f"{m} sequences, keep_prob {q:g}"] - plain)) for q in doses]
    row = [f"{mean:+.1f} ± {half:.1f}".rjust(15) for mean, half in pairs]
    print(f"{steps:5}  {m:9}  {plain.mean():8.2f}", *row, sep="")

outcome("attention-gain")

# %% key="lookup-check"
from course_utils.costs import softmax_cross_entropy, softmax_cross_entropy_gradient
from course_utils.experiments import attention as head
from course_utils.gradient_check import numeric_gradients, relative_errors

rng = np.random.default_rng(6)
(x, y), parameters, factors = head.lookups(5, rng), head.first_weights(rng), keep_factors((7, 7, 5), 0.8, rng)
z, cache = head.attend(x, parameters, factors)
gradients = head.attend_backward(softmax_cross_entropy_gradient(z, y), parameters, cache, factors)
numeric = numeric_gradients(lambda nudged: softmax_cross_entropy(head.attend(x, nudged, factors)[0], y), parameters)
found = relative_errors(gradients, numeric)
print("gradient check:", {name: f"{error:.0e}" for name, error in found.items()})

# %% [markdown] key="lookup-text"
# In eight seeds no dose helps: all nine averages are below zero, five of them clearly. Is it that training with noise
# takes longer? With 1000 steps all nine are clearly below zero. The gradients pass the check, so they are not to blame.
# Perhaps it is this: if the one token that matters is dropped, no other token has a copy of the answer. Where many
# tokens say nearly the same, this may be otherwise. We have not shown it.

# %% [markdown] key="which"
# ## 8 Which when
#
# The last column says how sure you can be. *Proved* holds under its assumptions. *Seen here* is a result of this course,
# on toys. *Reported* is what a paper found in its own setting.
#
# | you have | try first | why, and how sure |
# |---|---|---|
# | few points, wrong labels, some to spare | stop early | seen here: ahead of four others on 100 points, level with L2 or dropout that train on all 200; no gain on the digits of chapter 02 |
# | time for a search, where weights are not normalized | L2, and search λ on a log scale | proved for linear regression with equal normal variables: at the best λ more points never hurt on average. This is not yet that L2 helps: seen here for random features; reported for networks (Nakkiran et al. 2021) |
# | many passes over few points | dropout, several doses | seen here: +3.7 ± 1.5 points at 100 points; nothing at 300 |
# | one pass over much data | no dropout | seen here: no gain; reported for BERT and Pythia (Liu, Bauer and Manning 2025) |
# | a vision model that underfits | early dropout | reported (Liu et al. 2023); the opposite reported for language models in one epoch |
# | batch norm | dropout behind the last one, or none | seen here: variance 2.5 times as large; reported as the cause of losses (Li et al. 2019) |
# | weights in front of a normalization | tune η · λ first; η still matters for all that is not normalized | outputs do not depend on the size: proved, in one line; angle seen here; reported (van Laarhoven 2017) |
# | AdamW | read λ as a memory, τ = 1/(η λ) | the sum of fading updates is arithmetic; the same τ in epochs for all sizes: reported (Wang and Aitchison 2025), **not** seen here |
# | convolutions | drop channels | reported (Tompson et al. 2015); here only the noise was measured |
# | a very deep residual network | stochastic depth | reported (Huang et al. 2016); here only the mean was checked |
# | attention | start with none | seen here on one lookup task, in 300 steps and in 1000: it hurts; elsewhere it depends |
# | several networks at hand | average them, but not against wrong labels | reported to help widely (Lakshminarayanan et al. 2017); seen here: +0.6 ± 0.2 points where all had probably learned nearly the same wrong labels |
#
# Whatever you choose: several seeds, in pairs, an interval, and points that nobody chose by.

# %% [markdown] key="recap"
# ## Recap
#
# | question | answer | where you saw it |
# |---|---|---|
# | Is early stopping regularization? | yes: in least squares from zero, with tiny steps, its error is at most 1.69 times that of L2 at λ = 1/t | 2 |
# | Do large models overfit? | without λ worst where weights and points are equally many; at the best λ larger was better | 3 |
# | Can more data hurt? | without λ it can; at the best λ it did not | 3 |
# | Is dropout for large data? | where no point is seen twice it gains nothing here, and a strong dose costs | 4 |
# | Why not in front of batch norm? | the variance in training is larger than at test time | 5 |
# | What does decay do in front of a normalization? | it sets the size of the steps | 5 |
# | What is AdamW's λ? | 1/(η τ), one over (learning rate × memory in steps) | 6 |
# | What do dropout's relatives share? | factors of mean 1; they differ in who shares one | 7 |
#
# ### Read on
#
# - A. Ali, J. Z. Kolter, R. J. Tibshirani, [*A continuous-time view of early stopping for least
#   squares*](https://arxiv.org/abs/1810.10082), AISTATS 2019.
# - P. Nakkiran, P. Venkat, S. Kakade, T. Ma, [*Optimal regularization can mitigate double
#   descent*](https://arxiv.org/abs/2003.01897), ICLR 2021.
# - Z. Liu, Z. Xu, J. Jin, Z. Shen, T. Darrell, [*Dropout reduces underfitting*](https://arxiv.org/abs/2303.01500), ICML 2023.
# - H. Liu, J. Bauer, C. D. Manning, [*Drop dropout on single-epoch language model
#   pretraining*](https://arxiv.org/abs/2505.24788), Findings of ACL 2025.
# - X. Li, S. Chen, X. Hu, J. Yang, [*Understanding the disharmony between dropout and batch normalization by variance
#   shift*](https://arxiv.org/abs/1801.05134), CVPR 2019.
# - T. van Laarhoven, [*L2 regularization versus batch and weight normalization*](https://arxiv.org/abs/1706.05350), 2017.
# - X. Wang, L. Aitchison, [*How to set AdamW's weight decay as you scale model and dataset
#   size*](https://arxiv.org/abs/2405.13698), ICML 2025.
# - M. Belkin, D. Hsu, S. Ma, S. Mandal, [*Reconciling modern machine-learning practice and the classical bias–variance
#   trade-off*](https://arxiv.org/abs/1812.11118), PNAS 2019.
# - R. Wan et al., [*Spherical motion dynamics*](https://arxiv.org/abs/2006.08419), 2021; A. Kosson, B. Messmer, M. Jaggi,
#   [*Rotational equilibrium*](https://arxiv.org/abs/2305.17212), 2024.
# - B. Lakshminarayanan, A. Pritzel, C. Blundell, [*Simple and scalable predictive uncertainty estimation using deep
#   ensembles*](https://arxiv.org/abs/1612.01474), NeurIPS 2017.
# - Practice: T. Brown et al., [GPT-3](https://arxiv.org/abs/2005.14165), 2020; J. Devlin et al.,
#   [BERT](https://arxiv.org/abs/1810.04805), 2019; A. Steiner et al., [*How to train your
#   ViT?*](https://arxiv.org/abs/2106.10270), 2022; A. Kadra et al., [*Well-tuned simple nets excel on tabular
#   datasets*](https://arxiv.org/abs/2106.11189), 2021.
# - The family: L. Wan et al., [DropConnect](https://proceedings.mlr.press/v28/wan13.html), 2013; J. Tompson et al.,
#   [spatial dropout](https://arxiv.org/abs/1411.4280), 2015; G. Huang et al., [stochastic
#   depth](https://arxiv.org/abs/1603.09382), 2016; N. Srivastava et al.,
#   [Gaussian dropout, section 10](https://jmlr.org/papers/v15/srivastava14a.html), 2014.

# %% [markdown] key="recap-guesses"
# ### Your guesses
#
# This chapter asked about things that surprised those who found them. Where were you sure, and wrong?

# %% key="recap-calibration"
calibration("06")
