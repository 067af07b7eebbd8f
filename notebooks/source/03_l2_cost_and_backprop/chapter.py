# %% [markdown] key="title"
# # 03 L2: cost and backpropagation
#
# A penalty on large weights is one more term in the cost and one more term in the gradient. That is all. Yet it goes
# by four names whose numbers differ by factors of 2 and of $m$, and with Adam it turns into something else.
#
# In this chapter you add L2 and L1 to a cost, carry them through [backpropagation](words.ipynb#Backpropagation), and choose their strength.
#
# | section | minutes |
# |---|---|
# | 1 A price for large weights | 13 |
# | 2 The gradient, on paper and in code | 10 |
# | 3 Weight decay | 9 |
# | 4 λ and a real network | 6 |
# | 5 L1: exact zeros | 31 |
# | 6 Leave the bias alone | 9 |
# | 7 One λ, four names | 8 |
# | 8 Adam: L2 is not weight decay | 7 |
# | 9 L1, L2 and dropout together | 3 |
# | 10 Choosing λ | 25 |
#
# At the end you can **derive** the gradient of a penalty and **test** it by a gradient check, **say** what weight
# decay is and when it equals L2, **get** exact zeros from L1, **translate** between the conventions for λ, and
# **choose** λ without fooling yourself.
#
# **The first time**, take sections 1 to 6, then 10. Sections 7 to 9 are marked as *depth*: read them when you copy a λ
# from somewhere, use Adam, or combine remedies.
#
# Run the cells in order with Shift+Enter. Where it says *predict*, commit yourself in the form before you run the next
# cell. Nobody sees your guesses. The recap shows you how well you judged.

# %% key="imports"
import numpy as np

from course_utils.costs import mean_squared_error_gradient
from course_utils.datasets import noisy_quadrants, quadrants
from course_utils.dropout import draw_masks
from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval, over_seeds, quadrant_run
from course_utils.experiments.bowl import BOWL
from course_utils.figures.lines import line_figure
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.guesses import calibration, guess, outcome
from course_utils.network import backward, compute_cost, forward, initialize_parameters
from course_utils.optimizers import Adam, AdamW
from course_utils.penalties import lambd_to, soft_threshold, weights

# %% [markdown] key="cost"
# ## 1 A price for large weights
#
# The cost of a network says how badly it fits. L2 regularization adds a price for large weights:
#
# $$J = \underbrace{\frac{1}{m} \sum_{i=1}^{m} \mathcal{L}\left(\hat y^{(i)}, y^{(i)}\right)}_{\text{data cost}}
# \; + \; \underbrace{\frac{\lambda}{2m} \sum_{l} \lVert W_l \rVert^2}_{\text{penalty}},
# \qquad \lVert W \rVert^2 = \sum_{i,j} W_{ij}^2 .$$
#
# $m$ is the number of training examples. $\lambda \ge 0$ sets the price: the larger it is, the more a large weight
# costs. In code it is `lambd`, since `lambda` means something else in Python. The biases cost nothing; section 6 says why.
#
# Start with a single weight. The data want it to be 2: their cost is ½ (w − 2)², and m = 4.
#
# **Predict:** where is the sum of data cost and penalty least, for λ = 4?

# %% key="cost-guess"
guess("one-weight")

# %% key="cost-one-weight"
m = 4
w = np.linspace(-1, 3, 201)
data_cost = 0.5 * (w - 2) ** 2

panels, minima = {}, []
for lambd in (0.0, 4.0, 12.0):
    price = lambd / (2 * m) * w**2
    panels[f"λ = {lambd:g}"] = {"data cost": (w, data_cost), "penalty": (w, price), "sum": (w, data_cost + price)}
    minima.append(w[np.argmin(data_cost + price)])

print("the sum is least at w =", np.round(minima, 2))
outcome("one-weight", minima[1])
line_figure(panels, xlabel="weight w", ylabel="cost", ylim=(0, 6))

# %% [markdown] key="cost-one-weight-text"
# Half-way. At the minimum of the sum the two slopes cancel:
#
# $$(w - 2) + \frac{\lambda}{m} w = 0 \quad\Rightarrow\quad w = \frac{2}{1 + \lambda/m}.$$
#
# No finite λ takes this weight to zero: L2 shrinks it and does not delete it.

# %% [markdown] key="cost-live"
# ### Two weights
#
# With two weights each cost is a landscape. Here you see it from above: along a contour the cost is the same. The star
# marks the minimum of the data cost, at $w_1 = 1.9$ and $w_2 = 0.7$. The diamond marks that of the sum.
#
# **Predict**, before you touch the slider: as λ goes from 0 to 1, what becomes of $w_2$, the smaller weight?

# %% key="bowl-guess"
guess("bowl-second")

# %% key="cost-bowl"
from course_utils.live import penalty_bowl

penalty_bowl(lambd=0.0)

# %% key="cost-path"
for lambd in (0.0, 1.0, 6.0):
    print(f"λ = {lambd:g}: the sum is least at w₁, w₂ =", BOWL.minimum(lambd=lambd).round(2))
outcome("bowl-second")

# %% [markdown] key="cost-directions"
# A penalty makes the weights small **together**. What it does to a single one is another matter.
#
# Look at the path of the diamond. It is bent. Across the valley the data cost is steep and resists the penalty; along
# the valley floor it is flat and gives way first. So $w_1$ gives way at once, and $w_2$ takes over part of its work.
#
# The axes of the ellipses are the two directions to look along: across the valley and along it. Where the data cost has
# [curvature](words.ipynb#Curvature) $h$, this share of the weights is left:
#
# $$\frac{h}{h + \lambda/m}.$$

# %% key="cost-directions-check"
curvatures, directions = np.linalg.eigh(BOWL.curvature)  # a column of directions for each curvature
left = (directions.T @ BOWL.minimum(lambd=2.0)) / (directions.T @ BOWL.centre)
print("curvature              ", curvatures.round(2))
print("share left, with λ = 2 ", left.round(2))

# %% [markdown] key="exercise-cost-text"
# So the penalty takes most where the data ask for least.
#
# **Exercise 1.** Write the penalty of a whole network. `parameters` is a dict `W1 b1 W2 b2 ...`, for any number of
# layers.

# %% key="exercise-cost"
def l2_cost(parameters, lambd, m):
    """Return λ/(2m) times the sum of all squared weights."""
    ### BEGIN SOLUTION
    squares = 0.0
    for name, value in parameters.items():
        if name.startswith("W"):
            squares += np.sum(value**2)
    return lambd / (2 * m) * squares
    ### END SOLUTION


# %% key="check-cost"
check("l2_cost", l2_cost)

# %% [markdown] key="gradient"
# ## 2 The gradient, on paper and in code
#
# Each weight appears in the penalty exactly once. So differentiate one weight at a time: what is the derivative of
# $\frac{\lambda}{2m} w^2$? Do it on paper. A matrix is no harder, since each of its entries is a weight of its own.
#
# **Exercise 2.** Add the penalty's part to the gradient of one layer. The data cost's part is given as `dW`; leave that
# array as it is.

# %% key="exercise-gradient"
def l2_gradient(dW, W, lambd, m):
    """Return the gradient of data cost plus penalty, given that of the data cost."""
    ### BEGIN SOLUTION
    return dW + lambd / m * W
    ### END SOLUTION


# %% key="check-gradient"
check("l2_gradient", l2_gradient)

# %% [markdown] key="gradient-lower"
# The derivative brings a 2, and the 2 in $\lambda/(2m)$ is there only to cancel it.
#
# That is one layer. Now think of two. The penalty of `W2` is part of the cost, and `W1` lies below `W2`.
#
# **Predict:** does the penalty of `W2` change the gradient of `W1`?

# %% key="lower-guess"
guess("lower-layers")

# %% key="gradient-difference"
rng = np.random.default_rng(0)
parameters = initialize_parameters([3, 4, 2], rng)
x = rng.standard_normal((3, 6))  # 6 examples
y = (rng.random((2, 6)) < 0.5).astype(float)
m, lambd = x.shape[1], 0.7

z, cache = forward(x, parameters, activation="tanh")
data_only = backward(y, parameters, cache)
with_l2 = backward(y, parameters, cache, lambd=lambd)

for name, value in parameters.items():
    added = with_l2[name] - data_only[name]
    is_decay = name.startswith("W") and np.allclose(added, lambd / m * value)
    print(f"{name}: the penalty adds", f"λ/m {name}" if is_decay else "something else" if added.any() else "nothing")
outcome("lower-layers")

# %% [markdown] key="gradient-factors"
# The penalty sees weights, never activations. So it sends **nothing** down to lower layers: $dz$ and $da$ stay as they
# are, and backpropagation gets one term for each layer:
#
# $$\frac{\partial J}{\partial W_l} = \underbrace{dz_l\, a_{l-1}^{\mathsf T}}_{\text{from the data}}
# + \frac{\lambda}{m} W_l, \qquad
# \frac{\partial J}{\partial b_l} = \underbrace{\textstyle\sum_i dz_l^{(i)}}_{\text{as before}} .$$
#
# In this course $dz$ holds the $1/m$ of the data cost already.
#
# Three people remember three factors: λ/(2m), λ/m and 2λ/m. A gradient check knows who is right. Or does it? They check
# with three strengths, λ = 1, 0.001 and 0.00000001.
#
# **Predict:** in how many of the three does the check find the wrong factor λ/(2m)?

# %% key="factors-guess"
guess("small-lambda")

# %% key="gradient-factors-check"
def worst_error(factor, lambd):
    """Return the largest relative error if the gradient of the penalty were factor · λ/m W."""

    def cost(nudged):
        z, _ = forward(x, nudged, activation="tanh")
        return compute_cost(z, y, nudged, lambd=lambd)

    tried = data_only | {name: data_only[name] + factor * lambd / m * W for name, W in weights(parameters).items()}
    return max(relative_errors(tried, numeric_gradients(cost, parameters)).values())


found = {}
for text, factor in {"λ/(2m)": 0.5, "λ/m": 1, "2λ/m": 2}.items():
    found[text] = [worst_error(factor, lambd=strength) > 1e-7 for strength in (1.0, 1e-3, 1e-8)]
    print(f"{text:7}", "   ".join("found wrong" if wrong else "passes     " for wrong in found[text]))
outcome("small-lambda")

# %% [markdown] key="gradient-hidden"
# With λ = 1e-8 the penalty drowns in the data's gradient, right or wrong. A gradient check can miss a real bug.
# **Check with a λ large enough to matter**, and train with any λ you like.

# %% [markdown] key="decay"
# ## 3 Weight decay
#
# A step of [gradient descent](words.ipynb#Gradient-descent) subtracts the gradient times the learning rate η. Put in the
# gradient of section 2, and sort by what is multiplied: which factor stands before $W$, and which before $dW$?
#
# **Exercise 3.** Write this step. `dW` is the gradient of the data cost alone.

# %% key="exercise-decay"
def weight_decay_step(W, dW, learning_rate, lambd, m):
    """Return W after one step of gradient descent with L2."""
    ### BEGIN SOLUTION
    return (1 - learning_rate * lambd / m) * W - learning_rate * dW
    ### END SOLUTION


# %% key="check-decay"
check("weight_decay_step", weight_decay_step)

# %% [markdown] key="decay-sorted"
# Sorted, the step reads
#
# $$W - \eta \left( dW + \frac{\lambda}{m} W \right)
# = \underbrace{\left( 1 - \frac{\eta\lambda}{m} \right)}_{\text{decay}} W - \eta\, dW .$$
#
# First the weights shrink by a fixed share, then they move as before. Hence the name **weight decay**. For plain gradient
# descent, L2 and weight decay are one formula. Keep the words "for plain gradient descent" in mind until section 8.
#
# What does the decay do alone, with no data to resist it?
#
# **Predict:** four runs with ηλ/m = 0.1, 1, 1.9 and 2.1. Which brings the weight closest to zero in 15 steps?

# %% key="decay-guess"
guess("decay-fastest")

# %% key="decay-alone"
steps, panels = np.arange(16), {}
for strength in (0.1, 1.0, 1.9, 2.1):  # ηλ/m
    weight = [1.0]
    for _ in steps[1:]:
        weight.append(weight[-1] - strength * weight[-1])
    panels[f"ηλ/m = {strength:g}"] = {"weight": (steps, np.array(weight))}
    print(f"ηλ/m = {strength:g}: |W| after 15 steps is {abs(weight[-1]):.1f}")

outcome("decay-fastest")
line_figure(panels, xlabel="step", ylabel="weight, 1 at first", xticks=[0, 5, 10, 15])

# %% [markdown] key="decay-alone-text"
# After $t$ steps the weight is $(1 - \eta\lambda/m)^t$ of what it was. It goes to zero while
# $0 < \eta\lambda/m < 2$: at 1 it is there in one step, above 1 it changes sign at every step. Above 2 it
# **diverges**: the regularizer itself blows the network up. Data make it worse: where their cost has curvature $h$, the
# limit is $\eta\,(h + \lambda/m) = 2$. For gradient descent a large λ wants a small learning rate.
#
# Usual numbers are far below that: η = 0.1 and λ/m = 0.01 give ηλ/m = 0.001.
#
# **Predict:** after how many steps has a weight that no gradient holds shrunk to one half?

# %% key="half-life-guess"
guess("half-life")

# %% key="decay-half-life"
half_life = np.log(0.5) / np.log(1 - 0.001)
outcome("half-life", half_life)

# %% [markdown] key="network"
# ## 4 λ and a real network
#
# The noisy quadrants of chapter 02: 100 training points, 15 of them with a wrong label, and a network with 64 and 64
# hidden units, which is large enough to learn this set by heart. The 4000 test points are clean. Take λ = 0, 1 and 5,
# **one run** for each; section 10 has ten seeds.
#
# **Predict:** how well does λ = 5 do on the test points, compared with no penalty at all?

# %% key="network-guess"
guess("lambda-five")

# %% key="network-three"
from course_utils.figures.comparison import boundary_figure

runs = {f"λ = {lambd:g}": quadrant_run(lambd=lambd, seed=0) for lambd in (0.0, 1.0, 5.0)}
last = {}
for name, result in runs.items():
    train, test = (result.run.history[key][-1] for key in ("train_accuracy", "test_accuracy"))
    squares = sum(np.sum(W**2) for W in weights(result.run.parameters).values())
    last[name] = train, test, squares
    print(f"{name}: training {train:.2f}   test {test:.2f}   Σ W² {squares:.0f}")

outcome("lambda-five")
boundary_figure(runs)

# %% [markdown] key="network-text"
# Without a penalty the network is right on all training points: it has learned the wrong labels too. λ = 1 gives up a
# fifth of the training points and wins nine percentage points on the test set. The squares of its weights add up to about
# a fiftieth of what they were. And λ = 5 is too much of a good thing: worse on both.
#
# ### Your turn: move λ
#
# Every move trains the network again from the same first weights.
#
# 1. Start at 0. At which λ does the boundary let go of single points?
# 2. Press *small weights* and look at the histogram. Are any weights *exactly* zero under L2?
# 3. Press *exact zeros* and look at the boundary. Has this network learned wrong labels, with so many zeros?

# %% key="network-live"
from course_utils.live import lambda_trainer

lambda_trainer(lambd=0.0)

# %% [markdown] key="network-live-text"
# <details><summary>What you should have seen</summary>
#
# 1. At 0.1 an island is left; at 0.3 there is none. So little stops single points, in this run.
# 2. The histogram is narrow, and its headline still counts 0 exact zeros. The two curves of the costs stay close.
# 3. Well over half of the 4288 weights are zero, and yet there are islands: the weights that are left suffice to learn
#    the noise. Zeros alone are no cure.
#
# </details>

# %% [markdown] key="l1"
# ## 5 L1: exact zeros
#
# L1 takes the size of a weight instead of its square:
#
# $$\frac{\lambda_1}{m} \sum_l \sum_{i,j} \lvert W_{ij} \rvert .$$
#
# What is the slope of $\lvert w \rvert$, to the right of zero and to the left? How hard does it pull a weight of 0.01,
# compared with a weight of 1? At zero itself there is a corner and no slope. Every number from −1 to 1 is a
# **subgradient** there: a line of that slope touches the corner from below. We take 0.
#
# **Exercise 4.** Write the (sub)gradient of the L1 penalty for one layer.

# %% key="exercise-l1"
def l1_gradient(W, lambd1, m):
    """Return a subgradient of λ₁/m Σ|W|: 0 where a weight is 0."""
    ### BEGIN SOLUTION
    return lambd1 / m * np.sign(W)
    ### END SOLUTION


# %% key="check-l1"
check("l1_gradient", l1_gradient)

# %% [markdown] key="l1-data"
# L1 pulls all weights equally hard, however small they are. Does gradient descent with this subgradient find zeros? Here
# is data made for the question: eight inputs of which only the first three matter. A linear unit is to find that out
# from 60 examples.

# %% key="l1-make-data"
rng = np.random.default_rng(0)
true_W = np.array([[3.0, -2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
x, m = rng.standard_normal((8, 60)), 60
y = true_W @ x + rng.standard_normal((1, m))


def data_gradient(W):
    return mean_squared_error_gradient(W @ x, y) @ x.T  # (1, 8)

# %% [markdown] key="l1-proximal"
# The subgradient step has a rival, the **proximal step**. It first steps along the data's gradient alone, to a place
# $v$. Then it solves the rest exactly: which $w$ is best if it costs $\frac{1}{2}(w - v)^2$ to move away from $v$, and
# $t\,\lvert w\rvert$ to stay away from zero, with $t = \eta\lambda_1/m$?
#
# Solve it on paper, in three cases: $w > 0$, $w < 0$ and $w = 0$. For which $v$ is each of them possible?
#
# **Exercise 5.** Write the solution for a whole matrix, each of whose entries is a $v$.

# %% key="exercise-threshold"
def my_soft_threshold(W, threshold):
    """Return for each entry v of W the w of least ½ (w − v)² + threshold · |w|."""
    ### BEGIN SOLUTION
    return np.sign(W) * np.maximum(np.abs(W) - threshold, 0)
    ### END SOLUTION


# %% key="check-threshold"
check("soft_threshold", my_soft_threshold)

# %% [markdown] key="l1-zeros"
# This is the **soft threshold**: move towards zero by $t$, and *stop* there.
#
# $$w = \operatorname{sign}(v) \cdot \max(\lvert v \rvert - t,\; 0)$$
#
# Now both ways from the same start, 1000 steps with λ₁ = 30.
#
# **Predict:** how many of the eight weights are exactly zero after the *subgradient* steps?

# %% key="zeros-guess"
guess("subgradient-zeros")

# %% key="l1-two-ways"
eta, lambd1 = 0.05, 30.0
stepping = jumping = np.full((1, 8), 0.5)
trace, landed = [], 0
for _ in range(1000):
    stepping = stepping - eta * (data_gradient(stepping) + lambd1 / m * np.sign(stepping))
    jumping = soft_threshold(jumping - eta * data_gradient(jumping), eta * lambd1 / m)
    trace.append((stepping[0, 3], jumping[0, 3]))
    landed += np.sum(stepping == 0)

print("subgradient", stepping.round(2)[0], "exact zeros:", np.sum(stepping == 0))
print("proximal   ", jumping.round(2)[0], "exact zeros:", np.sum(jumping == 0))
print("exact zeros of the subgradient after any of the steps:", landed)
outcome("subgradient-zeros")

# %% [markdown] key="l1-trace-text"
# Here is how the fourth weight got to zero, or did not.

# %% key="l1-trace"
first, (subgradient, proximal) = np.arange(60), np.transpose(trace[:60])
print(f"the pull of one step is ηλ₁/m = {eta * lambd1 / m:.3f}")
line_figure(
    {"the fourth weight": {"subgradient": (first, subgradient), "proximal": (first, proximal)}},
    xlabel="step", ylabel="weight, 0.5 at first",
)  # fmt: skip

# %% [markdown] key="l1-luck"
# The subgradient pulls by the same amount wherever the weight is. Near zero that is too much: the weight jumps over and
# is pulled back. None of the eight was exactly zero after any of the 1000 steps. It would take a coincidence of
# rounding, and so a "count of zeros" depends on what you call small.
#
# The proximal steps found five zeros, and the five are the right ones. Is that the method, or luck with this data set
# and this λ₁? Draw 100 data sets of the same kind and take the proximal steps on all of them at once.
#
# **Predict:** in how many of the 100 are the zeros exactly the right ones, at λ₁ = 30?

# %% key="luck-guess"
guess("right-zeros")

# %% key="l1-hundred"
rng = np.random.default_rng(1)
many_x = rng.standard_normal((100, 8, 60))
many_y = true_W @ many_x + rng.standard_normal((100, 1, 60))
exactly = {}
for many_lambd1 in (10, 30, 50, 80):
    many_W = np.full((100, 1, 8), 0.5)
    for _ in range(1000):
        many_gradient = 2 / m * (many_W @ many_x - many_y) @ many_x.transpose(0, 2, 1)
        many_W = soft_threshold(many_W - eta * many_gradient, eta * many_lambd1 / m)
    zero = many_W[:, 0] == 0  # (100, 8)
    exactly[many_lambd1] = np.sum((zero == (true_W == 0)).all(axis=1))
    lost = np.sum(zero[:, :3].any(axis=1))
    print(f"λ₁ = {many_lambd1}: zeros exactly right in {exactly[many_lambd1]} of 100; a useful weight lost in {lost}")
outcome("right-zeros", exactly[30])

# %% [markdown] key="paths"
# So it was partly luck: the method makes exact zeros, and λ₁ and the noise decide which. At λ₁ = 10 a useless weight is
# nearly always left over; at λ₁ = 30 in one data set of three; at 80 a useful one is lost in one of ten. Of these four
# 50 does best, but you cannot know that without the true weights. λ₁ has to be chosen, as λ has.
#
# ### Both penalties over λ
#
# Back to the first data set. How do the eight weights change as the penalty grows from almost nothing to far too much?
# For L2 the minimum has a formula. For L1 we take proximal steps, each λ₁ starting where the last one ended.
#
# **Predict:** under L2, how many of the eight weights *grow* in size somewhere on the way?

# %% key="paths-guess"
guess("growing-weights")

# %% key="paths-fit"
strengths = np.geomspace(1, 1000, 61)
l2_path = np.vstack([y @ x.T @ np.linalg.inv(x @ x.T + lambd / 2 * np.eye(8)) for lambd in strengths])  # (61, 8)

l1_path, W = [], np.zeros((1, 8))
for lambd1 in strengths:
    for _ in range(400):
        W = soft_threshold(W - eta * data_gradient(W), eta * lambd1 / m)
    l1_path.append(W[0])
l1_path = np.array(l1_path)  # (61, 8)

line_figure(
    {
        title: {f"w{i + 1}": (strengths, path[:, i]) for i in range(3)} | {"the other five": (strengths, path[:, 3:])}
        for title, path in {"L2": l2_path, "L1": l1_path}.items()
    },
    xscale="log", xlabel="λ or λ₁", ylabel="weight",
)  # fmt: skip

# %% key="paths-check"
sizes = abs(l2_path)
growing = np.flatnonzero((np.diff(sizes, axis=0) > 0).any(axis=0))  # from one λ to the next, somewhere
print("growing in size somewhere under L2:", *(f"w{i + 1}" for i in growing))
print("sum of squares under L2, from first to last:", np.sum(l2_path[[0, -1]] ** 2, axis=1).round(1))
print("exact zeros, L2 at any λ:", np.sum(l2_path == 0), "  L1 at the largest:", np.sum(l1_path[-1] == 0))
outcome("growing-weights", len(growing))

# %% [markdown] key="paths-text"
# **L2** shrinks the sum of squares smoothly. A single weight may **grow** on the way, and four of the eight do so for a
# while: w4, w5, w8, and w6 a little at first, then again after it has changed its sign. While the useful weights give
# way, others take over part of their work. But none stays at zero, and at λ = 1000 all eight are still there.
#
# **L1** sets one weight after the other to zero, and here each stays there. In this data set the five useless ones go
# first, then w3, w2 and w1. Between two kinks its path is a straight line (bent here only by the logarithmic axis).
#
# Weights that are exactly zero need not be stored, and an input whose weights are all zero need not be measured. This
# is why L1 is called *sparse*. Do not expect a faster network: zeros scattered over a matrix are multiplied like any
# other number, unless whole units go or special code skips them.
#
# For linear models L1 is known as the **lasso** (Tibshirani 1996), L2 as **ridge regression**.

# %% [markdown] key="elastic"
# ### Both penalties at once: the elastic net
#
# Two inputs that say nearly the same are a trouble for L1. If they were equal, only the sum of their weights would
# matter to the fit, and $\lvert w_1 \rvert + \lvert w_2 \rvert$ is the same for every split with equal signs. The sum
# of squares is least for equal shares. So take both, L1 for zeros and L2 for shares: this is the **elastic net** (Zou
# and Hastie 2005).
#
# The step costs little more. Solve for the $w$ of least $\frac{1}{2}(w - v)^2 + t\,\lvert w\rvert + \frac{s}{2} w^2$,
# with $s = \eta\lambda/m$.
#
# <details><summary>Open after you have solved it</summary>
#
# It is the soft threshold, and then a shrink.
#
# $$w = \frac{\operatorname{sign}(v) \cdot \max(\lvert v \rvert - t,\; 0)}{1 + s}$$
#
# </details>
#
# In each of 100 data sets two inputs measure one quantity, each with a small error of its own; their correlation is about
# 0.99. $y$ is three times that quantity, plus noise.
#
# **Predict:** at λ₁ = 100, in how many of the 100 does L1 alone set one of the two weights exactly to zero?

# %% key="elastic-guess"
guess("elastic-pairs")

# %% key="elastic-pairs"
rng = np.random.default_rng(2)
quantity = rng.standard_normal((100, 1, 60))
pair_x = quantity + 0.1 * rng.standard_normal((100, 2, 60))
pair_y = 3 * quantity + rng.standard_normal((100, 1, 60))
rate, pair_lambd1, pairs = 0.2, 100.0, {}
for name, lambd in (("L1 alone", 0.0), ("elastic net, λ = 30", 30.0)):
    W = np.full((100, 1, 2), 0.5)
    for _ in range(3000):
        pair_gradient = 2 / m * (W @ pair_x - pair_y) @ pair_x.transpose(0, 2, 1)
        W = soft_threshold(W - rate * pair_gradient, rate * pair_lambd1 / m) / (1 + rate * lambd / m)
    pairs[name] = np.sort(W[:, 0])  # (100, 2), the smaller weight first
    first, second = np.sum(W[:, 0] == 0, axis=0)
    share = pairs[name][:, 0] / pairs[name][:, 1]  # (100,)
    print(f"{name:20} zeros {first} and {second}; smaller / larger: median {np.median(share):.2f}, least {share.min():.2f}")

outcome("elastic-pairs", np.sum(pairs["L1 alone"] == 0))

# %% [markdown] key="elastic-text"
# Both inputs are equally good, and L1 drops one of them in 40 of the 100, now this one and now that: the noise decides
# which one looks important. The elastic net keeps both in all of the 100: the smaller is 0.92 of the larger in the
# median, 0.69 at worst. So do not read the zeros of L1 as a list of what matters, where inputs resemble each other.
#
# (The authors stretch these weights afterwards, since they were shrunk twice. They also prove how near equal they must be:
# the more correlated the inputs, the nearer.)

# %% [markdown] key="l1-live"
# ### Why a corner gives zeros
#
# There is another way to look at a penalty: as a **budget**. Instead of paying for large weights you may spend up to
# $t$, and each λ has a $t$ that leads to the same weights. With two weights, L2's budget $\lVert w \rVert \le t$ is a
# circle, and L1's, $\lvert w_1 \rvert + \lvert w_2 \rvert \le t$, a diamond. The best weights lie where a contour of the
# data cost first touches it.
#
# Throw 1000 stars at random on the square from −2 to 2. Each is the minimum of a data cost, the bowl of section 1 moved
# there. The budget is 1.
#
# **Predict:** for how many of the 1000 is a weight *exactly* zero under L1?

# %% key="corner-guess"
guess("corner-stars")

# %% key="l1-corner-count"
from course_utils.experiments.corner import penalty_corner as touching

stars = np.random.default_rng(0).uniform(-2, 2, (1000, 2))
corners = [touching(*star, budget=1.0) for star in stars]
with_zero = {"L2": sum(0 in c.circle for c in corners), "L1": sum(0 in c.diamond for c in corners)}
print("stars with an exact zero:", with_zero)
outcome("corner-stars", with_zero["L1"])

# %% [markdown] key="l1-corner-text"
# ### Your turn: move the star
#
# The strong contour is the one that touches.
#
# 1. Drag the star, or move its sliders, until L1 has an exact zero. How far can you move it from there without losing
#    the zero?
# 2. Press *L2: exactly on the line*. Then move the star by a single step.
# 3. Press *on an edge* and lower the budget. When does the first zero come?

# %% key="l1-corner"
from course_utils.live import penalty_corner

penalty_corner()

# %% [markdown] key="l1-corner-answers"
# <details><summary>What you should have seen</summary>
#
# 1. Anywhere in a grey wedge. A corner is sharp, so contours of many slopes touch it first. A whole region of stars ends
#    in one point.
# 2. L2's zero is gone. The circle has one slope at each point, so only the stars of a line end on an axis. No star
#    thrown at random hits a line.
# 3. At 0.6. The diamond shrinks, its corners move inwards, and the wedge of one of them comes to the star. This is what
#    you saw along the paths: there, too, a larger penalty gave more zeros.
#
# </details>

# %% [markdown] key="bias"
# ## 6 Leave the bias alone
#
# The penalty leaves out the biases. That of the output multiplies no input: it shifts the fit and makes nothing
# steeper. To leave out those of hidden units as well is a custom. What goes wrong if the output's bias pays?
#
# Twenty temperatures on a mountain, about 15 °C at half its height. Fit a line by the mean squared error, once to degrees Celsius, once to kelvin:
# the same weather, and 0 °C is 273.15 K. A fit in one unit should be a fit in the other.
#
# **Predict:** λ = 2 on the bias too. By how many degrees will the mean prediction be off in kelvin?

# %% key="bias-guess"
guess("bias-kelvin")

# %% key="bias-fit"
rng = np.random.default_rng(1)
height = np.sort(rng.uniform(-1, 1, (1, 20)))  # km, from half-way up
height -= height.mean()
celsius = 15 - 6.5 * height + rng.standard_normal((1, 20))  # (1, 20)


def fitted(y, penalize_bias, lambd=2.0):
    rows = np.vstack([height, np.ones_like(height)])  # (2, 20): what slope and bias multiply
    price = lambd / 2 * np.diag([1.0, float(penalize_bias)])
    return y @ rows.T @ np.linalg.inv(rows @ rows.T + price) @ rows


temperatures = {"°C": celsius, "K": celsius + 273.15}
free = {unit: fitted(y, False) for unit, y in temperatures.items()}
paying = {unit: fitted(y, True) for unit, y in temperatures.items()}
for unit, y in temperatures.items():
    off, shift = free[unit].mean() - y.mean(), paying[unit].mean() - y.mean()
    print(f"{unit:2}: mean error {abs(off):.1f} with a free bias, {shift:.1f} with a penalized one")
outcome("bias-kelvin", abs(shift))

# %% key="bias-check"
line_figure(
    {
        title: {"free bias": (height[0], free[unit][0]), "penalized bias": (height[0], paying[unit][0])}
        for title, unit in {"degrees Celsius": "°C", "kelvin": "K"}.items()
    },
    points={"degrees Celsius": (height[0], celsius[0]), "kelvin": (height[0], temperatures["K"][0])},
    sharey=False, xlabel="height, km above half-way", ylabel="temperature",
)  # fmt: skip

# %% [markdown] key="exercise-bias-text"
# With a free bias both fits are the same, apart from the 273.15. With a penalized one the answer depends on where a
# thermometer has its zero: in kelvin all predictions are 13.7 degrees too cold.
#
# **Exercise 6.** Add the L2 term to the gradients of a whole network with any number of layers. Return a new dict with
# all gradients, and change neither argument. The two dicts have the same names, but not always in the same order.

# %% key="exercise-bias"
def penalized_gradients(parameters, gradients, lambd, m):
    """Return the gradients of data cost plus L2, given those of the data cost."""
    ### BEGIN SOLUTION
    penalized = {}
    for name, gradient in gradients.items():
        penalized[name] = gradient + lambd / m * parameters[name] if name.startswith("W") else gradient
    return penalized
    ### END SOLUTION


# %% key="check-bias"
check("penalized_gradients", penalized_gradients)

# %% [markdown] key="names"
# ## 7 One λ, four names
#
# *Depth: for the day on which you copy a λ from somewhere.*
#
# "We used λ = 0.01" means nothing until you know what λ multiplies. Four ways are common:
#
# | name here | in the cost | what it adds to $dW$ | where |
# |---|---|---|---|
# | `"lambd/(2m)"` | $\frac{\lambda}{2m} \lVert W\rVert^2$ | $\frac{\lambda}{m} W$ | this course, many courses |
# | `"lambd/2"` | $\frac{\lambda}{2} \lVert W\rVert^2$ | $\lambda W$ | textbooks |
# | `"lambd"` | $\lambda \lVert W\rVert^2$ | $2 \lambda W$ | Keras's `L2`, many papers |
# | `"weight_decay"` | not in the cost | $\text{weight\_decay} \cdot W$ | PyTorch's `SGD` |
#
# To translate, compare the third column. `lambd_from` and `lambd_to` do it for you.

# %% key="names-convert"
m, lambd = 100, 2.0
for convention in ("lambd/(2m)", "lambd/2", "lambd", "weight_decay"):
    strength = lambd_to(lambd, convention, m)
    print(f"{convention:12} {strength:g}")

# %% [markdown] key="names-batches"
# And which $m$? Training goes by [minibatches](words.ipynb#Mini-batch) of 10 out of 100 examples. The mean of the ten batch gradients should be
# the gradient on all examples. Try the $m$ of the batch beside that of the data:

# %% key="names-batches-check"
rng = np.random.default_rng(0)
x, y = quadrants(100, rng)
network = initialize_parameters([2, 8, 1], rng)


def gradient(columns, m, lambd=1.0):
    _, cache = forward(x[:, columns], network)
    return backward(y[:, columns], network, cache, lambd=lambd, m=m)["W1"]


batches = np.arange(100).reshape(10, 10)
whole, data_part = gradient(slice(None), 100), gradient(slice(None), 100, lambd=0.0)
for m in (100, 10):
    mean = np.mean([gradient(batch, m) for batch in batches], axis=0)
    factor = np.linalg.norm(mean - data_part) / np.linalg.norm(whole - data_part)
    print(f"m = {m:3}: in the mean over batches the penalty counts {factor:.0f} times as much as it should")

# %% [markdown] key="exercise-names-text"
# $m$ is the size of the **training set**. If you take the size of the batch, then a new batch size changes λ without your
# noticing. In `backward` and `compute_cost` this is the argument `m`.
#
# Two more things to look up before you copy a number. Is the data cost a mean or a sum? In scikit-learn's `Ridge` it is
# a sum of squares; beside our mean of squares λ is twice its `alpha`. And what decays: PyTorch's `weight_decay` takes
# in the biases unless you tell it not to (chapter 04).
#
# **Exercise 7.** Write the translation into the course's λ. `convention` is one of the four names in the table.

# %% key="exercise-names"
def to_course_lambd(value, convention, m):
    """Return λ of λ/(2m) ‖W‖² for a strength that is given in another convention."""
    ### BEGIN SOLUTION
    added_to_gradient = {
        "lambd/(2m)": value / m,
        "lambd/2": value,
        "lambd": 2 * value,
        "weight_decay": value,
    }[convention]
    return added_to_gradient * m
    ### END SOLUTION


# %% key="check-names"
check("to_course_lambd", to_course_lambd)

# %% [markdown] key="adam"
# ## 8 Adam: L2 is not weight decay
#
# *Depth: for the day on which you use Adam.*
#
# [Adam](words.ipynb#Adam) divides each weight's gradient by its typical size. If the penalty is part of the gradient, it is divided too.
# Then the decay of a weight depends on how large its *data* gradients are. **AdamW** keeps the decay outside:
#
# $$W \leftarrow (1 - \eta\, w)\, W - \eta\, \frac{\hat g}{\sqrt{\hat v} + \epsilon}, \qquad
# w = \text{weight decay}.$$
#
# Here $\hat g$ and $\hat v$ are running means of the gradient and of its square. Chapter 04 shows the difference on two
# weights; here is a whole network, that of section 4. Train it with λ = 1 in both ways: as L2 under Adam, and as
# `weight_decay` = λ/m = 0.01 under AdamW. One run each.
#
# **Predict:** which network will have the smaller weights?

# %% key="adam-guess"
guess("adam-alike")

# %% key="adam-network"
from course_utils.flat_training import train_flat  # the same as train, several times faster

data = noisy_quadrants(np.random.default_rng(0))
start = initialize_parameters([2, 64, 64, 1], np.random.default_rng([0, 1]))

trials = {}
for name, optimizer, lambd in (
    ("no penalty", Adam(0.02), 0.0),
    ("Adam, λ = 1", Adam(0.02), 1.0),
    ("AdamW, weight_decay 0.01", AdamW(0.02, weight_decay=0.01), 0.0),
):
    rng = np.random.default_rng(0)
    run = train_flat(data.x_train, data.y_train, start, rng=rng, optimizer=optimizer, lambd=lambd)
    trials[name] = sum(np.sum(W**2) for W in weights(run.parameters).values())
    print(f"{name:25} Σ W² {trials[name]:5.0f}")
outcome("adam-alike")

# %% [markdown] key="adam-divided-text"
# AdamW with 0.01 is nearly the network without a penalty. Count it out: **outside** the gradient, what a decay does is
# learning rate · decay · steps, 0.02 · 0.01 · 300 = 0.06. A share of about 6 % is lost in the whole training.
#
# How can the same number do so much more **inside** Adam's gradient? Look at what it is divided by.
#
# **Predict:** by what factor does the division by $\sqrt{\hat v}$ enlarge the penalty's pull on a typical weight of W2,
# after 100 steps?

# %% key="divided-guess"
guess("adam-enlarged")

# %% key="adam-divided"
optimizer, trained = Adam(0.02), start
state = optimizer.start(trained)
for _ in range(100):
    _, cache = forward(data.x_train, trained)
    trained, state = optimizer.step(trained, backward(data.y_train, trained, cache, lambd=1.0), state)

mean_squares = {name: state["square"][name] / (1 - optimizer.beta2**100) for name in weights(trained)}
enlarged = {name: np.median(1 / np.sqrt(squares)) for name, squares in mean_squares.items()}
for name, factor in enlarged.items():
    print(f"{name}: a typical pull is enlarged about {float(f'{factor:.1g}'):.0f} times")
outcome("adam-enlarged", enlarged["W2"])

# %% [markdown] key="adam-scale"
# The gradients are small here, so the division makes the pull larger: in W2 it counts hundreds of times as much, in W3
# about fifty times.
#
# How strong must each of the two be, then? Not two numbers and one seed, but a grid: five λ under Adam, six decays
# under AdamW, 16 seeds. Each network is scored on 100 validation points, which choose, and on 4000 clean test points.
# This takes a minute or two, so it was done beforehand, by `python -m course_utils study decay_strengths`.
#
# **Predict:** which decay will be chosen for AdamW?

# %% key="strengths-guess"
guess("adamw-decay")

# %% key="adam-strengths"
from course_utils.experiments.strengths import scores_of
from course_utils.experiments.studies import read_study

study = read_study("decay_strengths")
for recipe, unit in {"Adam": "λ", "AdamW": "weight_decay"}.items():
    tried, validation = scores_of(study, recipe, "validation")
    score = validation.mean(axis=1)  # over the seeds
    for i, test in enumerate(scores_of(study, recipe, "test")[1]):
        mean, half = confidence_interval(100 * (test - study.values["none, nothing, test"]))
        print(f"{recipe}, {unit} {tried[i]:>4}:  validation {score[i]:.3f}   test {mean:+5.1f} ± {half:.1f}")
    print("chosen:", tried[score.argmax()])
outcome("adamw-decay")

# %% [markdown] key="adam-report"
# The test column says how many points each is better than no penalty. The two that were chosen now have to prove
# themselves on 16 **other** seeds, by `python -m course_utils study chosen_strengths`: networks that were picked for
# their scores should not report on themselves.

# %% key="adam-chosen"
mean, half = confidence_interval(100 * (validation[4] - validation[3]))
print(f"validation, decay 3 less decay 1: {mean:.1f} ± {half:.1f} points")

reports = read_study("chosen_strengths").values  # (16,) each: other seeds
for name, other in (("L2", "none"), ("AdamW", "none"), ("AdamW", "L2")):
    mean, half = confidence_interval(100 * (reports[name] - reports[other]))
    print(f"test, {name} less {other}: {mean:.1f} ± {half:.1f} points")

# %% [markdown] key="adam-end"
# Under Adam, L2 does best with λ = 1, so λ/m = 0.01. As AdamW's decay, 0.01 and 0.1 do nothing that 16 seeds could
# show. On these grids AdamW wants 1 or 3, **100 or 300 times** that number. The validation points prefer 3 but cannot
# tell it from 1. At 3 the count is 0.02 · 3 · 300 = 18, against 0.06 at 0.01: enough to act. Neither of the two chosen is seen to be better:
# the interval of their difference holds zero.
#
# The factor belongs to this network, this learning rate and these 300 steps. So **never carry a number over** from one
# to the other, and when you change the optimizer, the learning rate or the number of steps, choose again.

# %% [markdown] key="together"
# ## 9 L1, L2 and dropout together
#
# *Depth: for the day on which one remedy is not enough.*
#
# Some courses forbid L2 and dropout in one network, to keep their code short. Nothing in the mathematics does: the
# penalties add a term to $dW$, and the masks stay where they are. The gradient check passes with all three, if the masks
# are held still.

# %% key="together-check"
rng = np.random.default_rng(0)
x, y = quadrants(8, rng)
network = initialize_parameters([2, 5, 4, 1], rng)
masks = draw_masks([2, 5, 4, 1], 8, 0.7, rng)

errors = gradient_check(x, y, network, masks=masks, keep_prob=0.7, activation="tanh", lambd=0.5, lambd1=0.3)
print("worst relative error below 1e-7:", max(errors.values()) < 1e-7)

# %% [markdown] key="together-train"
# Is it worth it? That depends on the doses, and each recipe deserves its best one. So each had a grid, of six `keep_prob`,
# of five λ, of five λ₁, and of 27 combinations of all three, with small doses beside large ones. (L1 takes the proximal
# step. That step stands outside Adam, as AdamW's decay does, so λ₁ wants a larger number here.)
#
# As in section 8, the best mean score on the validation points of 16 seeds chooses (`study recipe_strengths`), and the
# test points of 16 other seeds report (`study chosen_strengths`). Alone, the best are `keep_prob` 0.7, λ = 1 and λ₁ = 50,
# and each gains 4.5 to 6.5 points over no remedy.
#
# **Predict:** now all three in one network, each at just that dose. How many points does this gain over no remedy, or lose?

# %% key="together-guess"
guess("full-doses")

# %% key="together-runs"
study = read_study("recipe_strengths")
full, half = confidence_interval(100 * (study.values["all three, 0.7 1 50, test"] - study.values["none, nothing, test"]))
print(f"each one's best dose at once, less none {full:.1f} ± {half:.1f} points\n")
outcome("full-doses", full)

for name, other in [(name, "none") for name in ("dropout", "L2", "L1", "all three")] + [
    ("all three", name) for name in ("dropout", "L2", "L1")
]:
    mean, half = confidence_interval(100 * (reports[name] - reports[other]))
    print(f"{name:10} less {other:8} {mean:4.1f} ± {half:.1f} points")

# %% [markdown] key="together-text"
# All three full doses **at once** are far too much: 18 ± 5 points below the network without any. In the rows below it "all
# three" is the combination that the validation points chose, 0.8, 0.1 and 20, each a smaller dose than alone. (Ten other
# combinations cannot be told from it.) It gains 7.4 ± 1.7 points, far from the sum of the three. One reason may be that they
# fight the same enemy.
#
# All three beat dropout alone by 2.1 ± 1.8 points and L1 alone by 2.8 ± 1.4. That they beat L2 alone is not shown: the
# interval of the difference holds zero. And the price is a search: 27 combinations, where each alone took five or six.
# A second helper is worth trying, but not every helper at its full dose. Keep it if validation points say so.

# %% [markdown] key="choose"
# ## 10 Choosing λ
#
# ### If you knew everything
#
# *Depth: at a first reading go on at* Who may choose?
#
# Take a linear unit without bias. Suppose its true weights were drawn from a bell curve around 0 with spread τ, and the
# noise of the labels from another one with spread σ. Which λ would be best? Given the data, the most likely weights are those for which
#
# $$\frac{1}{2\sigma^2} \sum_{i} \left(\hat y^{(i)} - y^{(i)}\right)^2 + \frac{1}{2\tau^2} \lVert W \rVert^2$$
#
# is least: the first term comes from the noise, the second from the bell curve. This is called **MAP**, maximum a
# posteriori, and the bell curve of the weights is the [**prior**](words.ipynb#Prior): what you believe of the weights before you see data. So L2 is a
# Gaussian prior in disguise. With the Laplace prior $e^{-\lvert w \rvert / s}$, which has a peak at zero, you get L1 in
# the same way.
#
# Multiply by what makes the first term our data cost, $\frac{1}{m} \sum (\hat y - y)^2$. What is λ in the second,
# $\frac{\lambda}{2m} \lVert W \rVert^2$?
#
# **Predict:** let σ = 1 and τ = ½. We draw 4000 sets of true weights, fit each with nine values of λ from 0.5 to 128, and
# measure how far the fits are from the truth. Which λ is best on average?

# %% key="map-guess"
guess("map-lambda")

# %% key="map-draws"
rng, tau, m = np.random.default_rng(0), 0.5, 20
strengths, best_lambd = [0.5, 1, 2, 4, 8, 16, 32, 64, 128], {}
for sigma in (1, 2):
    W = tau * rng.standard_normal((4000, 1, 8))
    x = rng.standard_normal((4000, 8, m))
    y = W @ x + sigma * rng.standard_normal((4000, 1, m))
    squares, products = x @ x.transpose(0, 2, 1), y @ x.transpose(0, 2, 1)
    fits = [products @ np.linalg.inv(squares + lambd / 2 * np.eye(8)) for lambd in strengths]
    far = [np.mean(np.sum((fit - W) ** 2, axis=(1, 2))) for fit in fits]
    best_lambd[sigma] = strengths[np.argmin(far)]
print("best λ on average, by σ:", best_lambd)
outcome("map-lambda", best_lambd[1])

# %% [markdown] key="map-text"
# $$\lambda = \frac{2\sigma^2}{\tau^2}$$
#
# That is 8, and with twice the noise 32. The more noise, and the smaller the weights that you expect, the stronger the
# pull to zero should be. $m$ has dropped out: with λ/(2m) in the cost, and under these assumptions, a λ that was found on
# some of the examples may be used on all of them.
#
# Under a bell curve the most likely weights are also the mean of all possible ones, each counted by how likely it is
# given the data. So no other guess has a smaller mean squared distance from the truth. The Laplace prior gives $\lambda_1 = 2\sigma^2/s$ by the same algebra. But there the most likely
# weights are not the mean: the exact zeros come from the peak, and are not nearest on average.
#
# In real life you know neither σ nor τ. So let data choose. But which data?
#
# ### Who may choose?
#
# Training data cannot: a penalty is there to fit them less well, so they vote for 0 or close to it. Test data must not,
# or they are test data no longer. So keep some examples apart, the [validation data](words.ipynb#Training,-validation-and-test-data), and let
# them choose.
#
# Why not report the score by which the winner was chosen? Because it was chosen for being high. Take 20 "networks" that
# toss a coin for each of 100 validation points, each on its own.
#
# **Predict:** what is the validation accuracy of the best of them?

# %% key="coins-guess"
guess("best-of-coins")

# %% key="choose-luck"
coins = np.random.default_rng(0).binomial(100, 0.5, size=(2000, 20)) / 100  # 2000 times 20 networks
print(f"mean accuracy {coins.mean():.2f}")
outcome("best-of-coins", coins.max(axis=1).mean())

# %% [markdown] key="choose-plan"
# About nine points above the truth, from luck alone. (Networks that resemble each other have less room for luck.) So:
# **choose on validation data, report on test data.**
#
# Now for real. Ten seeds, seven values of λ. Each seed has its own 100 training points, 100 validation points that are
# just as noisy, and 4000 clean test points. The next cell trains 70 networks and takes some seconds.

# %% key="choose-run"
from course_utils.experiments.strengths import lambda_scores

lambdas, seeds = [0.0, 0.1, 0.3, 1.0, 2.0, 5.0, 10.0], range(10)
scores = over_seeds(lambda seed: lambda_scores(seed, lambdas), seeds)
train, validation, _, test = np.stack(scores, axis=2)  # (7, 10) each
best = int(np.argmax(validation.mean(axis=1)))
print("chosen by the mean over seeds: λ =", lambdas[best])

# %% key="choose-figure"
from course_utils.figures.validation import validation_figure

intervals = {
    name: [confidence_interval(of_lambd) for of_lambd in values]
    for name, values in {"training": train, "validation": validation}.items()
}
validation_figure(lambdas, intervals, lambdas[best])

# %% [markdown] key="choose-text"
# Validation labels are noisy too: with 15 % of them wrong, no network can be expected above 0.85.
#
# Too small a λ learns noise. The training points would have chosen λ = 0. At λ = 10 the network is right on about half
# of the points: it has learned nothing. In between λ = 1 is best, though 100 points and ten seeds cannot tell it from
# 2. The bars are 95 % [intervals](words.ipynb#Interval) of the mean over ten seeds.
#
# In real life you have one data set, so one seed. Then each seed must choose for itself, with its own 100 validation
# points, and its test points say what the choice was worth. Compare with λ = 0 [in pairs](words.ipynb#Paired-difference): the same seed has the same
# data and first weights on both sides.
#
# **Predict:** how many different ones of the seven λ do the ten seeds choose?

# %% key="choose-report-guess"
guess("seeds-choose")

# %% key="choose-report"
own = validation.argmax(axis=0)  # (10,), each seed's choice
chosen_test = test[own, seeds]
mean, half = confidence_interval(chosen_test - test[0])
unpaired = np.hypot(confidence_interval(chosen_test)[1], confidence_interval(test[0])[1])  # as if seeds differed
print("chosen by each seed, of equal scores the smallest:", sorted({lambdas[i] for i in own}))
print(f"gain in test accuracy, in points: {100 * mean:.0f}, 95 % interval ± {100 * half:.0f}")
print(f"the same without pairs: ± {100 * unpaired:.0f}")
print(f"better than λ = 0 in {np.sum(chosen_test > test[0])} of 10 seeds")
outcome("seeds-choose", len(set(own)))

# %% [markdown] key="exercise-choose-text"
# The seeds choose three different λ. A share $p$ of $n$ points has a [standard error](words.ipynb#Standard-error) of $\sqrt{p(1-p)/n}$, which is four
# points of accuracy here: 100 points choose noisily. (The difference of two λ is known better than each of the two,
# since both are scored on the same points.) What helps is more validation points, or **cross-validation**: cut the
# examples into parts, let each part score every λ once while the others train, add up the scores, and choose then.
#
# **Open task, Exercise 8.** Write a search. `fit(x, y, lambd)` returns the weights `W` of a linear unit, (1, n), that
# minimize the mean squared error plus this L2 penalty; predictions are `W @ x`. You get 60 examples with 40 inputs, in
# columns, and return the λ that you would use on all of them.
#
# The check draws 24 data sets with much or little noise, trains with your λ, and asks what that is worth on data that
# nobody has seen. Any way that does well is right. A single λ for all does not.

# %% key="exercise-choose"
def choose_lambda(x, y, fit):
    """Return a λ that is good on unseen examples like those in x (n, m) and y (1, m)."""
    ### BEGIN SOLUTION
    lambdas = 10.0 ** np.arange(-2, 4)
    columns, errors = np.arange(x.shape[1]), np.zeros(len(lambdas))
    for part in np.array_split(columns, 5):
        rest = np.setdiff1d(columns, part)
        for i, lambd in enumerate(lambdas):
            W = fit(x[:, rest], y[:, rest], lambd)
            errors[i] += np.sum((W @ x[:, part] - y[:, part]) ** 2)
    return lambdas[errors.argmin()]
    ### END SOLUTION


# %% key="check-choose"
check("choose_lambda", choose_lambda)

# %% [markdown] key="choose-end"
# The same validation points could do something else: say **when to stop**. Chapter 02 tried it on these data. On the same
# 100 training points stopping gained ten points, and λ = 1, the best here, seven; trained on all 200, λ = 1 came as far. So
# if you praise a penalty, say what stopping would have done.
#
# What stopping costs: a schedule of when to look, and how often. And the step belongs to its run, to this learning rate and
# these first weights. A λ can be handed on to the same recipe with all points.

# %% [markdown] key="recap"
# ## Recap
#
# | question | answer | where you saw it |
# |---|---|---|
# | What does L2 add to the cost? | λ/(2m) times the sum of all squared weights, biases left out | 1, 6 |
# | And to the gradient? | λ/m W in each layer; not λ/(2m), not 2λ/m; nothing for lower layers | 2 |
# | How do I know? | a gradient check, with a λ large enough to matter | 2 |
# | What is weight decay? | W shrinks by the factor 1 − ηλ/m in each step; the penalty alone diverges above ηλ/m = 2 | 3 |
# | Does L2 shrink every weight? | the sum of squares, yes; single weights may grow | 1, 5 |
# | What does L1 do? | pulls all weights equally hard; exact zeros by the soft threshold, not by the subgradient | 5 |
# | Why zeros? | a diamond has corners, and contours of many slopes touch a corner first | 5 |
# | Why leave the bias alone? | a penalized bias of the output makes the fit depend on where zero is | 6 |
# | Which λ? | compare what is added to dW; m is the size of the training set | 7 |
# | Is L2 weight decay? | for plain gradient descent exactly, for Adam no | 3, 8 |
# | Together with dropout? | yes, but not every full dose at once; hold the masks still for the check | 9 |
# | How do I choose λ? | on validation data; report on test data, over several seeds, in pairs | 10 |
# | What does a λ say? | how much noise, for how large weights: 2σ²/τ² | 10 |
# | And if inputs resemble each other? | L1 drops one of them by chance; with L2 beside it they share | 5 |
# | Must it be a penalty? | no: stopping early is a rival (02) | 10 |
#
# And your guesses, beside what came out:

# %% key="calibration"
calibration("03")

# %% [markdown] key="read-on"
# Chapter 04 goes on with PyTorch: there the same network has dropout as a layer, and L2 goes by the name
# `weight_decay`.
#
# ### Read on
#
# - A. Krogh, J. A. Hertz, [*A simple weight decay can improve
#   generalization*](https://proceedings.neurips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html),
#   NIPS 4 (1991): why shrinking helps, in theory.
# - R. Tibshirani, [*Regression shrinkage and selection via the
#   lasso*](https://doi.org/10.1111/j.2517-6161.1996.tb02080.x), JRSS B 58 (1996): L1.
# - T. Hastie, R. Tibshirani, J. Friedman, [*The elements of statistical
#   learning*](https://doi.org/10.1007/978-0-387-84858-7), 2nd ed. (2009), section 3.4: ridge and lasso side by side,
#   with diamond, circle and priors; section 7.10: cross-validation.
# - H. Zou, T. Hastie, [*Regularization and variable selection via the elastic
#   net*](https://doi.org/10.1111/j.1467-9868.2005.00503.x), JRSS B 67 (2005).
# - N. Parikh, S. Boyd, [*Proximal algorithms*](https://doi.org/10.1561/2400000003), Foundations and Trends in
#   Optimization 1 (2014): the soft threshold and its relatives.
# - I. Loshchilov, F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019:
#   AdamW.
# - G. Zhang, C. Wang, B. Xu, R. Grosse, [*Three mechanisms of weight decay
#   regularization*](https://arxiv.org/abs/1810.12281), ICLR 2019: what it does beside keeping weights small.
