"""Exercises of chapter 04: p, a dropout module, evaluation, parameter groups, L1, max-norm, and Monte Carlo dropout.

``course_utils.pytorch`` loads torch, which every other chapter does without; so it is imported where a check runs, not
when these files are.
"""

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.pytorch_dropout.decay_groups import examine_groups
from course_utils.exercises.pytorch_dropout.evaluation import examine_evaluate
from course_utils.exercises.pytorch_dropout.l1_norm import examine_l1
from course_utils.exercises.pytorch_dropout.max_norm import examine_clip_rows
from course_utils.exercises.pytorch_dropout.mc_dropout import examine_mc
from course_utils.exercises.pytorch_dropout.module import examine_module
from course_utils.exercises.pytorch_dropout.rate import examine_p

__all__ = ["EXERCISES"]

EXERCISES = (
    Exercise(
        "p_for_pytorch",
        examine_p,
        hint="keep_prob 0.8 keeps 80 of 100 units. Which probability does PyTorch want to know?",
        second_hint="[1 - keep_prob for keep_prob in keep_probs].",
    ),
    Exercise(
        "dropout_module",
        examine_module,
        hint="Two cases: in evaluation mode return x. In training mode draw a mask, multiply, and divide.",
        second_hint="mask = torch.rand_like(x) >= self.p, then x * mask / (1 - self.p), if self.training.",
    ),
    Exercise(
        "evaluate",
        examine_evaluate,
        hint="Four steps: remember the mode, eval(), run the model without gradients, set the mode back.",
        second_hint="was_training = model.training; model.eval(); with torch.no_grad(): out = model(x); "
        "model.train(was_training).",
    ),
    Exercise(
        "decay_groups",
        examine_groups,
        hint="Sort model.parameters() into two lists, by the number of axes.",
        second_hint='Return [{"params": weights, "weight_decay": weight_decay}, '
        '{"params": biases, "weight_decay": 0.0}].',
    ),
    Exercise(
        "l1_norm",
        examine_l1,
        hint="Go through model.parameters(), leave out what has one axis, and add up absolute values.",
        second_hint="sum(W.abs().sum() for W in model.parameters() if W.ndim >= 2).",
    ),
    Exercise(
        "clip_rows",
        examine_clip_rows,
        hint="For each weight: one length for each row, one factor for each row, and write into the weight.",
        second_hint="The factor is (c / lengths).clamp(max=1), of shape (rows, 1). W.mul_(factor), in torch.no_grad().",
    ),
    Exercise(
        "mc_predict",
        examine_mc,
        hint="Remember the mode, model.train(), stack as many outputs as asked for, set the mode back.",
        second_hint="out = torch.stack([model(x) for _ in range(samples)]) in torch.no_grad(); mean and std of dim 0.",
    ),
)
