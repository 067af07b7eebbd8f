# %% [markdown] key="title"
# # Words
#
# A page to look things up. Where a chapter uses a word for the first time, a link leads here. Nothing on this page has to
# be read in order, and nothing has to be learned by heart.
#
# | about | words |
# |---|---|
# | a network | [unit](#Unit), [hidden layer](#Hidden-layer), [bias](#Bias), [activation](#Activation), [ReLU](#ReLU), [tanh](#tanh), [sigmoid](#Sigmoid) |
# | its output | [label](#Label), [cost](#Cost), [logit](#Logit), [softmax](#Softmax), [cross-entropy](#Cross-entropy), [mean squared error](#Mean-squared-error) |
# | its training | [gradient](#Gradient), [backpropagation](#Backpropagation), [autograd](#Autograd), [tensor](#Tensor), [module](#Module), [gradient descent](#Gradient-descent), [learning rate](#Learning-rate), [mini-batch](#Mini-batch), [epoch](#Epoch), [momentum](#Momentum), [Adam](#Adam), [curvature](#Curvature) |
# | its parts by size | [norm](#Norm), [penalty](#Penalty), [hyperparameter](#Hyperparameter), [least squares](#Least-squares), [prior](#Prior) |
# | what is measured | [overfitting](#Overfitting), [training, validation and test data](#Training,-validation-and-test-data), [expectation](#Expectation), [variance](#Variance), [correlation](#Correlation), [median](#Median), [geometric mean](#Geometric-mean), [standard error](#Standard-error), [interval](#Interval), [paired difference](#Paired-difference), [seed](#Seed) |

# %% key="imports"
import numpy as np

from course_utils.activations import relu, sigmoid, softmax, tanh
from course_utils.experiments import confidence_interval
from course_utils.figures.intervals import interval_figure
from course_utils.figures.lines import line_figure
from course_utils.optimizers import Adam, GradientDescent, Momentum

# %% [markdown] key="network"
# ## A network
#
# ### Unit
# One number in a layer, for each example. It is a weighted sum of the layer below, plus a bias, sent through an activation.
#
# ### Hidden layer
# A layer between the input and the output. Its units are called hidden because the data say nothing about what they
# should be.
#
# ### Bias
# The number $b$ that a unit adds to its weighted sum. It shifts the place at which the unit switches on.
#
# ### Activation
# The function $g$ in $a = g(z)$, applied to each unit by itself; $a$ is called an activation as well. Without it a stack of
# layers would be no more than a single one, since a linear function of a linear function is linear.
#
# ### ReLU
# The *rectified linear unit*, $g(z) = \max(0, z)$. What is negative becomes 0, the rest stays. Its slope is 0 or 1.
#
# ### tanh
# The hyperbolic tangent: S-shaped, from −1 to 1, with $g(0) = 0$. Its slope is $1 - g(z)^2$: 1 in the middle, almost 0 far
# out, where the unit is *saturated* and hardly learns.
#
# ### Sigmoid
# $g(z) = 1 / (1 + e^{-z})$, from 0 to 1: the usual way to make a probability of a number.

# %% key="network-figure"
z = np.linspace(-4, 4, 161)
curves = {"ReLU": relu, "tanh": tanh, "sigmoid": sigmoid}
line_figure({name: {name: (z, g(z))} for name, g in curves.items()}, xlabel="z", ylabel="g(z)", sharey=False)

# %% [markdown] key="output"
# ## Its output
#
# ### Label
# The right answer that comes with an example, such as the digit that a picture shows.
#
# ### Cost
# One number for how badly a network does on some examples; training makes it small. Also called *loss*.
#
# ### Logit
# The number $z$ of the last layer, before it becomes a probability. Behind a sigmoid a logit of 0 is a probability of one half. Costs
# computed from logits stay exact where a probability would have been rounded to 0 or 1.
#
# ### Softmax
# The sigmoid for more than two classes. It turns the logits of one example into probabilities that add up to 1:
# $p_k = e^{z_k} / \sum_j e^{z_j}$.
#
# ### Cross-entropy
# The cost of a probability: $-\log p$, where $p$ is what the network gave to the *right* class. Sure and right costs
# nothing; unsure, $p = 0.5$, costs 0.69; sure and wrong costs without limit. The cost of a network is the mean over its
# examples.
#
# ### Mean squared error
# The cost for numbers in place of classes: the mean of $(\hat y - y)^2$.

# %% key="output-softmax"
logits = np.array([[2.0], [1.0], [-1.0]])  # three classes, one example
print("softmax of 2, 1, -1:", softmax(logits).ravel().round(2))

# %% key="output-figure"
p = np.linspace(0.01, 1, 100)
line_figure({"cross-entropy": {"cost": (p, -np.log(p))}}, xlabel="probability of the right class", ylabel="cost")

# %% [markdown] key="training"
# ## Its training
#
# ### Gradient
# The slopes of the cost, one for each parameter: by how much the cost rises per unit when this one grows a little. The code calls
# that of `W1` `dW1`.
#
# ### Backpropagation
# How all gradients are had for about the price of two forward passes: the chain rule, from the last layer to the first, with
# every intermediate value computed once and kept.
#
# ### Autograd
# Backpropagation done by a library. PyTorch writes down each operation of the forward pass, and `backward()` plays the list
# from its end.
#
# ### Tensor
# PyTorch's name for an array. It can remember how it was computed, and then autograd can go back through it.
#
# ### Module
# PyTorch's name for a part of a network that owns parameters: a layer, or a whole network. `forward` says what it computes,
# `parameters()` lists what can be trained.
#
# ### Gradient descent
# Go a little against the gradient, and again: $W \leftarrow W - \eta\,dW$. It is called *stochastic* (SGD) where the
# gradient is computed from some of the examples; PyTorch calls its optimizer SGD either way.
#
# ### Learning rate
# The $\eta$ of that formula, by which the gradient is multiplied. Too small, and training takes for ever; too large, and the cost jumps up.
#
# ### Mini-batch
# The examples of one step, where these are not all.
#
# ### Epoch
# As many steps as it takes to see each training example once.
#
# ### Momentum
# Gradient descent with inertia: each step goes along a running sum of gradients, $V \leftarrow \beta V + dW$. Slopes that
# agree add up, slopes that change their sign cancel.
#
# ### Adam
# Momentum, and besides each parameter's step is divided by the usual size of its own gradient. So every parameter moves at
# about the same speed, however flat or steep its slope, as long as its gradients agree in sign.
#
# ### Curvature
# How fast a slope changes. Where the curvature is large, a cost rises steeply on both sides of its minimum. Of several
# weights there is a curvature for each direction; the largest and the smallest are found by `np.linalg.eigh`, and so are
# their directions.
#
# In the picture a cost is a long valley, ten times as steep across as along. Each optimizer starts at the same point
# and goes 30 steps.

# %% key="training-figure"
def path(optimizer):
    """Return the places (31, 2) of 30 steps down the valley (x² + 10 y²) / 2."""
    place = {"w": np.array([-4.0, 1.5])}
    state, places = optimizer.start(place), [place["w"]]
    for _ in range(30):
        place, state = optimizer.step(place, {"w": place["w"] * [1.0, 10.0]}, state)
        places.append(place["w"])
    return np.array(places)


optimizers = {"gradient descent": GradientDescent(0.17), "momentum": Momentum(0.03), "Adam": Adam(0.3)}
paths = {name: path(optimizer) for name, optimizer in optimizers.items()}
line_figure({name: {name: places.T} for name, places in paths.items()}, xlabel="along", ylabel="across")

# %% [markdown] key="sizes"
# ## Its parts by size
#
# ### Norm
# The size of many numbers as one. The L2 norm is $\sqrt{\sum w^2}$, the length of an arrow; the L1 norm is $\sum |w|$.
#
# ### Penalty
# What is added to the cost to make large weights expensive. L2 adds their squares, L1 their absolute values.
#
# ### Least squares
# Fitting by making the mean squared error as small as it goes. For a linear model there is a formula for the answer, and no
# training is needed.
#
# ### Prior
# What is held likely of a weight before any data are seen, as a distribution. A *Gaussian* one is a bell: large values
# are very unlikely. A *Laplace* one has a peak at zero and longer tails.
#
# ### Hyperparameter
# A number that you choose and training does not: `keep_prob`, λ, the learning rate, the number of units.

# %% [markdown] key="measured"
# ## What is measured
#
# ### Overfitting
# Right on the training data, worse on new data: the network has learned by heart what cannot be learned as a rule.
#
# ### Training, validation and test data
# The network learns from the first. You choose hyperparameters by the second. The third is looked at once, at the end. If
# you choose by the test data they are validation data, and nothing is left to tell you how good you are.
#
# ### Expectation
# $E[x]$ is the mean of a random number over all that can happen, each case with its probability. Expectations of a sum
# add up.
#
# ### Variance
# The mean squared distance from the mean, $\operatorname{Var}[x] = E[(x - E[x])^2]$. It is also the mean of the square minus
# the square of the mean. Its square root, the *standard deviation*, has the unit of the numbers themselves.
#
# ### Correlation
# From −1 to 1: whether two numbers are large together (1), move apart (−1), or do not tell of each other (about 0).
#
# ### Median
# The middle one of sorted numbers: half are smaller, half are larger.
#
# ### Geometric mean
# The root of a product: of two numbers $\sqrt{ab}$. It is the mean of the logarithms, turned back.
#
# ### Standard error
# How far a *mean* of $n$ results typically lies from the true mean: the standard deviation of the results, divided by
# $\sqrt n$.
#
# ### Interval
# In this course "a ± b" is a 95 % confidence interval of a mean. Made from new seeds, again and again, 95 of 100 such
# intervals would contain the true mean. An interval of a *difference* that does not contain 0 speaks for one; where there is none,
# 5 in 100 intervals say so all the same.
#
# ### Paired difference
# Two ways of training compared on the same data, from the same first weights. What makes a seed easy or hard for both
# cancels. If that is most of the luck, the difference is far more exact than its two parts; if not, little is gained.
#
# ### Seed
# The number that a random generator starts from. The same seed gives the same data, weights and masks, on the same kind of
# device; another one gives a second opinion.
#
# In the picture twenty seeds are easier or harder by luck, and B is better than A by 1 on average, give or take 0.7 in a
# single seed.

# %% key="measured-figure"
rng = np.random.default_rng(0)
luck = rng.normal(0, 4, 20)
a = 80 + luck + rng.normal(0, 0.5, 20)
b = 81 + luck + rng.normal(0, 0.5, 20)

for name, values in {"A": a, "B": b, "B minus A": b - a}.items():
    mean, half = confidence_interval(values)
    print(f"{name:10} {mean:5.1f} ± {half:.1f}")

# %% key="measured-dots"
interval_figure({"A": a, "B": b}, {"A": confidence_interval(a), "B": confidence_interval(b)}, "accuracy in percent", digits=1)
