"""Beliefs about random numbers: where they come from, and what makes a result repeatable."""

from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["MISCONCEPTIONS"]

MISCONCEPTIONS = (
    Misconception(
        "global-generator",
        belief="Random numbers come from np.random, wherever one is.",
        sign="A call moves the global random state of NumPy or Python.",
        message="Your function draws from the global generator, not from rng.",
        hint="Somebody who passes rng wants to repeat the result. Can they?",
        second_hint="Replace np.random.rand(...) and the like by rng.random(...).",
    ),
    Misconception(
        "own-generator",
        belief="A function may make a generator of its own.",
        sign="Two generators in the same state give different results, and no global state moves.",
        message="The same rng gives different results: your function makes a generator of its own.",
        hint="Where does your function get its random numbers from? The argument is not used.",
        second_hint="Leave np.random.default_rng() out and draw from the rng that you are given.",
    ),
    Misconception(
        "generator-reseeded",
        belief="A fixed seed inside the function makes it repeatable.",
        sign="Generators in different states give the same result.",
        message="Different generators give the same result: the seed is fixed inside your function.",
        hint="Every step of training needs a new mask. Does it get one?",
        second_hint="Leave the seed to the caller: draw from rng as it is.",
    ),
)
