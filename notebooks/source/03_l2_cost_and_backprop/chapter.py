# %% [markdown] key="title"
# # 03 L2: cost and backpropagation
#
# A penalty on large weights is one more term in the cost and one more term in the gradient. That is all. Yet it goes
# by four names whose numbers differ by factors of 2 and of $m$, and with Adam it turns into something else.
#
# In this chapter you add L2 and L1 to a cost, carry them through backpropagation, and choose their strength.
#
# | section | minutes |
# |---|---|
# | 1 A price for large weights | 12 |
# | 2 The gradient, on paper and in code | 10 |
# | 3 Weight decay | 10 |
# | 4 λ and a real network | 7 |
# | 5 L1: exact zeros | 18 |
# | 6 Leave the bias alone | 7 |
# | 7 One λ, four names | 8 |
# | 8 Adam: L2 is not weight decay | 10 |
# | 9 L1, L2 and dropout together | 7 |
# | 10 Choosing λ | 16 |
#
# At the end you can **derive** the gradient of a penalty and **test** it by a gradient check, **say** what weight
# decay is and when it equals L2, **get** exact zeros from L1, **translate** between the conventions for λ, and
# **choose** λ without fooling yourself.
#
# Run the cells in order with Shift+Enter. Where it says *predict*, do it before you run the cell.

# %% key="imports"
import numpy as np

from course_utils.costs import mean_squared_error_gradient
from course_utils.datasets import noisy_quadrants, quadrants
from course_utils.dropout import draw_masks
from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval, over_seeds, quadrant_run, validation_points
from course_utils.experiments.bowl import BOWL, QuadraticCost, penalized_bowl
from course_utils.figures.lines import line_figure
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.network import backward, compute_cost, forward, initialize_parameters
from course_utils.optimizers import Adam, AdamW, GradientDescent
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
# Start with a single weight. The data want it to be 2.
#
# **Predict:** where does the minimum go for λ = 4, if m = 4 and the data cost is ½ (w − 2)²?

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
line_figure(panels, xlabel="w", ylim=(0, 6))

# %% [markdown] key="cost-one-weight-text"
# Half-way. At the minimum of the sum the two slopes cancel:
#
# $$(w - 2) + \frac{\lambda}{m} w = 0 \quad\Rightarrow\quad w = \frac{2}{1 + \lambda/m}.$$
#
# No finite λ takes this weight to zero: L2 shrinks it and does not delete it.
#
# Now two weights. Each cost is a surface. The star marks the minimum of the data cost, the diamond that of the sum.

# %% key="cost-surfaces"
from course_utils.figures.surfaces import surface_figure

surface_figure(penalized_bowl(lambd=2.0))

# %% [markdown] key="cost-live"
# ### Your turn: move λ
#
# The same three surfaces seen from above, as contours.
#
# 1. Move λ from 0 to 6. Which way does the minimum leave the star: straight towards zero?
# 2. Which of the two weights would you call the more stubborn?
# 3. Keep the choice of penalty at L2 for now. L1 comes in section 5.

# %% key="cost-bowl"
from course_utils.live import penalty_bowl

penalty_bowl(lambd=1.0)

# %% [markdown] key="cost-directions"
# The path is bent. Across the valley the data cost is steep and resists the penalty. Along the valley floor it is flat
# and gives way first.
#
# The axes of the ellipses are the two directions to look along. Where the data cost has curvature $h$, this share of
# the weights is left:
#
# $$\frac{h}{h + \lambda/m}.$$
#
# **Predict:** at λ = 2, is more than half left along the steep direction? Along the flat one?

# %% key="cost-directions-check"
curvatures, directions = np.linalg.eigh(BOWL.curvature)  # a column of directions for each curvature
left = (directions.T @ BOWL.minimum(lambd=2.0)) / (directions.T @ BOWL.centre)
print("curvature  ", curvatures.round(2))
print("share left ", left.round(2))

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
# Each weight appears in the penalty exactly once, so differentiate one weight $w$ at a time:
#
# $$\frac{\partial}{\partial w}\, \frac{\lambda}{2m} w^2 = \frac{\lambda}{2m} \cdot 2w = \frac{\lambda}{m}\, w.$$
#
# The 2 in $\lambda/(2m)$ is there only to cancel this 2. For whole matrices, layer by layer:
#
# $$\frac{\partial J}{\partial W_l} = \underbrace{dz_l\, a_{l-1}^{\mathsf T}}_{\text{from the data}}
# + \frac{\lambda}{m} W_l, \qquad
# \frac{\partial J}{\partial b_l} = \underbrace{\textstyle\sum_i dz_l^{(i)}}_{\text{as before}} .$$
#
# In this course $dz$ holds the $1/m$ of the data cost already.
#
# The penalty sees weights, never activations. So it sends **nothing** down to lower layers: $dz$ and $da$ stay as they
# are. Backpropagation gets one term for each layer, and no more. The cell subtracts the gradient without a penalty
# from the gradient with one.

# %% key="gradient-difference"
rng = np.random.default_rng(0)
parameters = initialize_parameters([3, 4, 2], rng)
x = rng.standard_normal((3, 6))  # 6 examples
y = (rng.random((2, 6)) < 0.5).astype(float)
m, lambd = x.shape[1], 0.7

z, cache = forward(x, parameters, activation="tanh")
data_only = backward(y, parameters, cache)
with_l2 = backward(y, parameters, cache, lambd=lambd)

for name in parameters:
    added = with_l2[name] - data_only[name]
    decay = np.allclose(added, lambd / m * parameters[name], atol=1e-14)
    print(f"{name}: the penalty adds", "nothing" if not added.any() else "λ/m W" if decay else "something else")

# %% [markdown] key="gradient-factors"
# Three people remember three factors: λ/(2m), λ/m and 2λ/m. A gradient check knows who is right.
#
# **Predict:** which one passes? And what will it say about the biases of the other two?

# %% key="gradient-factors-check"
def penalized_cost(nudged, lambd):
    z, _ = forward(x, nudged, activation="tanh")
    return compute_cost(z, y, nudged, lambd=lambd)


def worst_error(factor, lambd):
    """Return the largest relative error if the gradient of the penalty were factor · λ/m W."""
    tried = dict(data_only)
    for name, W in weights(parameters).items():
        tried[name] = data_only[name] + factor * lambd / m * W
    errors = relative_errors(tried, numeric_gradients(lambda nudged: penalized_cost(nudged, lambd), parameters))
    return max(errors.values())


for text, factor in {"λ/(2m)": 0.5, "λ/m": 1, "2λ/m": 2}.items():
    error = worst_error(factor, lambd=0.7)
    print(f"{text:7} relative error", "below 1e-7: right" if error < 1e-7 else f"{error:.2f}: wrong")

# %% [markdown] key="gradient-hidden"
# The errors of the biases would be tiny in all three: no bias takes part in the penalty.
#
# A warning: a gradient check can miss a real bug. **Predict:** does the wrong factor λ/(2m) still fail if you check with a very small
# λ?

# %% key="gradient-hidden-check"
for small in (1.0, 1e-3, 1e-8):
    error = worst_error(0.5, lambd=small)
    print(f"λ = {small:g}: the wrong factor", "passes" if error < 1e-7 else "fails")

# %% [markdown] key="exercise-gradient-text"
# With λ = 1e-8 the penalty drowns in the data's gradient, right or wrong. **Check with a λ large enough to
# matter**, and train with any λ you like.
#
# **Exercise 2.** Add the penalty's part to the gradient of one layer. Leave `dW` itself as it is.

# %% key="exercise-gradient"
def l2_gradient(dW, W, lambd, m):
    """Return the gradient of data cost plus penalty, given that of the data cost."""
    ### BEGIN SOLUTION
    return dW + lambd / m * W
    ### END SOLUTION


# %% key="check-gradient"
check("l2_gradient", l2_gradient)

# %% [markdown] key="decay"
# ## 3 Weight decay
#
# Put the gradient into a step of gradient descent with learning rate $\eta$ and sort the terms:
#
# $$W - \eta \left( dW + \frac{\lambda}{m} W \right)
# = \underbrace{\left( 1 - \frac{\eta\lambda}{m} \right)}_{\text{decay}} W - \eta\, dW .$$
#
# Each step first shrinks the weights by a fixed share, then moves them as before. Hence the name **weight decay**.
#
# What does the penalty do alone, with no data to resist it?
#
# **Predict:** four runs with ηλ/m = 0.1, 1, 1.9 and 2.1. Which of them go to zero? Which is the fastest?

# %% key="decay-alone"
steps, panels = np.arange(16), {}
for strength in (0.1, 1.0, 1.9, 2.1):  # ηλ/m, with m = 1 and η = 0.1
    eta, lambd_alone, W = 0.1, strength / 0.1, np.array([[1.0]])
    trace = [1.0]
    for _ in steps[1:]:
        W = W - eta * lambd_alone * W
        trace.append(W.item())
    panels[f"ηλ/m = {strength:g}"] = {"weight": (steps, np.array(trace))}
    print(f"ηλ/m = {strength:g}: |W| after 15 steps is {abs(trace[-1]):.1f}")

line_figure(panels, xlabel="step", ylabel="weight", xticks=[0, 5, 10, 15])

# %% [markdown] key="decay-alone-text"
# After $t$ steps the weight is $(1 - \eta\lambda/m)^t$ of what it was. It goes to zero while
# $0 < \eta\lambda/m < 2$: at 1 it is there in one step, above 1 it changes sign at every step. Above 2 it
# **diverges**: the regularizer itself blows the network up. Data make it worse: where their cost has curvature $h$, the
# limit is $\eta\,(h + \lambda/m) = 2$. For gradient descent a large λ wants a small learning rate.
#
# Usual numbers are far below that: η = 0.1 and λ/m = 0.01 give ηλ/m = 0.001. **Predict:** after how many steps is a
# weight that no gradient holds down to one half: about 70, 700 or 7000?

# %% key="decay-half-life"
half_life = np.log(0.5) / np.log(1 - 0.001)
print(f"halved after {half_life:.0f} steps")

# %% [markdown] key="decay-data"
# Now with data. At each of 100 steps of the small network above we compare both ways to write the step: L2 in the
# gradient, and decay beside it.

# %% key="decay-network"
optimizer, worst = GradientDescent(learning_rate=0.5), 0.0
trained = dict(parameters)
for _ in range(100):
    z, cache = forward(x, trained, activation="tanh")
    from_data = backward(y, trained, cache)
    stepped, _ = optimizer.step(trained, backward(y, trained, cache, lambd=lambd), {})
    for name, value in trained.items():
        kept = 1 - 0.5 * lambd / m if name.startswith("W") else 1
        worst = max(worst, np.abs(stepped[name] - (kept * value - 0.5 * from_data[name])).max())
    trained = stepped

print("largest difference in 100 steps below 1e-12:", worst < 1e-12)

# %% [markdown] key="exercise-decay-text"
# For plain gradient descent, L2 and weight decay are the same thing: the two lines above are one formula, sorted
# differently. Keep the words "for plain gradient descent" in mind until section 8.
#
# **Exercise 3.** Write one step. `dW` is the gradient of the data cost alone.

# %% key="exercise-decay"
def weight_decay_step(W, dW, learning_rate, lambd, m):
    """Return W after one step of gradient descent with L2."""
    ### BEGIN SOLUTION
    return (1 - learning_rate * lambd / m) * W - learning_rate * dW
    ### END SOLUTION


# %% key="check-decay"
check("weight_decay_step", weight_decay_step)

# %% [markdown] key="network"
# ## 4 λ and a real network
#
# The noisy quadrants of chapter 02: 100 training points, 15 of them with a wrong label, and a network with 64 and 64
# hidden units, which is large enough to learn this set by heart.
#
# Take three values of λ: 0, 1 and 5. Section 10 has the grid that they are from: there validation points choose 1, and
# 5 is here to show too much. This is **one run** for each; section 10 has ten seeds.
#
# **Predict:** which network will be best on the training points? Which on the 4000 clean test points?

# %% key="network-three"
from course_utils.figures.comparison import boundary_figure

runs = {f"λ = {lambd:g}": quadrant_run(lambd=lambd, seed=0) for lambd in (0.0, 1.0, 5.0)}
last = {}
for name, result in runs.items():
    train, test = (result.run.history[key][-1] for key in ("train_accuracy", "test_accuracy"))
    squares = sum(np.sum(W**2) for W in weights(result.run.parameters).values())
    last[name] = train, test, squares
    print(f"{name}: training {train:.2f}   test {test:.2f}   Σ W² {squares:.0f}")

boundary_figure(runs)

# %% [markdown] key="network-text"
# On this one data set:
#
# - Without a penalty the network is right on all training points: it has learned the wrong labels too.
# - λ = 1 gives up a fifth of the training points and wins nine points on the test set. The squares of its weights add
#   up to about a fiftieth.
# - λ = 5 is too much of a good thing: worse on both.
#
# ### Your turn: move λ
#
# Every move trains the network again from the same first weights.
#
# 1. Start at 0. At which λ does the boundary let go of single points?
# 2. When do training and test cost part less? When do both get bad?
# 3. Look at the histogram. Are any weights *exactly* zero under L2? Choose L1 and look again.
# 4. Press *exact zeros* and look at the boundary. Has this network learned wrong labels, with so many zeros?

# %% key="network-live"
from course_utils.live import lambda_trainer

lambda_trainer(lambd=0.0)

# %% [markdown] key="l1"
# ## 5 L1: exact zeros
#
# L1 takes the size of a weight instead of its square:
#
# $$\frac{\lambda_1}{m} \sum_l \sum_{i,j} \lvert W_{ij} \rvert, \qquad
# \frac{\partial}{\partial w} \frac{\lambda_1}{m} \lvert w \rvert
# = \frac{\lambda_1}{m} \operatorname{sign}(w) \quad (w \ne 0).$$
#
# L2 pulls a small weight gently, in proportion to its size. L1 pulls every weight **equally hard**, down to the end.
#
# At zero $\lvert w \rvert$ has a corner and no slope. Every number from −1 to 1 is a **subgradient** there: a line of
# that slope touches the corner from below. We take 0, as `np.sign` does.
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
# Does gradient descent with this subgradient find zeros? Here is data made for the question: eight inputs of which only
# the first three matter. A linear unit is to find that out from 60 examples.

# %% key="l1-make-data"
rng = np.random.default_rng(0)
true_W = np.array([[3.0, -2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
x, m = rng.standard_normal((8, 60)), 60
y = true_W @ x + rng.standard_normal((1, m))


def data_gradient(W):
    return mean_squared_error_gradient(W @ x, y) @ x.T  # (1, 8)


# %% [markdown] key="l1-proximal"
# The subgradient step has a rival, the **proximal step**. It first steps along the data's gradient alone, then solves
# the rest exactly: which $w$ is best if it costs $\frac{1}{2}(w - v)^2$ to move away from where you are, $v$, and
# $t\,\lvert w\rvert$ to stay away from zero?
#
# $$\min_w \; \tfrac12 (w - v)^2 + t\,\lvert w \rvert
# \quad\Rightarrow\quad
# w = \operatorname{sign}(v) \cdot \max(\lvert v \rvert - t,\; 0), \qquad t = \frac{\eta\lambda_1}{m}.$$
#
# This is the **soft threshold**: move towards zero by $t$, and *stop* there.
#
# **Predict:** after 1000 steps with λ₁ = 30, how many of the eight weights are exactly zero in each run?

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

# %% [markdown] key="l1-trace-text"
# None against five, and the five are the right ones. Is that the method, or luck with this data set and this λ₁? Draw
# 100 data sets of the same kind and take the proximal steps on all of them at once.
#
# **Predict:** in how many of the 100 are the zeros exactly the right ones? Does a larger λ₁ help?

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

# %% [markdown] key="l1-hundred-text"
# So it was partly luck: the method makes exact zeros, and λ₁ and the noise decide which. At λ₁ = 10 a useless weight is
# nearly always left over; at λ₁ = 30 in one data set of three; at 80 a useful one is lost in one of ten. Of these four
# 50 does best, but who knows that without the true weights? λ₁ has to be chosen, as λ has.
#
# Here is how the fourth weight got to zero, back in the first data set.

# %% key="l1-trace"
first, (subgradient, proximal) = np.arange(60), np.transpose(trace[:60])
line_figure(
    {"the fourth weight": {"subgradient": (first, subgradient), "proximal": (first, proximal)}},
    xlabel="step",
)  # fmt: skip

# %% key="l1-trace-check"
print(f"the pull of one step is ηλ₁/m = {eta * lambd1 / m:.3f}")

# %% [markdown] key="exercise-threshold-text"
# The penalty's subgradient pulls by the same amount wherever the weight is. Near zero that is too much: the weight
# jumps over and is pulled back. None of the eight was exactly zero after any of the 1000 steps. It would take a
# coincidence of rounding, and so a "count of zeros" depends on what you call small.
#
# **Exercise 5.** Write the soft threshold for a whole matrix.

# %% key="exercise-threshold"
def my_soft_threshold(W, threshold):
    """Return W with every weight moved towards zero by threshold, and stopped there."""
    ### BEGIN SOLUTION
    return np.sign(W) * np.maximum(np.abs(W) - threshold, 0)
    ### END SOLUTION


# %% key="check-threshold"
check("soft_threshold", my_soft_threshold)

# %% [markdown] key="paths"
# ### Both penalties over λ
#
# How do the eight weights change as the penalty grows from almost nothing to far too much? For L2 the minimum has a
# formula. For L1 we take proximal steps, each λ₁ starting where the last one ended.
#
# **Predict:** sketch the two pictures. Which weights reach zero first? Which curves have kinks? Does every weight
# shrink?

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
print("exact zeros of L2, at any of the 61 λ:", np.sum(l2_path == 0))
print("exact zeros of L1, at the largest λ₁:", np.sum(l1_path[-1] == 0))
print("sum of squares under L2, from first to last:", np.sum(l2_path[[0, -1]] ** 2, axis=1).round(1))
sizes = abs(l2_path)
growing = np.flatnonzero((np.diff(sizes, axis=0) > 0).any(axis=0))  # from one λ to the next, somewhere
print("growing in size somewhere under L2:", *(f"w{i + 1}" for i in growing))
for i in (3, 4):
    first, largest, last_one = sizes[0, i], sizes[:, i].max(), sizes[-1, i]
    print(f"size of w{i + 1} under L2: {first:.2f} at first, at most {largest:.2f}, {last_one:.2f} at the end")

# %% [markdown] key="paths-text"
# - **L2** shrinks the sum of squares smoothly. A single weight may **grow** on the way, and four of the eight do
#   so for a while: w4, w5, w8, and w6 after it has passed through zero and changed its sign. While the useful weights
#   give way, others take over part of their work. But none stays at zero, and at λ = 1000 all eight are still there.
# - **L1** sets one weight after the other to zero, and here each stays there. In this data set the five useless ones go
#   first, then w3, w2 and w1. Between two kinks its path is a straight line (bent here only by the logarithmic axis).
#
# Weights that are exactly zero need not be stored, and an input whose weights are all zero need not be measured. This
# is why L1 is called *sparse*. Do not expect a faster network: zeros scattered over a matrix are multiplied like any
# other number, unless whole units go or special code skips them.
#
# For linear models L1 is known as the **lasso** (Tibshirani 1996), L2 as **ridge regression**.
#
# Can we trust 400 proximal steps? For a quadratic cost the minimum under L1 can be found exactly, by trying all signs
# that the weights can have.

# %% key="paths-exact"
curvature = 2 / m * x @ x.T
exact = QuadraticCost(np.linalg.solve(x @ x.T, x @ y.T)[:, 0], (curvature + curvature.T) / 2, m)
minima = np.array([exact.minimum(lambd1=lambd1) for lambd1 in strengths])  # like l1_path
print("400 proximal steps for each λ₁ and the exact minima:")
print("no weight differs by more than 1e-8:", np.allclose(minima, l1_path, rtol=0, atol=1e-8))

# %% [markdown] key="l1-live"
# ### Your turn: why a corner gives zeros
#
# The bowl again, now with L1. Its contours are diamonds.
#
# 1. Move λ₁ slowly upwards. Where does the path of the minimum break?
# 2. What happens along the axis afterwards?
# 3. Switch to L2 at the same strength. Count the exact zeros.

# %% key="l1-bowl"
penalty_bowl(lambd=1.0, penalty="L1")

# %% [markdown] key="bias"
# ## 6 Leave the bias alone
#
# The penalty leaves out the biases. That of the output multiplies no input: it shifts the fit and makes nothing
# steeper. To leave out those of hidden units as well is a custom. What goes wrong if the output's bias pays?
#
# Twenty temperatures, once in degrees Celsius, once in kelvin. It is the same weather, and 0 °C is 273.15 K. A fit in
# one unit should be a fit in the other.
#
# **Predict:** λ = 2 on the bias too. By how many degrees will the mean prediction be off in °C? In K?

# %% key="bias-fit"
rng = np.random.default_rng(1)
hours = np.sort(rng.uniform(-1, 1, (1, 20)))
hours -= hours.mean()  # (1, 20)
celsius = 15 + 8 * hours + rng.standard_normal((1, 20))
kelvin = celsius + 273.15


def fitted(y, penalize_bias, lambd=2.0, learning_rate=0.3):
    W, b, m = np.zeros((1, 1)), np.zeros((1, 1)), y.shape[1]
    for _ in range(1000):
        dz = mean_squared_error_gradient(W @ hours + b, y)
        dW, db = dz @ hours.T + lambd / m * W, dz.sum(axis=1, keepdims=True)
        if penalize_bias:
            db = db + lambd / m * b
        W, b = W - learning_rate * dW, b - learning_rate * db
    return W @ hours + b


free = {unit: fitted(y, False) for unit, y in {"°C": celsius, "K": kelvin}.items()}
paying = {unit: fitted(y, True) for unit, y in {"°C": celsius, "K": kelvin}.items()}
for unit, y in {"°C": celsius, "K": kelvin}.items():
    off, shift = free[unit].mean() - y.mean(), paying[unit].mean() - y.mean()
    print(f"{unit:2}: mean error {abs(off):.1f} with a free bias, {shift:.1f} with a penalized one")

# %% key="bias-check"
line_figure(
    {
        title: {"free bias": (hours[0], free[unit][0]), "penalized bias": (hours[0], paying[unit][0])}
        for title, unit in {"degrees Celsius": "°C", "kelvin": "K"}.items()
    },
    points={"degrees Celsius": (hours[0], celsius[0]), "kelvin": (hours[0], kelvin[0])},
    sharey=False, xlabel="time of day", ylabel="temperature",
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
#
# **Predict:** for m = 100 and λ = 2 of the course, which of the other three numbers are equal?

# %% key="names-convert"
m, lambd = 100, 2.0
for convention in ("lambd/(2m)", "lambd/2", "lambd", "weight_decay"):
    strength = lambd_to(lambd, convention, m)
    print(f"{convention:12} {strength:g}")

# %% [markdown] key="names-proof-text"
# Three of them are formulas. Let finite differences show that they pull the weights equally hard.

# %% key="names-proof"
W = np.array([[1.0, -2.0, 0.5]])
formulas = {
    "lambd/(2m)": lambda W, strength: strength / (2 * m) * np.sum(W**2),
    "lambd/2": lambda W, strength: strength / 2 * np.sum(W**2),
    "lambd": lambda W, strength: strength * np.sum(W**2),
}
pulls = {"weight_decay": lambd_to(lambd, "weight_decay", m) * W}
for convention, formula in formulas.items():
    strength = lambd_to(lambd, convention, m)
    pulls[convention] = numeric_gradients(lambda p, f=formula, s=strength: f(p["W1"], s), {"W1": W})["W1"]
for convention, pull in pulls.items():
    print(f"{convention:12} adds {pull[0].round(6)} to dW")

# %% [markdown] key="names-batches"
# ### Which m?
#
# Training goes by **minibatches** of 10 out of 100 examples. Is $m$ in $\lambda/(2m)$ then 10 or 100?
#
# **Predict:** the mean of the ten batch gradients should be the gradient on all examples. With which $m$ is it?

# %% key="names-batches-check"
rng = np.random.default_rng(0)
x, y = quadrants(100, rng)
network = initialize_parameters([2, 8, 1], rng)


def gradient(columns, m, lambd=1.0):
    _, cache = forward(x[:, columns], network)
    return backward(y[:, columns], network, cache, lambd=lambd, m=m)["W1"]


batches = np.arange(100).reshape(10, 10)
whole, data_part = gradient(slice(None), 100), gradient(slice(None), 100, lambd=0.0)
with_100 = np.mean([gradient(batch, 100) for batch in batches], axis=0)
with_10 = np.mean([gradient(batch, 10) for batch in batches], axis=0)

print("m = 100: the mean over batches is the whole gradient:", np.allclose(with_100, whole))
factor = np.linalg.norm(with_10 - data_part) / np.linalg.norm(whole - data_part)
print(f"m = 10: the penalty counts {factor:.0f} times as much")

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
# Adam divides each weight's gradient by its typical size. If the penalty is part of the gradient, it is divided too.
# Then the decay of a weight depends on how large its *data* gradients are. **AdamW** keeps the decay outside:
#
# $$W \leftarrow (1 - \eta\, w)\, W - \eta\, \frac{\hat g}{\sqrt{\hat v} + \epsilon}, \qquad
# w = \text{weight decay}.$$
#
# Here $\hat g$ and $\hat v$ are running means of the gradient and of its square.
#
# Look at two weights that no data pull anywhere: their gradients jump between $+s$ and $-s$, and so average to
# zero. For one of them $s$ is 0.1, for the other 10. Both start at 1.
#
# **Predict:** which of the two will decay under Adam with L2? And under AdamW?

# %% key="adam-two-weights"
decay, eta, steps = 0.5, 0.01, 400


def decaying(optimizer, l2, size):
    p, trace = {"W1": np.array([[1.0]])}, [1.0]
    state = optimizer.start(p)
    for step in range(steps):
        noise = size * (-1) ** step
        p, state = optimizer.step(p, {"W1": noise + l2 * p["W1"]}, state)
        trace.append(p["W1"].item())
    return np.array(trace)


rivals = {
    "gradient descent, L2": (GradientDescent(eta), decay),
    "Adam, L2": (Adam(eta), decay),
    "AdamW": (AdamW(eta, weight_decay=decay), 0.0),
}
traces = {name: {s: decaying(optimizer, l2, s) for s in (0.1, 10)} for name, (optimizer, l2) in rivals.items()}
line_figure(
    {  # every second step, when + s and - s have cancelled
        name: {f"gradients ± {s:g}": (np.arange(0, steps + 1, 2), w[::2]) for s, w in pair.items()}
        for name, pair in traces.items()
    },
    xlabel="step", ylabel="weight",
)  # fmt: skip

# %% key="adam-two-weights-check"
left = {name: {s: w[-2:].mean() for s, w in pair.items()} for name, pair in traces.items()}
for name, pair in left.items():
    print(f"{name:21} left of the weights: {abs(pair[0.1]):.1f} and {pair[10]:.1f}")

# %% [markdown] key="adam-text"
# Under gradient descent and AdamW both weights shrink to $(1 - \eta w)^{400}$. Under Adam with L2, the weight with the
# small gradients is gone and the one with the large gradients has kept about four fifths.
#
# So the same number means different things. Train the network of section 4 with λ = 1 in both ways: as L2 under Adam,
# and as `weight_decay` = λ/m = 0.01 under AdamW. One run each.
#
# **Predict:** will the two networks have similar weights? Work out $(1 - \eta w)^{300}$ for η = 0.02 first.

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
    squares = sum(np.sum(W**2) for W in weights(run.parameters).values())
    trials[name] = squares
    print(f"{name:25} Σ W² {squares:5.0f}")

print(f"what 300 steps of the decay 0.01 leave of a weight: {(1 - 0.02 * 0.01) ** 300:.2f}")

# %% [markdown] key="adam-divided-text"
# AdamW with 0.01 is nearly the network without a penalty. How can 0.01 do so much more under Adam? Look at what it is
# divided by. Adam's state has the running mean of the squared gradients, $\hat v$.
#
# **Predict:** by what factor does the division by $\sqrt{\hat v}$ enlarge the penalty's pull on a typical weight of W2?

# %% key="adam-divided"
optimizer, trained = Adam(0.02), start
state = optimizer.start(trained)
enlarged = {}  # by step: the factor of each layer's median weight
for step in range(1, 101):
    _, cache = forward(data.x_train, trained)
    trained, state = optimizer.step(trained, backward(data.y_train, trained, cache, lambd=1.0), state)
    if step in (5, 20, 100):
        mean_squares = {name: state["square"][name] / (1 - optimizer.beta2**step) for name in weights(trained)}
        enlarged[step] = {name: np.median(1 / np.sqrt(squares)) for name, squares in mean_squares.items()}
        rounded = "   ".join(f"{name} {float(f'{factor:.1g}'):.0f}" for name, factor in enlarged[step].items())
        print(f"step {step:3}: a typical pull is enlarged about so many times:   {rounded}")

# %% [markdown] key="adam-scale"
# Count it out. **Outside** the gradient, what a decay does is learning rate · decay · steps: 0.02 · 0.01 · 300 = 0.06.
# A share of about 6 % is lost in the whole training: next to nothing. **Inside** the gradient, Adam divides the
# penalty's pull by the typical size of the gradient. The gradients are small here. In W2 the pull counts hundreds of
# times as much, in W3 about fifty times after 100 steps. In this run the factor grows as the gradients shrink.
#
# How strong must each of the two be, then? Not two numbers and one seed, but a grid: five λ under Adam, six decays
# under AdamW, 16 seeds. Each network is scored on 100 validation points, which choose, and on 4000 clean test points.
#
# **Predict:** which decay will be chosen for AdamW, of 0.01, 0.1, 0.3, 1, 3 and 10? Will one of the two optimizers win?
#
# This takes a minute or two, so it was done beforehand, by `python -m course_utils study decay_strengths`. The next
# cell reads the results and trains one network anew, for you to compare.

# %% key="adam-strengths"
from course_utils.experiments.strengths import strength_accuracy
from course_utils.experiments.studies import read_study


def scores_of(study, recipe, on):
    """Return the strengths of a recipe, and its accuracies (strengths, seeds) on these points."""
    names = [n for n, settings in study.settings.items() if n.startswith(recipe + ",") and settings["on"] == on]
    return [name.split(", ")[1] for name in names], np.array([study.values[name] for name in names])


study = read_study("decay_strengths")
validation_of = {}
for recipe, unit in {"Adam": "λ", "AdamW": "weight_decay"}.items():
    tried, validation_of[recipe] = scores_of(study, recipe, "validation")
    score = validation_of[recipe].mean(axis=1)  # over the seeds
    for i, test in enumerate(scores_of(study, recipe, "test")[1]):
        mean, half = confidence_interval(100 * (test - study.values["none, nothing, test"]))
        print(f"{recipe}, {unit} {tried[i]:>4}:  validation {score[i]:.3f}   test {mean:+5.1f} ± {half:.1f}")
    print("chosen:", tried[score.argmax()])

now = strength_accuracy(0, weight_decay=3.0)
print(f"AdamW with 3, first seed {study.values['AdamW, 3, test'][0]:.2f}, trained anew {now:.2f}")

# %% [markdown] key="adam-report"
# The test column says how many points each is better than no penalty. The two that were chosen now have to prove
# themselves on 16 **other** seeds, by `python -m course_utils study chosen_strengths`: networks that were picked for
# their scores should not report on themselves.

# %% key="adam-chosen"
mean, half = confidence_interval(100 * (validation_of["AdamW"][4] - validation_of["AdamW"][3]))
print(f"validation, decay 3 less decay 1: {mean:.1f} ± {half:.1f} points")

reports = read_study("chosen_strengths").values  # (16,) each: other seeds
for name, other in (("L2", "none"), ("AdamW", "none"), ("AdamW", "L2")):
    mean, half = confidence_interval(100 * (reports[name] - reports[other]))
    print(f"test, {name} less {other}: {mean:.1f} ± {half:.1f} points")

# %% [markdown] key="adam-end"
# - Under Adam, L2 does best with λ = 1, so λ/m = 0.01. As AdamW's decay, 0.01 and 0.1 do nothing that 16 seeds could
#   show.
# - On these grids AdamW wants 1 or 3, **100 or 300 times** that number. The validation points prefer 3 but cannot tell
#   it from 1. Beside λ = 2, which this grid lacks and section 10 cannot tell from 1, it is half of that. At 3
#   the count is 0.02 · 3 · 300 = 18: enough to act.
# - Neither of the two chosen is seen to be better: the interval of their difference holds zero.
#
# The factor belongs to this network, this learning rate and these 300 steps. So **never carry a number over** from one
# to the other, and when you change the optimizer, the learning rate or the number of steps, choose again.

# %% [markdown] key="together"
# ## 9 L1, L2 and dropout together
#
# Some courses forbid L2 and dropout in one network, to keep their code short. Nothing in the mathematics does: the
# penalties add a term to $dW$, and the masks stay where they are.
#
# **Predict:** does the gradient check pass with all three at once? What has to be held still?

# %% key="together-check"
rng = np.random.default_rng(0)
x, y = quadrants(8, rng)
network = initialize_parameters([2, 5, 4, 1], rng)
masks = draw_masks([2, 5, 4, 1], 8, 0.7, rng)

errors = gradient_check(x, y, network, masks=masks, keep_prob=0.7, activation="tanh", lambd=0.5, lambd1=0.3)
print("worst relative error below 1e-7:", max(errors.values()) < 1e-7)

# %% [markdown] key="together-train"
# Is it worth it? That depends on the doses, and each recipe deserves its best one. So each has a grid, with small doses
# beside large ones:
#
# | recipe | what was tried |
# |---|---|
# | dropout | `keep_prob` 0.95, 0.9, 0.8, 0.7, 0.5, 0.3 |
# | L2 | λ = 0.1, 0.3, 1, 2, 5 |
# | L1 | λ₁ = 5, 10, 20, 50, 100 |
# | all three | `keep_prob` 0.95, 0.8, 0.7 with λ = 0.1, 0.3, 1 and λ₁ = 5, 20, 50: 27 combinations |
#
# L1 takes the proximal step. That step stands outside Adam, as AdamW's decay does, so λ₁ wants a larger number here.
#
# As in section 8, the best mean score on the validation points of 16 seeds chooses (`study recipe_strengths`), and the
# test points of 16 other seeds report (`study chosen_strengths`).
#
# **Predict:** will all three together choose doses as large as each alone? What happens if each one's best dose is
# taken at once? Will the three beat each alone?

# %% key="together-choice"
study = read_study("recipe_strengths")
for recipe in ("dropout", "L2", "L1", "all three"):
    tried, validation = scores_of(study, recipe, "validation")
    chosen_one = validation.mean(axis=1).argmax()
    print(f"{recipe:10} chosen {tried[chosen_one]:10} of {len(tried)}", end="")
    intervals = [confidence_interval(validation[chosen_one] - other) for other in validation]
    near = [name for name, (mean, half) in zip(tried, intervals, strict=True) if mean - half <= 0]  # itself as well
    print(f"   not to be told from {len(near) - 1} others")

print("test points gained by these doses alone, and by each one's best dose at once:")
for name in ("dropout, 0.8", "L2, 0.1", "L1, 20", "all three, 0.7 1 50"):
    mean, half = confidence_interval(100 * (study.values[name + ", test"] - study.values["none, nothing, test"]))
    print(f"{name:19} {mean:5.1f} ± {half:.1f}")

# %% key="together-runs"
table = {}
for name, settings in read_study("chosen_strengths").settings.items():
    if name == "AdamW":
        continue
    run = quadrant_run(seed=16, records=1, resolution=2, **settings).run  # the first seed, anew
    all_weights = np.concatenate([W.ravel() for W in weights(run.parameters).values()])
    table[name] = run.history["test_accuracy"][-1], np.sum(all_weights**2), np.mean(all_weights == 0)
    mean, half = confidence_interval(100 * (reports[name] - reports["none"]))
    print(f"{name:10} gain {mean:3.1f} ± {half:.1f}", end="   first seed: ")
    print(f"Σ W² {table[name][1]:5.0f}   exact zeros {table[name][2]:4.0%}")

for name in ("dropout", "L2", "L1"):
    mean, half = confidence_interval(100 * (reports["all three"] - reports[name]))
    print(f"all three less {name:8} {mean:.1f} ± {half:.1f} points")

# %% [markdown] key="together-text"
# - Together they do what each does alone: the weights are small, most of them are exactly zero, and the test accuracy
#   is better than with none.
# - The chosen doses are smaller than those that each wants alone. But ten other combinations cannot be told from them,
#   and each of the three full doses is in one of these. What is shown: all three full doses **at once** are far too
#   much. That network ends 18 ± 5 points below the one without any.
# - All three beat dropout alone by 2.1 ± 1.8 points and L1 alone by 2.8 ± 1.4. That they beat L2 alone is not shown:
#   the interval of the difference holds zero. Nor was it asked whether two of them would do: λ = 0.1 is the smallest
#   that was tried.
# - Three helpers are not three times the help. Alone they gain 4.5 to 6.5 points on average, together 7.4 ± 1.7, far
#   from the sum. One reason may be that they fight the same enemy.
#
# And the price is a search: 27 combinations, where each alone took five or six. A second helper is worth trying, but
# not every helper at its full dose. Keep it if validation points say so.

# %% [markdown] key="choose"
# ## 10 Choosing λ
#
# Training data cannot choose λ: a penalty is there to fit them less well, so they vote for 0 or close to it. Test data
# must not choose, or they are test data no longer. So keep some examples apart, the **validation set**, and let them
# choose.
#
# Why not report the score by which the winner was chosen? Because it was chosen for being high. Take 20 "networks" that
# toss a coin for each of 100 validation points, each on its own.
#
# **Predict:** what is the validation accuracy of the best of them?

# %% key="choose-luck"
coins = np.random.default_rng(0).binomial(100, 0.5, size=(2000, 20)) / 100  # 2000 times 20 networks
print(f"mean accuracy {coins.mean():.2f}, of the best of 20: {coins.max(axis=1).mean():.2f}")

# %% [markdown] key="choose-plan"
# About nine points above the truth, from luck alone. (Networks that resemble each other have less room for luck.) So:
# **choose on validation data, report on test data.**
#
# Now for real. Ten seeds, seven values of λ. Each seed has its own 100 training points, 100 validation points that are
# just as noisy, and 4000 clean test points.
#
# **Predict:** the shape of both curves over λ, for training and for validation. The next cell trains 70 networks and
# takes some seconds.

# %% key="choose-run"
lambdas, seeds = [0.0, 0.1, 0.3, 1.0, 2.0, 5.0, 10.0], range(10)


def scores(seed):
    x_validation, y_validation = validation_points(seed)
    train, right, costs, test = [], [], [], []
    for lambd in lambdas:
        run = quadrant_run(lambd=lambd, seed=seed, records=1, resolution=2).run
        z, _ = forward(x_validation, run.parameters)
        train.append(run.history["train_accuracy"][-1])
        right.append((z[0] > 0) == (y_validation[0] > 0.5))  # (100,), point by point
        costs.append(compute_cost(z, y_validation, run.parameters))  # that of the data alone
        test.append(run.history["test_accuracy"][-1])
    return train, right, costs, test


train, right, costs, test = (np.stack(part, axis=1) for part in zip(*over_seeds(scores, seeds), strict=True))
validation = right.mean(axis=2)  # (7, 10), as train, costs and test; right is (7, 10, 100)
best = int(np.argmax(validation.mean(axis=1)))

# %% key="choose-figure"
from course_utils.figures.validation import validation_figure

intervals = {
    name: [confidence_interval(of_lambd) for of_lambd in values]
    for name, values in {"training": train, "validation": validation}.items()
}
print("chosen by the mean over seeds: λ =", lambdas[best])

validation_figure(lambdas, intervals, lambdas[best])

# %% [markdown] key="choose-text"
# Too small a λ learns noise. The training points would have chosen λ = 0. At λ = 10 the network is right on about half
# of the points: it has learned nothing. In between λ = 1 is best, though 100 points and ten seeds cannot tell it from
# 2. The bars are 95 % intervals of the mean over ten seeds.
#
# In real life you have one data set, so one seed. Then each seed must choose for itself, with its own 100 validation
# points, and its test points say what the choice was worth. Compare with λ = 0 **in pairs**: the same seed has the same
# data and first weights on both sides.

# %% key="choose-report"
own = validation.argmax(axis=0)  # (10,), each seed's choice
chosen_test = test[own, seeds]
mean, half = confidence_interval(chosen_test - test[0])
unpaired = np.hypot(confidence_interval(chosen_test)[1], confidence_interval(test[0])[1])  # as if seeds differed
print("chosen by each seed:", sorted({lambdas[i] for i in own}))
print(f"gain in test accuracy, in points: {100 * mean:.0f}, 95 % interval ± {100 * half:.0f}")
print(f"the same without pairs: ± {100 * unpaired:.0f}")
print(f"better than λ = 0 in {np.sum(chosen_test > test[0])} of 10 seeds")

# %% [markdown] key="choose-standard-error"
# How much can one validation set tell? A share $p$ of $n$ points has a standard error of $\sqrt{p(1-p)/n}$: with 100
# points that is about four percentage points. But this is the error of **one** score. To compare two λ we need that of
# their **difference**, and both are scored on the same points. On most of these both are right, or both wrong, and such
# points do not say which is better. If $b$ points are right with the first λ only and $c$ with the second only, the
# difference of the scores is $(b - c)/n$, and its standard error
#
# $$\frac{1}{n} \sqrt{b + c - \frac{(b - c)^2}{n}}.$$
#
# A cautious way to break ties is the **one-standard-error rule**: among all λ that fall short of the best by no more
# than one standard error of the difference, take the largest, which asks for the smallest weights. This is a variant.
# The rule as textbooks have it takes the standard error of the best score itself. That one is larger, so it goes
# further.
#
# **Predict:** is this standard error larger or smaller than four points? Will the rule do better here than taking the
# best score?

# %% key="choose-one-standard-error"
winner = right[own, seeds]  # (10, 100), with each seed's best λ
b, c = np.sum(winner & ~right, axis=2), np.sum(right & ~winner, axis=2)  # (7, 10) each
error = np.sqrt(b + c - (b - c) ** 2 / 100) / 100
near = (b - c) / 100 <= error
cautious = len(lambdas) - 1 - near[::-1].argmax(axis=0)  # the last λ that is near
alone, one = np.sqrt(validation * (1 - validation) / 100), lambdas.index(1.0)
near_best = validation >= (validation - alone)[own, seeds]  # the textbooks' rule
usual = len(lambdas) - 1 - near_best[::-1].argmax(axis=0)

print(f"standard error of the score of λ = 1, mean over seeds: {100 * alone[one].mean():.1f} points")
print(f"and of its difference to the best, if that is another: {100 * error[one][own != one].mean():.1f} points")
print("mean test accuracy, points to the best score, seeds by λ:")
for name, taken in {"λ = 0": 0 * own, "best score": own, "the rule": cautious, "textbooks' rule": usual}.items():
    mean, half = confidence_interval(100 * (test[taken, seeds] - chosen_test))
    seeds_by = {lambdas[i]: int(np.sum(taken == i)) for i in sorted(set(taken))}
    print(f"{name:15} {test[taken, seeds].mean():.2f}   {mean:4.1f} ± {half:.1f}   {seeds_by}")

# %% [markdown] key="choose-end"
# The error of the difference is about three points, not four. (For two scores on **different** points it would be
# $\sqrt{2}$ times four, nearly six.) That both have met the same points makes the comparison sharper, as pairs of seeds
# do.
#
# The rule takes a larger λ, mostly 2, and once 5. The textbooks' rule goes further, here to λ = 5 in three seeds of
# ten. With neither is the test accuracy seen to be better or worse: both intervals hold zero. So such a rule gives
# smaller weights here, not better networks. What makes a choice better is more validation points, or
# **cross-validation**, which lets every example validate once.
#
# ### Why not just stop?
#
# The 100 validation points could do something else: say **when to stop**. Chapter 02 has introduced early stopping:
# train without a penalty, look at the cost on the validation points every five steps, and keep the network of the step
# where it was lowest.
#
# A fair rival is chosen in the same way: take the λ with the lowest **cost** on the validation points. (Accuracies on
# 100 points often tie.) And once you have chosen λ, you may use the validation points again: train with this λ on all
# 200 points.
#
# **Predict:** four ways to use the same 200 labelled points. Put them in order: λ = 0 to the end; each seed's λ; λ = 0,
# stopped; each seed's λ and all 200 points.

# %% key="choose-stop"
from course_utils.experiments import stopped_accuracy

stopped = np.array(over_seeds(lambda seed: stopped_accuracy(seed, validation=100), seeds))
ways = {}
for name, taken in {"accuracy": own, "cost": costs.argmin(axis=0)}.items():
    print(f"chosen by {name}:", *(lambdas[i] for i in taken))
    again = over_seeds(lambda seed, i=taken: strength_accuracy(seed, lambd=lambdas[i[seed]], joined=True), seeds)
    ways |= {f"λ by {name}": test[taken, seeds], f"λ by {name}, all 200": np.array(again)}

print(f"λ = 0 to the end: test accuracy {test[0].mean():.2f}; more than that, in points:")
mean, half = confidence_interval(100 * (stopped - test[0]))
print(f"{'stopped':23} {mean:.1f} ± {half:.1f}")
for name, ours in ways.items():
    mean, half = confidence_interval(100 * (ours - test[0]))
    lead, error = confidence_interval(100 * (stopped - ours))
    print(f"{name:23} {mean:.1f} ± {half:.1f}   stopped less that {lead:.1f} ± {error:.1f}")

# %% [markdown] key="choose-stop-text"
# On these data stopping beats the λ that the same points have chosen, by three points, whether they chose by accuracy
# or by cost. Against λ and all 200 points nothing is shown: both intervals hold zero. With λ by cost, which is 2 in six
# of the ten seeds, all 200 points gain nine points, as stopping does.
#
# What does stopping cost? 100 labelled points that nobody trains on. A schedule to keep: when to look, and how often.
# And the run itself: the step belongs to this learning rate and these first weights, and must be found anew when one of
# them changes. A λ can be handed on to the next run, with all points.
#
# So stopping belongs in the comparison: if you praise a penalty, say what stopping would have done.
#
# ### One last time: everything together
#
# Choose your own settings by hand, then look what changes with *clean labels*.

# %% key="choose-live"
from course_utils.live import playground

playground(keep_prob=0.8, lambd=0.5)

# %% [markdown] key="recap"
# ## Recap
#
# | question | answer | where you saw it |
# |---|---|---|
# | What does L2 add to the cost? | λ/(2m) times the sum of all squared weights, biases left out | 1, 6 |
# | And to the gradient? | λ/m W in each layer; not λ/(2m), not 2λ/m; nothing for lower layers | 2 |
# | How do I know? | a gradient check, with a λ large enough to matter | 2 |
# | What is weight decay? | W shrinks by 1 − ηλ/m in each step; the penalty alone diverges above ηλ/m = 2 | 3 |
# | What does L1 do? | pulls all weights equally hard; exact zeros by the soft threshold, not by the subgradient | 5 |
# | Why leave the bias alone? | a penalized bias of the output makes the fit depend on where zero is | 6 |
# | Which λ? | compare what is added to dW; m is the size of the training set | 7 |
# | Does L2 shrink every weight? | the sum of squares, yes; single weights may grow | 1, 5 |
# | Is L2 weight decay? | for plain gradient descent exactly, for Adam no | 3, 8 |
# | Together with dropout? | yes, but not every full dose at once; hold the masks still for the check | 9 |
# | How do I choose λ? | on validation data; report on test data, over several seeds, in pairs | 10 |
# | Must it be a penalty? | no: stopping early did better than a λ on the same 100 points, not shown against all 200 | 10 |
#
# ### Read on
#
# - A. Krogh, J. A. Hertz, [*A simple weight decay can improve
#   generalization*](https://proceedings.neurips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html),
#   NIPS 4 (1991): why shrinking helps, in theory.
# - R. Tibshirani, [*Regression shrinkage and selection via the
#   lasso*](https://doi.org/10.1111/j.2517-6161.1996.tb02080.x), JRSS B 58 (1996): L1.
# - T. Hastie, R. Tibshirani, J. Friedman, [*The elements of statistical
#   learning*](https://doi.org/10.1007/978-0-387-84858-7), 2nd ed. (2009), section 3.4: ridge and lasso side by side;
#   section 7.10: the one-standard-error rule.
# - N. Parikh, S. Boyd, [*Proximal algorithms*](https://doi.org/10.1561/2400000003), Foundations and Trends in
#   Optimization 1 (2014): the soft threshold and its relatives.
# - I. Loshchilov, F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019:
#   AdamW.
# - G. Zhang, C. Wang, B. Xu, R. Grosse, [*Three mechanisms of weight decay
#   regularization*](https://arxiv.org/abs/1810.12281), ICLR 2019: what it does beside keeping weights small.
