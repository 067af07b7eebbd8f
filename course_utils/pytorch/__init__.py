"""The same network in PyTorch, and the way between both: the only part of the course that imports torch.

PyTorch keeps one example per row where the course keeps one per column, and drops with p where the course keeps with
keep_prob. Both are turned here and nowhere else.
"""

from course_utils.pytorch.conversion import from_torch, gradients, rows, to_torch
from course_utils.pytorch.network import ACTIVATIONS, COST_FUNCTIONS, Network, compute_cost

__all__ = ["ACTIVATIONS", "COST_FUNCTIONS", "Network", "compute_cost", "from_torch", "gradients", "rows", "to_torch"]
