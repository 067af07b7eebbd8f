"""Exercises of chapter 05: find the lines that are wrong, fix some of them and a network, and write a test."""

from course_utils.exercises.bug_clinic.descent import examine_step
from course_utils.exercises.bug_clinic.gradients import examine_backward, examine_squares
from course_utils.exercises.bug_clinic.layers import examine_activation, examine_deep_network
from course_utils.exercises.bug_clinic.masks import examine_mask
from course_utils.exercises.bug_clinic.network import examine_network
from course_utils.exercises.bug_clinic.options import examine_one_forward, examine_training
from course_utils.exercises.bug_clinic.own_test import examine_test
from course_utils.exercises.bug_clinic.saturation import examine_cross_entropy, examine_sigmoid
from course_utils.exercises.bug_clinic.suspects import find
from course_utils.exercises.exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES = (
    find("find_b8"),
    Exercise("mended_b8", examine_one_forward),
    find("find_a9"),
    Exercise("mended_a9", examine_training),
    find("find_a3"),
    Exercise("mended_a3", examine_mask),
    find("find_b1"),
    Exercise("mended_b1", examine_step),
    find("find_b2"),
    find("find_a7"),
    Exercise("mended_a7", examine_cross_entropy),
    find("find_a4"),
    find("find_a5"),
    Exercise("mended_backward", examine_backward),
    find("find_a6"),
    find("cause_a6"),
    find("find_b7"),
    Exercise("mended_network", examine_network),
    Exercise("my_test", examine_test),
    find("find_a2"),
    find("find_a1"),
    find("find_b6"),
    Exercise("mended_b6", examine_activation),
    find("find_a8"),
    find("find_b3"),
    Exercise("mended_b3", examine_deep_network),
    find("find_b4"),
    Exercise("mended_b4", examine_squares),
    find("find_b5"),
    Exercise("mended_b5", examine_sigmoid),
    find("find_c1"),
)
