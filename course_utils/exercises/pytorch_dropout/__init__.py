"""Exercises of chapter 04: p, a module, evaluation, parameter groups, L1, max-norm, a model, Monte Carlo dropout.

``course_utils.pytorch`` loads torch, which every other chapter does without; so it is imported where a check runs, not
when these files are.
"""

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.pytorch_dropout.decay_groups import examine_groups
from course_utils.exercises.pytorch_dropout.evaluation import examine_evaluate
from course_utils.exercises.pytorch_dropout.l1_norm import examine_l1
from course_utils.exercises.pytorch_dropout.max_norm import examine_clip_rows
from course_utils.exercises.pytorch_dropout.mc_dropout import examine_mc
from course_utils.exercises.pytorch_dropout.model import examine_model
from course_utils.exercises.pytorch_dropout.module import examine_module
from course_utils.exercises.pytorch_dropout.rate import examine_p

__all__ = ["EXERCISES"]

EXERCISES = (
    Exercise("p_for_pytorch", examine_p),
    Exercise("dropout_module", examine_module),
    Exercise("evaluate", examine_evaluate),
    Exercise("decay_groups", examine_groups),
    Exercise("l1_norm", examine_l1),
    Exercise("clip_rows", examine_clip_rows),
    Exercise("make_model", examine_model),
    Exercise("mc_predict", examine_mc),
)
