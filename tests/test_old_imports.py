"""What notebooks of the first edition and its README import, and where: copies in readers' hands go on working."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.live import penalty_bowl
from course_utils.workshop import homework

LINES = """
from course_utils import training
from course_utils.activations import sigmoid
from course_utils.costs import accuracy, binary_cross_entropy, mean_squared_error, mean_squared_error_gradient
from course_utils.datasets import digits_split, noisy_quadrants, quadrants, seed_quadrants, sine, tumours_split
from course_utils.dropout import draw_mask, draw_masks, dropout
from course_utils.environment import show_environment
from course_utils.exercises import check, hint, solution
from course_utils.experiments import confidence_interval, digit_accuracy, over_seeds, quadrant_run
from course_utils.figures.band import BandFigure
from course_utils.figures.comparison import boundary_figure, cost_figure
from course_utils.figures.differences import difference_figure
from course_utils.figures.digit_images import digit_figure
from course_utils.figures.fits import fit_figure
from course_utils.figures.intervals import interval_figure
from course_utils.figures.lines import line_figure
from course_utils.figures.masks import mask_pictures
from course_utils.figures.predictions import gap_figure, prediction_figure
from course_utils.figures.repeats import repeat_figure
from course_utils.figures.shrinkage import shrinkage_figure
from course_utils.figures.style import large_type
from course_utils.figures.surfaces import surface_figure
from course_utils.figures.twin_weights import twin_figure
from course_utils.figures.validation import validation_figure
from course_utils.flat_training import train_flat
from course_utils.homework.submission import Piece, merged, parsed
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.live import (bug_clinic, keep_prob_trainer, lambda_trainer, mask_explorer, overfitting,
    penalty_bowl, playground)
from course_utils.live.mc_dropout import mc_dropout_band
from course_utils.live.pytorch_trainer import pytorch_trainer
from course_utils.mask_statistics import mask_statistics
from course_utils.network import backward, compute_cost, forward, initialize_parameters, predict
from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum
from course_utils.penalties import lambd_from, lambd_to, soft_threshold, weights
from course_utils.pytorch import gradients, regularization, rows, to_torch
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.experiments import digit_accuracy, digit_network, sine_band
from course_utils.pytorch.randomness import seeded
from course_utils.pytorch.training import train
from course_utils.quadratic import BOWL, QuadraticCost, penalized_bowl
from course_utils.studies import read_study
from course_utils.theory import (all_masks, averaging_errors, dropout_lambds, dropout_regression_cost,
    dropout_regression_weights, lambd_from_keep_prob, mask_probabilities, normalized_geometric_mean,
    preactivation_moments, ridge_weights, subnetwork_logits)
from course_utils.training import train
"""
OF_PYTORCH = ("pytorch", "mc_dropout")


@pytest.mark.parametrize("line", LINES.replace("\n    ", " ").strip().splitlines())
def test_a_line_of_the_first_edition(line):
    if any(word in line for word in OF_PYTORCH):
        pytest.importorskip("torch", reason="needs PyTorch")
    names = {}
    exec(line, names)
    assert len(names) > 1


def test_every_module_of_homework_is_found_where_it_stood():
    for path in sorted(Path(homework.__file__).parent.glob("[!_]*.py")):
        found = importlib.import_module(f"course_utils.homework.{path.stem}")
        assert Path(found.__file__) == path


def test_a_live_figure_has_the_names_that_it_had():
    figure = penalty_bowl(plain=True)
    assert figure.png() == figure.saved("png")
    start = figure.settings["lambd"]
    field = figure.controls["lambd"].field
    assert float(field.value) == start
    field.value = " 0,35 "
    assert (figure.settings["lambd"], field.value) == (0.35, "0.35")
    for text in ("NaN", "", "−1", "1e999", "much"):
        field.value = text
        assert figure.settings["lambd"] == 0.35
    assert "much" in figure.widget.status.value  # and it is said why
    assert set(figure.controls) == set(figure.settings)


@pytest.mark.parametrize("module", ["course_utils", "course_utils.lab"])
def test_a_command_of_the_first_edition(module):
    done = subprocess.run([sys.executable, "-m", module, "--help"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: python -m {module} ")
