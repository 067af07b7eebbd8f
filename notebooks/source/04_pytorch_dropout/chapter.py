# %% [markdown] key="title"
# # 04 Dropout in PyTorch
#
# In PyTorch dropout is one line and L2 is one argument. Both are easy to use and easy to misread: `p` is not
# `keep_prob`, a forgotten `eval()` raises no error, and `weight_decay` is not always L2. In this chapter you take
# each of them apart and measure what it does.
#
# | section | minutes |
# |---|---|
# | 1 A network with nn.Dropout | 16 |
# | 2 train() and eval() | 15 |
# | 3 The same numbers as NumPy | 1 |
# | 4 What weight_decay means | 15 |
# | 5 L1 and max-norm | 13 |
# | 6 Your turn: a live network and a model of your own | 20 |
# | 7 Digits: which helps? | 9 |
# | 8 Dropout as a measure of doubt | 17 |
#
# At the end you can **write** a PyTorch network with dropout, **switch** it between training and use, **say** what
# `weight_decay` does under SGD, Adam and AdamW, and **compare** regularizers without fooling yourself.
#
# Run the cells in order with Shift+Enter. Where a form asks for your guess, answer it before you run the cell below.
# You need the ideas of chapter 02: masks, `keep_prob`, scaling.

# %% key="imports"
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from course_utils.datasets import tumours_split
from course_utils.dropout import draw_masks
from course_utils.exercises import check, hint, solution
from course_utils.guesses import calibration, guess, outcome
from course_utils.network import backward, forward, initialize_parameters
from course_utils.pytorch import gradients, rows, to_torch
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.randomness import seeded

torch.set_num_threads(1)  # networks this small are faster with one thread
device = best_device()  # a GPU if there is one: the only line of this chapter that chooses

# %% [markdown] key="layer"
# ## 1 A network with nn.Dropout
#
# In PyTorch dropout is a layer. It takes one number, `p`. Send ten thousand ones through it.

# %% key="layer-ones"
layer = nn.Dropout(p=0.4)
with seeded(0):
    out = layer(torch.ones(10_000, device=device))

print(f"zeros: about {(out == 0).double().mean():.1f} of all, the others: {out.max():.3f}")

# %% [markdown] key="layer-text"
# With `keep_prob` 0.4 four thousand of the ten thousand ones would be left. Here four thousand are gone.
#
# Where do the random numbers come from? You cannot hand `nn.Dropout` a generator. It draws from PyTorch's global one,
# and so may anything else. `with seeded(0):` sets that generator for the block and puts it back afterwards. Every
# cell of this chapter that draws from it does so inside such a block.
#
# **Exercise 1.** A network in NumPy has `keep_prob` `[0.8, 0.5, 0.5]`: input, then two hidden layers. You move it to
# PyTorch. Work out from the cell above what `p` means, and return the list of `p`.

# %% key="exercise-p"
def p_for_pytorch(keep_probs):
    """Return PyTorch's p for each keep_prob of a list."""
    ### BEGIN SOLUTION
    return [1 - keep_prob for keep_prob in keep_probs]
    ### END SOLUTION


# %% key="check-p"
check("p_for_pytorch", p_for_pytorch)

# %% [markdown] key="model"
# ### The network 8-60-4-1
#
# In PyTorch a network is a class with two methods, a [module](words.ipynb#Module). `__init__` makes the layers, and `forward`
# says in which order they are used. You call the object like a function, `net(x)`, with a [tensor](words.ipynb#Tensor), and
# [autograd](words.ipynb#Autograd) finds the gradients.
#
# The class in the next cell has a typo.

# %% key="model-class"
class Misspelt(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(8, 1)

    def foward(self, x):
        return self.l1(x)


# %% [markdown] key="model-predict"
# **Predict:** when will anybody notice?

# %% key="model-guess"
guess("typo-noticed")

# %% key="model-misspelt"
misspelt = Misspelt()
try:
    misspelt(torch.ones(5, 8))
except NotImplementedError as error:
    print(error)

outcome("typo-noticed")

# %% [markdown] key="model-text"
# PyTorch looks for `forward` at the last moment. The class is fine without it, and so is the object.
#
# Here is the network as it should be: 8 inputs, 60 and 4 sigmoid units, one output, dropout after the first layer.
# PyTorch has one example per **row**, so shapes read $(m, n)$.

# %% key="model-right"
class Model(nn.Module):
    def __init__(self, p=0.4):
        super().__init__()
        self.l1 = nn.Linear(8, 60)
        self.l2 = nn.Linear(60, 4)
        self.l3 = nn.Linear(4, 1)
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        a1 = torch.sigmoid(self.l1(x))  # (m, 60)
        a2 = torch.sigmoid(self.l2(self.dropout(a1)))  # (m, 4)
        return self.l3(a2)  # (m, 1), logits: the cost applies the last sigmoid, safely


# %% [markdown] key="tumours"
# ### Eight measurements of a tumour
#
# The data are 569 breast tumours, each with thirty measurements. We take eight, means over the cell nuclei: radius, texture, perimeter, area,
# smoothness, compactness, concavity, concave points. The class is 1 for malignant. We train on 100 and test on 469.
#
# The measurements are scaled with mean and deviation of the **training** tumours. `rows` turns the course's arrays
# round, one example per row. They stay float64, so that your digits are those printed here.

# %% key="tumours-data"
data = tumours_split(100, np.random.default_rng(0))
x, y, x_test, y_test = (rows(part).to(device) for part in (data.x_train, data.y_train, data.x_test, data.y_test))
print("training", tuple(x.shape), tuple(y.shape), "  test", tuple(x_test.shape))
print(f"malignant in the test: {y_test.mean():.2f}")

# %% [markdown] key="training"
# The training loop has four lines, always the same: forget the old gradients, run forward to the cost, run
# backward, take a step.

# %% key="training-loop"
with seeded(0):
    model = Model().to(device, torch.float64)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for step in range(1, 101):
        optimizer.zero_grad()
        cost = functional.binary_cross_entropy_with_logits(model(x), y)
        cost.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step}: cost {cost.item():.1f}")

# %% [markdown] key="exercise-module-text"
# **Exercise 2.** Write `nn.Dropout` yourself. Every `nn.Module` has the attribute `self.training`, which is True or
# False. Use `torch.rand_like(x)` for random numbers from 0 to 1.

# %% key="exercise-module"
class MyDropout(nn.Module):
    """Drop with probability p in training and scale what stays; else hand x on."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        ### BEGIN SOLUTION
        if not self.training:
            return x
        mask = torch.rand_like(x) >= self.p
        return x * mask / (1 - self.p)
        ### END SOLUTION


# %% key="check-module"
check("dropout_module", MyDropout)

# %% [markdown] key="modes"
# ## 2 train() and eval()
#
# A module is in one of two modes. A new one is in training mode. `model.eval()` puts it and all its parts into
# evaluation mode, and `model.train()` puts them back.
#
# **Predict:** the same test tumours go through the trained model twice, in training mode. How many of the outputs
# differ?

# %% key="modes-guess"
guess("modes-differ")

# %% key="modes-twice"
def share_that_differs(model):
    with torch.no_grad():
        return (model(x_test) != model(x_test)).double().mean().item()


with seeded(1):
    in_training = share_that_differs(model.train())
    in_evaluation = share_that_differs(model.eval())

print(f"in evaluation mode: {in_evaluation:.0%}")
outcome("modes-differ", 100 * in_training)

# %% [markdown] key="no-grad"
# Every output depends on all 60 units. To come out the same, a tumour would have to draw the same mask twice.
#
# Both times we were inside `torch.no_grad()`. It says that no gradients are needed, which saves memory and time. It
# has **nothing** to do with dropout: that is the mode's business.
#
# ### What a forgotten eval() costs
#
# Suppose you forget `eval()`. No error, no warning. So we measure: the test tumours once as it should be, and 200 times
# in training mode.
#
# **Predict:** how many of the 469 tumours will be called malignant in some of the passes and benign in others? Count
# a tumour only if each diagnosis comes up in at least 5 % of the passes.

# %% key="forgotten-guess"
guess("both-diagnoses")

# %% key="forgotten"
with torch.no_grad(), seeded(2):
    z_eval = model.eval()(x_test)
    passes = torch.stack([model.train()(x_test) for _ in range(200)])  # (200, 469, 1)

malignant = passes > 0
accuracy_eval = ((z_eval > 0) == y_test).double().mean()
accuracies = (malignant == y_test).double().mean(dim=(1, 2))  # (200,), one for each pass
print(f"eval()     accuracy {accuracy_eval:.2f}")
print(f"forgotten  accuracy {accuracies.mean():.2f} on average, from {accuracies.min():.2f} to {accuracies.max():.2f}")

share = malignant.double().mean(dim=0)  # (469, 1), how often each tumour was called malignant
undecided = (share >= 0.05) & (share <= 0.95)
outcome("both-diagnoses", undecided.sum().item())

# %% [markdown] key="forgotten-text"
# The average barely moves. But between the best and the worst pass lie three points, by luck alone. And about 30
# people could get either diagnosis; from one pass to the next some ten of them change.
#
# Look at eight tumours near the border. Each dot is the probability of one pass in training mode.

# %% key="forgotten-figure"
from course_utils.figures.repeats import repeat_figure

border = torch.argsort(z_eval[:, 0].abs())[:40:5]  # eight of the forty nearest to the border
chances = torch.sigmoid(passes[:, border, 0]).T  # (8, 200)

repeat_figure(
    chances.cpu().numpy(),
    torch.sigmoid(z_eval[border, 0]).cpu().numpy(),
    [f"tumour {i}" for i in range(1, 9)],
    "probability that it is malignant",
)

# %% [markdown] key="forgotten-digits"
# That network is small and drops in one layer. Now take a 64-256-256-10 network for handwritten digits, with `p` 0.2 on
# the input and 0.5 on both hidden layers.
#
# **Predict:** you forget `eval()` again. How many points of accuracy does it cost on average?

# %% key="forgotten-digits-guess"
guess("digits-lose")

# %% key="forgotten-digits-run"
from course_utils.pytorch.digits import digit_network

digit_model, digits = digit_network(0, p_input=0.2, p_hidden=0.5)
images, classes = rows(digits.x_test).to(device), rows(digits.y_test).argmax(dim=1).to(device)


def digit_score(model):
    return (model(images).argmax(dim=1) == classes).double().mean().item()


with torch.no_grad(), seeded(0):
    whole = digit_score(digit_model.eval())
    forgotten = np.array([digit_score(digit_model.train()) for _ in range(30)])

print(f"eval() {whole:.2f}   forgotten {forgotten.mean():.2f} on average, at best {forgotten.max():.2f}")
outcome("digits-lose", 100 * (whole - forgotten.mean()))

# %% [markdown] key="forgotten-digits-text"
# Not one of the 30 passes reaches the whole network. Is that this network's bad luck? The same was done beforehand
# with eight seeds, by `python -m course_utils study forgotten_eval`. Each seed draws 200 of the same 1297 digits to
# train on, and weights and masks of its own. So the interval speaks of these digits, not of new ones.

# %% key="forgotten-seeds"
from course_utils.experiments import confidence_interval
from course_utils.experiments.studies import read_study

lost = read_study("forgotten_eval").values
for name in ("mean of 30 passes", "best of 30 passes"):
    mean, half = confidence_interval(100 * lost[name])
    print(f"{name}: {mean:.1f} ± {half:.1f} points below eval()")

# %% [markdown] key="functional"
# No bad luck. In all eight networks even the best of 30 passes stays more than nine points below.
#
# ### Two more ways to drop
#
# Dropout also comes as a function. The first module below calls it. The second calls attention, which averages the rows of
# `v` with weights that add up to 1, and can drop some of these weights.

# %% key="functional-code"
class FunctionalDropout(nn.Module):
    def forward(self, a):
        return functional.dropout(a, 0.4)


class Attention(nn.Module):
    def forward(self, v):
        equal = torch.zeros_like(v)  # queries and keys
        return functional.scaled_dot_product_attention(equal, equal, v, dropout_p=0.1)


# %% [markdown] key="functional-predict"
# Queries and keys are zero, so all weights are equal before any are dropped. `v` will be the identity matrix: then what
# comes out **is** the 100 × 100 weights.
#
# **Predict:** both modules are put into evaluation mode. What share of each output is zero?

# %% key="functional-guess"
guess("functional-zeros")

# %% key="functional-run"
with seeded(0):
    for module, given in ((FunctionalDropout(), torch.ones(10_000)), (Attention(), torch.eye(100)[None])):
        out = module.eval()(given.to(device))
        print(f"{type(module).__name__:17} zeros after eval(): {(out == 0).double().mean():.2f}")

outcome("functional-zeros")

# %% [markdown] key="functional-text"
# As many as in training. `eval()` speaks to modules: it sets their attribute `training`. A function has no mode. By default `functional.dropout` takes `training=True`, and attention's
# `dropout_p` has no switch at all: it drops whenever it is above 0. So you pass the mode on yourself,
#
# ```python
# functional.dropout(a, 0.4, training=self.training)
# functional.scaled_dot_product_attention(q, k, v, dropout_p=0.1 if self.training else 0.0)
# ```
#
# or use modules, `nn.Dropout` and `nn.MultiheadAttention`, made in `__init__`: they hear `eval()`.
#
# **Exercise 3.** Write `evaluate(model, x)`: the output of the whole network, without gradients. Leave the model in
# the mode in which you got it: in the middle of training it must go on training.

# %% key="exercise-evaluate"
def evaluate(model, x):
    """Return the model's output without dropout and without gradients; keep its mode."""
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    with torch.no_grad():
        out = model(x)
    model.train(was_training)
    return out
    ### END SOLUTION


# %% key="check-evaluate"
check("evaluate", evaluate)

# %% [markdown] key="numpy"
# ## 3 The same numbers as NumPy
#
# Is PyTorch's dropout the dropout of chapter 02? Give both the same weights and the **same masks**, and compare the
# gradients. Our `Network` takes masks in place of `nn.Dropout`'s own. It is the same 8-60-4-1.

# %% key="numpy-compare"
rng = np.random.default_rng(0)
parameters = initialize_parameters([8, 60, 4, 1], rng, "xavier")
keep_prob = [1.0, 0.6, 1.0]  # input, 60 units, 4 units
masks = draw_masks([8, 60, 4, 1], 100, keep_prob, rng)

z, cache = forward(data.x_train, parameters, activation="sigmoid", keep_prob=keep_prob, masks=masks)
ours = backward(data.y_train, parameters, cache)

network = to_torch(parameters, "sigmoid", keep_prob).to(device)
functional.binary_cross_entropy_with_logits(network(x, masks), y).backward()
theirs = gradients(network)

worst = max(np.abs(ours[name] - theirs[name]).max() / np.abs(ours[name]).max() for name in ours)
print("gradients agree to 12 digits:", worst < 1e-12)

# %% [markdown] key="numpy-text"
# Two programs, one with derivatives written by hand and one with autograd, agree to twelve digits. So what you know
# from NumPy about the steps of dropout holds here.
#
# A practical point: from one seed a GPU draws other masks than a CPU. Masks drawn by NumPy are the same everywhere, so
# the training runs of sections 4, 6 and 7 use them.

# %% [markdown] key="decay"
# ## 4 What weight_decay means
#
# The course's L2 adds $\frac{\lambda}{2m}\sum W^2$ to the cost, so $\frac{\lambda}{m} W$ to the gradient. PyTorch's
# optimizers take an argument `weight_decay`. For SGD the documentation says: `weight_decay` times the parameter is
# added to its gradient. So the two should be the same if
#
# $$\text{weight\_decay} = \frac{\lambda}{m}.$$
#
# Train for 200 steps with dropout, once in NumPy with $\lambda = 2$ and once in PyTorch with `weight_decay` 0.02. There are
# $m = 100$ examples, and the masks are the same.

# %% key="decay-ways"
from course_utils import training
from course_utils.optimizers import Adam, GradientDescent
from course_utils.pytorch.training import train

LAMBD, M = 2.0, 100


def numpy_weights(optimizer, steps=200):
    settings = {"activation": "sigmoid", "keep_prob": keep_prob, "lambd": LAMBD, "optimizer": optimizer}
    rng = np.random.default_rng(1)  # draws the masks
    return training.train(data.x_train, data.y_train, parameters, rng=rng, steps=steps, **settings).parameters


def torch_weights(make_optimizer, steps=200):
    network, rng = to_torch(parameters, "sigmoid", keep_prob).to(device), np.random.default_rng(1)
    return train(data.x_train, data.y_train, network, make_optimizer(network), rng=rng, steps=steps).parameters


# %% key="decay-sgd"
def differences(first, second):
    return {name: np.abs(first[name] - second[name]).max() for name in first}


def sgd_of_all(net):
    return torch.optim.SGD(net.parameters(), lr=0.5, weight_decay=LAMBD / M)


sgd_numpy, sgd_all = numpy_weights(GradientDescent(0.5)), torch_weights(sgd_of_all)
print(f"largest difference after 200 steps: {max(differences(sgd_numpy, sgd_all).values()):.1f}")

# %% [markdown] key="decay-predict"
# They differ, and by far more than rounding. Yet the formula is right. To find out where it begins, stop after two steps.
#
# **Predict:** which of `W1 b1 W2 b2 W3 b3` differ then?

# %% key="decay-guess"
guess("first-to-differ")

# %% key="decay-first"
early = differences(numpy_weights(GradientDescent(0.5), steps=2), torch_weights(sgd_of_all, steps=2))
print({name: "differs" if difference > 1e-12 else "equal" for name, difference in early.items()})
outcome("first-to-differ")

# %% [markdown] key="decay-biases"
# It begins with the **biases**, which `net.parameters()` holds too; from there it spreads. Our L2 leaves them alone. There are few of them, and shrinking one merely shifts its unit's threshold. To spare
# them is a custom, and for the output's bias a good one (chapter 03).
#
# PyTorch lets you give an optimizer **groups** of parameters, each with its own settings:
#
# ```python
# torch.optim.SGD([{"params": weights, "weight_decay": 0.02}, {"params": biases, "weight_decay": 0.0}], lr=0.5)
# ```
#
# **Exercise 4.** Return such a list for any model. In a linear layer a weight has two axes and a bias has one: `parameter.ndim`. What
# has fewer than two, biases and the scales of normalization layers, is usually spared.

# %% key="exercise-groups"
def decay_groups(model, weight_decay):
    """Return two parameter groups: weights that decay and biases that do not."""
    ### BEGIN SOLUTION
    weights = [parameter for parameter in model.parameters() if parameter.ndim >= 2]
    biases = [parameter for parameter in model.parameters() if parameter.ndim < 2]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0.0}]
    ### END SOLUTION


# %% key="check-groups"
check("decay_groups", decay_groups)

# %% [markdown] key="decay-groups-text"
# The package has the same function. With it, the two agree.

# %% key="decay-sgd-groups"
from course_utils.pytorch import regularization

groups = regularization.decay_groups
sgd_torch = torch_weights(lambda net: torch.optim.SGD(groups(net, LAMBD / M), lr=0.5))
print("after 200 steps equal to 12 digits:", max(differences(sgd_numpy, sgd_torch).values()) < 1e-12)

# %% [markdown] key="decay-adam"
# Now the same with Adam. Two of PyTorch's kinds of it matter here: `Adam` and `AdamW`.
#
# **Predict:** which of the two is NumPy's Adam with L2 in the cost?

# %% key="decay-adam-guess"
guess("decay-adam")

# %% key="decay-adam-run"
adam_numpy = numpy_weights(Adam(0.02))
adam_torch = torch_weights(lambda net: torch.optim.Adam(groups(net, LAMBD / M), lr=0.02))
adamw_torch = torch_weights(lambda net: torch.optim.AdamW(groups(net, LAMBD / M), lr=0.02))


def size(weights):
    return np.sqrt(sum(np.sum(weights[name] ** 2) for name in ("W1", "W2", "W3")))


for name, found in (("Adam", adam_torch), ("AdamW", adamw_torch)):
    difference = max(differences(adam_numpy, found).values())
    print(f"{name:5}  equal to 8 digits: {difference < 1e-8}   size of all weights: {size(found):.1f}")
outcome("decay-adam")

# %% [markdown] key="decay-why"
# The same number 0.02, and here weights about five times as large. `Adam` adds `weight_decay · W` to the gradient: that
# is L2. `AdamW` takes `lr · weight_decay · W` from the weight itself, beside the gradient. Loshchilov and Hutter call
# that *decoupled* weight decay. In their paper the decay is not multiplied by the learning rate, only by the factor of its
# schedule; in PyTorch it is. So if you halve `lr`, PyTorch's AdamW decays half as fast.
#
# The paper has an SGDW too, and PyTorch has none. Without momentum nobody needs it: a step along `weight_decay · W` **is** a decay. Try
# it on one weight whose data ask for nothing, so that the penalty alone pulls. Once it is in the gradient, once the
# weight shrinks beside the step.
#
# **Predict:** do both ways take the same steps without momentum? And with momentum 0.9?

# %% key="decay-momentum-guess"
guess("decay-momentum")

# %% key="decay-momentum"
def what_is_left(momentum, beside):
    w = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01, momentum=momentum, weight_decay=0.0 if beside else 0.1)
    for _ in range(200):
        w.grad = torch.zeros_like(w)  # of the data
        if beside:
            w.detach().mul_(1 - 0.01 * 0.1)
        optimizer.step()
    return w.item()


for momentum in (0.0, 0.9):
    left = what_is_left(momentum, beside=False), what_is_left(momentum, beside=True)
    print(f"momentum {momentum}: weight_decay leaves {left[0]:.2f}, a decay beside the step {left[1]:.2f}")
outcome("decay-momentum")

# %% [markdown] key="decay-momentum-text"
# Momentum keeps a velocity, the sum of many gradients. What the penalty puts into them adds up as well, to
# $1/(1 - 0.9) = 10$ times as much. So `weight_decay` of SGD is L2 with or without momentum, but only without it a decay
# of that size.
#
# Adam goes further. It divides every gradient by its recent size, each weight by its own, and what L2 has added is
# divided too. What does that do to two weights? Here are PyTorch's own optimizers, with 0.1 as
# `weight_decay`. Both weights begin at 1, and each gradient just flips its sign at every step: ± 10 for one weight,
# ± 0.1 for the other.
#
# **Predict:** which weight decays faster under Adam?

# %% key="decay-which-guess"
guess("decay-which")

# %% key="decay-two-weights"
def two_weights(kind):
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    optimizer = kind([w], lr=0.01, weight_decay=0.1)
    for step in range(400):
        w.grad = (-1) ** step * torch.tensor([10.0, 0.1], dtype=torch.float64)
        optimizer.step()
    return w.detach().numpy()


adam, adamw = two_weights(torch.optim.Adam), two_weights(torch.optim.AdamW)
print(f"Adam   large gradients {adam[0]:.1f}   small gradients {adam[1]:.1f}")
print(f"AdamW  large gradients {adamw[0]:.1f}   small gradients {adamw[1]:.1f}")
outcome("decay-which")

# %% [markdown] key="decay-table"
# Under Adam, the weight with large gradients is hardly punished. Under AdamW both decay alike.
#
# | optimizer | `weight_decay` is | equal to our L2 with $\lambda/m$? |
# |---|---|---|
# | `SGD` | L2, and decay as well | yes, to 12 digits |
# | `SGD` with momentum | L2 in the gradient | yes, but not a decay beside it |
# | `Adam` | L2 in the gradient | yes, but L2 acts unevenly under Adam |
# | `AdamW` | decay beside the gradient | no: choose its strength again |

# %% [markdown] key="l1"
# ## 5 L1 and max-norm
#
# No optimizer has an argument for L1. You add it to the cost yourself, $\frac{\lambda_1}{m} \sum |W|$, and autograd
# does the rest.
#
# **Exercise 5.** Return $\sum |W|$ over all weights of a model, those with two axes or more. It must be a tensor that
# `backward()` can go through: no `.item()`, no NumPy.

# %% key="exercise-l1"
def l1_norm(model):
    """Return the sum of |W| over all weights, not over biases, as a tensor."""
    ### BEGIN SOLUTION
    return sum(parameter.abs().sum() for parameter in model.parameters() if parameter.ndim >= 2)
    ### END SOLUTION


# %% key="check-l1"
check("l1_norm", l1_norm)

# %% [markdown] key="l1-text"
# With this sum in the cost autograd trains with L1, but no weight becomes exactly zero. Chapter 03 shows why: however
# small $W$ is, the derivative of $|W|$ is +1 or −1, so a step carries the weight across zero. Its remedy is the
# proximal step, and in PyTorch that is four lines. Leave L1 out of the cost, and after each `optimizer.step()` move
# every weight towards zero and **stop there** (for SGD without momentum; with momentum or Adam this λ₁ has another
# strength, so choose it again):
#
# ```python
# with torch.no_grad():
#     for W in weights:
#         shrunk = (W.abs() - lr * lambd1 / m).clamp(min=0)
#         W.copy_(W.sign() * shrunk)
# ```
#
# ### Max-norm
#
# The third kind of regularizer is not a penalty but a limit. A row of a weight matrix holds the weights that come into
# one unit. After each step, every row longer than $c$ is scaled back to length $c$. Shorter rows stay as they are.
#
# **Exercise 6.** Do this for all weight matrices of a model, in place. You will need `torch.no_grad()`, since
# autograd does not allow weights to change while it watches, and
# `torch.linalg.vector_norm(W, dim=1, keepdim=True)`, which has shape (rows, 1).

# %% key="exercise-max-norm"
def clip_rows(model, c):
    """Scale rows of weights that are longer than c back to c, in place."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        for W in model.parameters():
            if W.ndim >= 2:
                lengths = torch.linalg.vector_norm(W, dim=1, keepdim=True)
                W.mul_((c / lengths).clamp(max=1))
    ### END SOLUTION


# %% key="check-max-norm"
check("clip_rows", clip_rows)

# %% [markdown] key="max-norm-text"
# The package's `clip_max_norm` at work: the same model as in section 1, trained with and without it.
#
# **Predict:** how many of the 60 rows of the first layer will have exactly the length 2, the limit?

# %% key="max-norm-guess"
guess("max-norm-rows")

# %% key="max-norm-run"
def row_lengths(c):
    with seeded(0):
        model = Model().to(device, torch.float64)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
        for _ in range(100):
            optimizer.zero_grad()
            functional.binary_cross_entropy_with_logits(model(x), y).backward()
            optimizer.step()
            regularization.clip_max_norm(model, c)
    return torch.linalg.vector_norm(model.l1.weight.detach(), dim=1)


free, limited = row_lengths(1000.0), row_lengths(2.0)
print(f"longest row: without limit {free.max():.1f}, with limit {limited.max():.1f}")
outcome("max-norm-rows", (limited > 2.0 - 1e-9).sum().item())

# %% [markdown] key="live"
# ## 6 Your turn: a live network and a model of your own
#
# The network behind this figure is a PyTorch one, trained again at every move: 2-64-64-1 on the noisy points of
# chapter 02, Adam or AdamW with learning rate 0.02.
#
# 1. Raise `p` from 0 to 0.5, then to 0.9. Compare with what `keep_prob` did in chapter 02.
# 2. Press *L2*, then *the same decay, AdamW*. What happens to the histogram?
# 3. Stay with AdamW and push `weight_decay` to its end. Does the boundary let go of the wrong labels?

# %% key="live-trainer"
from course_utils.live.pytorch_quadrants import pytorch_trainer

pytorch_trainer(p=0.0)

# %% [markdown] key="exercise-model-text"
# <details><summary>What you should have seen</summary>
#
# 1. At 0.5 the boundary lets go of the wrong labels, as in chapter 02. At 0.9 hardly anything is left to learn with:
#    `p` counts the other way round, and `keep_prob` 0.9 was harmless.
# 2. L2 turns the histogram into a needle at zero. AdamW with the same number leaves it wide.
# 3. No. Even at the end of the slider the training points are learned by heart: 0.1 is little for AdamW, since it is
#    multiplied by the learning rate.
#
# </details>
#
# ### A model of your own
#
# **Open task, Exercise 7.** Only the contract is given. Write `make_model(sizes, keep_prob)`. For example `sizes`
# `[2, 64, 64, 1]` means two inputs, two hidden layers of 64 units, and one output. The model that you return
#
# - has a linear layer between any two neighbours in `sizes`, and an activation of your choice in the hidden layers;
# - in training keeps each hidden unit with probability `keep_prob`, and all inputs and outputs;
# - is the whole network in evaluation mode;
# - returns logits, one row for each example.
#
# A class, `nn.Sequential`, dropout as a module or as a function: all will do. The check also trains your model, on 300
# noisy points, and asks for three quarters of the unseen ones.

# %% key="exercise-model"
def make_model(sizes, keep_prob):
    """Return a network of these sizes that drops hidden units in training."""
    ### BEGIN SOLUTION
    model = nn.Sequential()
    for n, n_out in pairwise(sizes[:-1]):
        model.extend([nn.Linear(n, n_out), nn.ReLU(), nn.Dropout(1 - keep_prob)])
    return model.append(nn.Linear(sizes[-2], sizes[-1]))
    ### END SOLUTION


# %% key="check-model"
check("make_model", make_model)

# %% [markdown] key="digits"
# ## 7 Digits: which helps?
#
# In 2014 Srivastava and others compared regularizers on MNIST with 60 000 training digits. Their Table 9 gives these
# test errors for one and the same architecture:
#
# | method | test error, % |
# |---|---|
# | L2 | 1.62 |
# | L2, and L1 towards the end of training | 1.60 |
# | L2 + KL sparsity | 1.55 |
# | max-norm | 1.35 |
# | dropout + L2 | 1.25 |
# | dropout + max-norm | 1.05 |
#
# Here is a similar comparison at a size your laptop can run: **200** training digits of 8 × 8 pixels, a network
# 64-256-256-10, ten seeds. Each seed draws its 200 from the same 1297 digits, tests on the rest, and trains six
# networks from the same weights. What counts is the **difference** to the first. The optimizer is SGD with momentum
# 0.9, so `weight_decay` is L2 here, and not a decay.
#
# ### First the strengths
#
# A method with a badly chosen strength loses to any other. So the strengths were chosen beforehand, by
# `python -m course_utils study digit_strengths`, on 500 other digits: 200 to train, 300 to try, eight seeds. The best
# mean on those 300 wins. The digits of the test have no part in it. This is the whole grid; dropout's `p` on the input was not tried, it is the
# paper's 0.2.

# %% key="digits-strengths"
tried = {}
for name, accuracies in read_study("digit_strengths").values.items():  # "L2 0.003": (8,), one for each seed
    method, value = name.rsplit(" ", 1)
    tried.setdefault(method, {})[value] = 100 * accuracies


def mark(accuracies, best):
    mean, half = confidence_interval(best - accuracies)  # in pairs
    return "*" if accuracies is best else "~" if mean - half <= 0 else " "


print("accuracy on the 300 digits, %; * is the best, ~ cannot be told from it")
for method, row in tried.items():
    best = max(row.values(), key=np.mean)
    print(f"{method:18}", "  ".join(f"{value}: {one.mean():.1f}{mark(one, best)}" for value, one in row.items()))


# %% [markdown] key="digits-strengths-text"
# Near the best each row is flat: at least one neighbour cannot be told from it. Further away L1, L2 and dropout lose
# two to three points. Dropout's rate was chosen first, and the two combinations keep it.
#
# Look at the limits of max-norm. With 3 and with 4 the accuracies are those of dropout alone, seed by seed: no row of
# weights gets that long. Tighter limits are not better here. So the rule leaves max-norm nothing to do.
#
# ### Then the comparison
#
# **Predict:** how much of the error without regularization will the best of the six take away?
#
# Training the 60 networks takes about a minute, so it was done beforehand, by
# `python -m course_utils study digit_regularizers`. The next cell reads the results and trains one of the networks
# again, for you to compare.

# %% key="digits-guess"
guess("digits-best")

# %% key="digits-run"
from course_utils.pytorch.digits import digit_accuracy

study = read_study("digit_regularizers")
methods = study.settings
for name, settings in methods.items():
    print(f"{name:19}", settings)
errors = {name: 1 - accuracies for name, accuracies in study.values.items()}  # (10,) each, one for each seed

then, now = errors["dropout + L2"][0], 1 - digit_accuracy(seed=0, **methods["dropout + L2"])
print(f"error of dropout + L2 with the first seed {100 * then:.0f} %, trained again {100 * now:.0f} %")

# %% key="digits-table"
gains = {name: 100 * (errors["none"] - errors[name]) for name in methods if name != "none"}  # points, paired
intervals = {name: confidence_interval(values) for name, values in gains.items()}

without = 100 * errors["none"].mean()
print(f"error without regularization: {without:.1f} %")
for name, (mean, half) in intervals.items():
    print(f"{name:19} {mean:4.1f} ± {half:.1f} points less")
outcome("digits-best", 100 * max(mean for mean, half in intervals.values()) / without)

# %% key="digits-figure"
from course_utils.figures.differences import difference_figure

difference_figure(gains, intervals, "points of error less than without regularization", digits=1)

# %% [markdown] key="digits-text"
# Dropout helps, alone and with L2: both intervals lie above 0.8 points. Alone it takes away about a fifth of the error,
# with an interval from an eighth to more than a quarter. Both help more than L2 alone, by a point on average, and the
# intervals of these differences lie above zero too.
#
# L2 takes away half a point. The interval of L1 holds zero: it may have done nothing. L2 beside dropout adds a sixth of
# a point, and the interval of that holds zero as well. And dropout + max-norm **is** dropout, seed by seed: its limit
# was never reached.

# %% [markdown] key="digits-paper-text"
# Now beside the paper. There dropout + L2 makes 23 % fewer errors than L2. Here it is about a sixth, and our interval holds
# the 23 %. The paper's max-norm we have not tested, since ours had nothing to do. Do not compare the errors themselves:
# they had 300 times as many training digits, larger pictures and larger networks.

# %% [markdown] key="mnist"
# ### At the paper's size
#
# So we trained the paper's networks, too: 784-1024-1024-1024-10 with ReLU, on all 60 000 digits of MNIST. One without
# dropout, one with it (`p` 0.2 on the pixels, 0.5 on the units), and one with max-norm 2 besides, three seeds each. The
# learning rate and the limit were chosen beforehand, on 10 000 of the training digits. The 60 epochs are what we had time
# for: `python -m course_utils study mnist` takes more than an hour of two processor cores.
#
# **Predict:** in the paper's Table 2 dropout makes 35 fewer errors on the 10 000 test digits, 125 in place of 160. How many
# fewer does it make here?

# %% key="mnist-guess"
guess("mnist-gap")

# %% key="mnist-run"
from course_utils.experiments.mnist import misses

mnist = read_study("mnist")
wrong = {name: 100 * misses(lists) for name, lists in mnist.wrong.items()}  # (10000,): % of the seeds, for each digit

print("errors on 10 000 digits, fewer than without dropout")
for name in ("dropout", "dropout + max-norm"):
    fewer, other_seeds = confidence_interval(100 * (mnist.values["none"] - mnist.values[name]))  # in pairs
    _, other_digits = confidence_interval(100 * (wrong["none"] - wrong[name]))
    print(f"{name:19} {fewer:.0f}   ± {other_seeds:.0f} for other seeds   ± {other_digits:.0f} for other digits")
outcome("mnist-gap", 100 * (mnist.values["none"] - mnist.values["dropout"]).mean())

# %% key="mnist-figure"
from course_utils.figures.papers import paper_figure

paper = {"none": 1.60, "dropout": 1.25, "dropout + max-norm": 1.06}
by_seeds = {name: confidence_interval(errors) for name, errors in mnist.values.items()}
by_digits = {name: confidence_interval(shares) for name, shares in wrong.items()}
paper_figure(mnist.values, by_seeds, by_digits, paper, "test error, %")

# %% [markdown] key="mnist-text"
# Dropout makes 24 fewer errors. That is a sixth of the 147 without it. Neither interval holds zero, and both hold the paper's
# 35. They answer different questions: would other first weights and masks have said the same, and would other digits? With
# three seeds the first can only be wide.
#
# Max-norm is another story. In the paper it saves 19 errors more. Ours saves 2, and both intervals of that hold zero
# and leave out the 19. At this limit, in 60 epochs, we did not see it.
#
# And look at the first row. The paper's 1.60 % are those of another network, with two layers of 800 logistic units (Simard
# and others, 2003). In its 35 errors there is more than dropout. Our first two rows differ in dropout alone.

# %% [markdown] key="mc"
# ## 8 Dropout as a measure of doubt
#
# In section 2 masks at test time were a mistake. Gal and Ghahramani turned it into a tool: leave dropout **on**,
# predict many times, and look at how far the predictions spread. They call it Monte Carlo dropout. The hope: where the
# network has seen data, the thinned networks agree, and where it has not, they say different things. (Theirs also has
# weight decay, and adds the noise of the data to the band. Our points have no noise, and we leave both out.)
#
# **Exercise 8.** Return mean and standard deviation of `samples` predictions with dropout on, without gradients. Put
# the mode back afterwards.

# %% key="exercise-mc"
def mc_predict(model, x, samples):
    """Return mean and standard deviation over predictions with dropout on, each of the shape of model(x)."""
    ### BEGIN SOLUTION
    was_training = model.training
    model.train()
    with torch.no_grad():
        out = torch.stack([model(x) for _ in range(samples)])
    model.train(was_training)
    return out.mean(dim=0), out.std(dim=0)
    ### END SOLUTION


# %% key="check-mc"
check("mc_predict", mc_predict)

# %% [markdown] key="mc-gap"
# The curve is the sine of chapter 02. We leave out all points with $x$ from 0.3 to 0.7 and train a network 1-128-128-1
# with `p` 0.1 on the rest.
#
# Each thin line is one thinned network: one mask for all $x$. The band is their mean ± 2 deviations, from 200 passes in
# which every point draws a mask of its own. On the right the same deviation, and beside it what nobody knows in
# earnest: how far the mean is from the true curve.

# %% key="mc-gap-run"
from course_utils.figures.band import BandFigure
from course_utils.pytorch.band import sine_band

band = sine_band(p=0.1, samples=200, gap="middle")
BandFigure(band).figure

# %% [markdown] key="mc-gap-text"
# In the gap this network's predictions spread more, and the true curve stays inside the band all the way. The network
# seems to know what it does not know. The next gap goes from 0.1 to 0.4.
#
# **Predict:** same `p`, same first weights. A band of ± 2 deviations that deserved its name would hold the truth in
# about 95 % of cases, counted over many curves. This gap is one case. In what part of it does the band hold the curve?

# %% key="mc-peak-guess"
guess("peak-held")

# %% key="mc-peak"
peak = sine_band(p=0.1, samples=200, gap="peak")
outcome("peak-held", 100 * peak.coverage[1])
BandFigure(peak).figure

# %% [markdown] key="mc-peak-text"
# This network cuts the peak off and is quite sure of it. All its thinned networks draw nearly the same roof, so they
# agree, and are wrong together.
#
# ### The same place, with its points and without
#
# Each picture shows one network, and the band may be wide in a gap for another reason than the missing points. A fair
# pair looks at **the same** $x$ twice. One network has been trained on the points there, the other starts from the same
# weights and has not. Ten seeds were run beforehand, by `python -m course_utils study mc_gaps`.
#
# **Predict:** take the points of the peak away. How many times as large will the error there be, the distance of the
# mean from the true curve? (Look at the deviation, too, when you see the result: does it keep up?)

# %% key="mc-pairs-guess"
guess("peak-error")

# %% key="mc-pairs"
bands = read_study("mc_gaps").values


def seen_and_unseen(measure, gap, p="0.1"):
    """Return a measure in a gap, (10,) with its points trained on and (10,) without, pair by pair."""
    return bands[f"{measure}, p {p}, {gap}, without none"], bands[f"{measure}, p {p}, {gap}, without {gap}"]


for gap in ("middle", "peak"):
    print(f"{gap:9}  with points   without   difference of pairs")
    for measure in ("deviation", "error"):
        seen, unseen = seen_and_unseen(measure, gap)
        mean, half = confidence_interval(unseen - seen)
        print(f"  {measure:9}       {seen.mean():.1f}       {unseen.mean():.1f}      {mean:.1f} ± {half:.1f}")
    seen, unseen = seen_and_unseen("coverage", gap)
    print(f"  curve in the band {seen.mean():4.0%}      {unseen.mean():3.0%}")

seen, unseen = seen_and_unseen("error", "peak")
outcome("peak-error", unseen.mean() / seen.mean())

# %% [markdown] key="mc-pairs-text"
# **In the middle** the deviation nearly doubles. The networks notice that something is missing. **Over the peak** it
# grows by a quarter, while the error becomes ten times as large, and the band loses four fifths of the curve.
#
# In the middle the error is less than one deviation, over the peak it is about three. (One gap is 0.4 wide, the other
# 0.3, so we do not compare their deviations with each other.)
#
# A straight line between the ends of the gap would miss the curve by 1.6 in the middle and by 5.9 over the peak: about
# as much as the networks do. So the error depends on what the curve does in the gap. Nobody has told the networks, and
# their spread cannot know it.
#
# One setting is left, `p`. All points are there again.
#
# **Predict:** what becomes of the deviation? And would a larger `p` save the peak?

# %% key="mc-p-guess"
guess("p-width")

# %% key="mc-p"
for p in ("0.02", "0.1", "0.5"):
    mean, half = confidence_interval(bands[f"deviation, p {p}, all, without none"])
    _, unseen = seen_and_unseen("coverage", "peak", p)
    print(f"p {p:4}: deviation {mean:.2f} ± {half:.2f}   of a peak left out the band holds {unseen.mean():.0%}")
outcome("p-width")

# %% [markdown] key="mc-calibration"
# So Monte Carlo dropout **may or may not notice** that data are missing. And it is **not calibrated**: the width is no
# promise about the error. Before you rely on it, check it on data that you held back and that are like those you will
# meet, and tune `p` there.
#
# Others have seen this from theory. Osband (2016) shows that the spread of dropout need not shrink when more data come
# in. Foong and others (2019) prove that with one hidden layer there are cases in which it cannot grow much between two
# groups of points. With more layers, such as ours, it could, they prove; in their experiments it may still fail to.
#
# ### Your turn: move p and the number of samples
#
# 1. Take 2 samples, then 10, then 200. What changes, and what does not?
# 2. Press *wrong and sure*. Is there any `p` at which the band holds the peak? What becomes of the fit on the data?
# 3. Set the gap to *none*. Is there still a band? Where does it come from?

# %% key="live-mc"
from course_utils.live.band import mc_dropout_band

mc_dropout_band(p=0.1)

# %% [markdown] key="live-mc-answers"
# <details><summary>What you should have seen</summary>
#
# 1. With 2 samples the band is ragged, with 200 it is smooth. From 10 on it does not become narrower: more
#    samples measure the spread better, they do not make it smaller. (Two samples make it look a fifth too small.)
# 2. No `p` on this slider saves the peak. A larger one widens the band, on the data as well, and pulls the mean away
#    from the points.
# 3. Yes. It comes from the masks, not from missing data.
#
# </details>

# %% [markdown] key="recap"
# ## Recap
#
# | question | answer | where you saw it |
# |---|---|---|
# | What is `p`? | the probability to drop: 1 − `keep_prob` | 1 |
# | What does `eval()` do? | it switches `nn.Dropout` off; `no_grad()` does not | 2 |
# | What does forgetting it cost? | random predictions, on the digits twelve points of accuracy, and no warning | 2 |
# | What does not hear it? | `functional.dropout` and attention's `dropout_p`: pass `self.training` on | 2 |
# | Is it NumPy's dropout? | yes, with equal masks to twelve digits | 3 |
# | Is `weight_decay` L2? | for SGD and Adam yes, with λ/m; for AdamW no | 4 |
# | Is L2 a decay of the weights? | for SGD without momentum yes; with momentum or Adam no | 4 |
# | And the biases? | they decay too, unless you make groups | 4 |
# | How does L1 reach zero? | not through autograd: by a proximal step after the optimizer's | 5 |
# | Which regularizer helps? | here dropout, by 1.5 ± 0.6 points; other data may answer otherwise | 7 |
# | What is Monte Carlo dropout? | the spread of predictions with masks: it may or may not notice missing data | 8 |
#
# How well did you guess?

# %% key="calibration"
calibration("04")

# %% [markdown] key="read-on"
# ### Read on
#
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov,
#   [*Dropout: a simple way to prevent neural networks from
#   overfitting*](https://jmlr.org/papers/v15/srivastava14a.html), JMLR 15 (2014), 1929–1958. Table 9 is in section 6.5.
# - Y. Gal, Z. Ghahramani,
#   [*Dropout as a Bayesian approximation: representing model uncertainty in deep
#   learning*](https://arxiv.org/abs/1506.02142), ICML 2016.
# - I. Osband, *Risk versus uncertainty in deep learning: Bayes, bootstrap and the dangers of dropout*, NIPS 2016
#   workshop on Bayesian deep learning.
# - A. Foong, D. Burt, Y. Li, R. Turner,
#   [*On the expressiveness of approximate inference in Bayesian neural networks*](https://arxiv.org/abs/1909.00719),
#   arXiv 2019, NeurIPS 2020.
# - I. Loshchilov, F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019.
# - PyTorch's pages on [nn.Dropout](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html),
#   [Module.eval](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval),
#   [functional.dropout](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html),
#   [SGD](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html) and
#   [AdamW](https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html).
# - The data: W. Wolberg, O. Mangasarian, N. Street, W. Street,
#   [*Breast Cancer Wisconsin (Diagnostic)*](https://doi.org/10.24432/C5DW2B), UCI Machine Learning Repository (1993),
#   CC BY 4.0.
#
# Next: [05 Bug clinic](05_bug_clinic.ipynb), where all of this goes wrong on purpose.
