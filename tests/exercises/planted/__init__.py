"""Answers planted for the checks: right ones in several styles, and wrong ones with the misconception each shows.

One file for each chapter, with two dicts by the exercise's name:

RIGHT   style -> answer, at least two
WRONG   a list of pairs: the id of the misconception, and an answer as somebody who believes it would write it
"""

import importlib
import importlib.util

CHAPTERS = ["dropout_theory", "numpy_dropout", "l2_backprop", "bug_clinic", "regularization_today"]
if importlib.util.find_spec("torch"):
    CHAPTERS.append("pytorch_dropout")
MODULES = [importlib.import_module(f"{__name__}.{chapter}") for chapter in CHAPTERS]
RIGHT = {name: answers for module in MODULES for name, answers in module.RIGHT.items()}
WRONG = {name: answers for module in MODULES for name, answers in module.WRONG.items()}
