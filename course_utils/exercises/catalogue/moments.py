"""Beliefs about means and variances under dropout."""

from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["MISCONCEPTIONS"]

MISCONCEPTIONS = (
    Misconception(
        "variance-without-scale",
        belief="The variance of a dropped value is q (1 - q) x², as for the mask.",
        sign="The answer is the variance of x · mask, q² times the right one.",
        message="This is the variance without scaling. Dividing by keep_prob divides the variance by keep_prob².",
        hint="Var(c X) = c² Var(X). What is c here?",
        second_hint="Divide q (1 - q) by q².",
    ),
    Misconception(
        "variance-half-scaled",
        belief="Dividing a value by q divides its variance by q, or the factor is 1 - q.",
        sign="The answer has the factor 1 - q for (1 - q) / q.",
        message="A factor 1 / keep_prob is missing: the factor is (1 - q) / q.",
        hint="At small q the few values left are large. Should the variance stay below x²?",
        second_hint="E[(r x / q)²] = x² / q, since r² = r and E[r] = q.",
    ),
    Misconception(
        "deviation-for-variance",
        belief="Variance and standard deviation are two words for one thing.",
        sign="The answer is the square root of the right one.",
        message="This is the standard deviation: the variance is its square.",
        hint="Which unit should the result have, that of x or that of x²?",
        second_hint="Leave the square root out.",
    ),
    Misconception(
        "square-of-mean-kept",
        belief="The variance is the mean of the square.",
        sign="The answer is x² / q.",
        message="This is the mean of the square, E[(r x / q)²]. The square of the mean is still in it.",
        hint="Should the variance be 0 when nothing is dropped? Try q = 1.",
        second_hint="Var[X] = E[X²] - (E[X])²: subtract x².",
    ),
    Misconception(
        "square-missing",
        belief="The variance grows like x.",
        sign="The answer has x where x² belongs.",
        message="x is not squared.",
        hint="Can a variance be negative? Try x = -2.",
        second_hint="Var(c m) = c² Var(m): the factor x enters squared.",
    ),
)
