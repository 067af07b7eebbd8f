"""Exercises of chapter 05: find the line that is wrong in fifteen specimens, and mend nine of them and a network."""

from course_utils.exercises.bug_clinic.descent import examine_step
from course_utils.exercises.bug_clinic.gradients import examine_backward, examine_squares
from course_utils.exercises.bug_clinic.layers import examine_activation, examine_deep_network
from course_utils.exercises.bug_clinic.masks import examine_mask
from course_utils.exercises.bug_clinic.network import examine_network
from course_utils.exercises.bug_clinic.saturation import examine_cross_entropy, examine_sigmoid
from course_utils.exercises.bug_clinic.suspects import find
from course_utils.exercises.exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES = (
    find(
        "find_a1",
        "`alone` runs the function without the notebook. Which name does it miss?",
        "Compare the name in the def line, letter by letter, with the one that is read.",
    ),
    find(
        "find_a2",
        "The inner knob works, the outer one does not. Where does the outer function call the inner one?",
        "Which arguments does dropped_a2 get there?",
    ),
    find(
        "find_b6",
        "The choice arrives in the object. Who reads it afterwards?",
        "Search for the word activation in the method output.",
    ),
    Exercise(
        "mended_b6",
        examine_activation,
        hint="A dict from names to functions, one test for unknown names, and one call.",
        second_hint='functions = {"sigmoid": sigmoid, "tanh": np.tanh}; then functions[activation](W @ x).',
    ),
    find(
        "find_a8",
        "A method that should replace one of the base class is new. Which?",
        "Read its name aloud, letter by letter.",
    ),
    find(
        "find_a3",
        "One column of the result is like all others. In which line was there one column only?",
        "Write the shape behind every line.",
    ),
    Exercise(
        "mended_a3",
        examine_mask,
        hint="Every entry of a has a random number of its own.",
        second_hint="mask = rng.random(a.shape) < keep_prob, then return a * mask / keep_prob.",
    ),
    find(
        "find_b1",
        "The caller's array changes. Which line works in place?",
        "*= does not make a new array.",
    ),
    Exercise(
        "mended_b1",
        examine_step,
        hint="Build a new dict, with a new array for each name.",
        second_hint="{name: value - learning_rate * gradients[name] for name, value in parameters.items()}.",
    ),
    find(
        "find_b2",
        "Each function keeps its own promise. Where does a number pass from one to the other?",
        "level is the probability to drop. What is handed over as level?",
    ),
    find(
        "find_a4",
        "Which name is computed and never read?",
        "da1 has been masked. Which line should use it?",
    ),
    find(
        "find_a5",
        "What is in a1 when the slope is taken: tanh(z1), or something else?",
        "forward_found assigns a1 twice.",
    ),
    Exercise(
        "mended_backward",
        examine_backward,
        hint="Two lines change: the slope is taken at z1, and dz1 is made from da1.",
        second_hint='slope = 1 - np.tanh(cache["z1"]) ** 2 and dz1 = da1 * slope.',
    ),
    find(
        "find_b3",
        "The first matrix has no effect. Which line forgets what the round before has computed?",
        "a changes from round to round. Is it read in the loop?",
    ),
    Exercise(
        "mended_b3",
        examine_deep_network,
        hint="Each round starts from the outputs of the round before.",
        second_hint="In the loop: a = sigmoid(W @ a).",
    ),
    find(
        "find_b4",
        "All entries are off by the factor 2. Where does a 2 belong?",
        "The derivative of error**2 is 2 * error.",
    ),
    Exercise(
        "mended_b4",
        examine_squares,
        hint="The mean is over all entries, and each of them is a square.",
        second_hint="2 * (z - y) / z.size.",
    ),
    find(
        "find_b5",
        "The message names the function that overflows.",
        "What is -z for z = -1000?",
    ),
    Exercise(
        "mended_b5",
        examine_sigmoid,
        hint="Compute e = exp(-|z|), which is never above 1. Both formulas can be written with it.",
        second_hint="e = np.exp(-np.abs(z)); the result is 1 / (1 + e) for z >= 0 and e / (1 + e) for z < 0.",
    ),
    find(
        "find_a7",
        "At z = 40, what is p, and what is 1 - p?",
        "Which of the two logarithms gets the 0?",
    ),
    Exercise(
        "mended_a7",
        examine_cross_entropy,
        hint="Put -log σ(z) = log(1 + exp(-z)) and -log(1 - σ(z)) = log(1 + exp(z)) together.",
        second_hint="The mean of np.logaddexp(0, z) - y * z.",
    ),
    find(
        "find_a6",
        "The table changed one setting at a time. Which change made a difference?",
        "The setting of the row that is above 0.85.",
    ),
    find(
        "find_b7",
        "All seeds jump, so it is not luck. What was changed between the two halves of the table?",
        "How long is the first step?",
    ),
    Exercise(
        "mended_network",
        examine_network,
        hint="Change one line at a time, and ask the gradient check and the equal points again.",
        second_hint="b1 knows nothing of λ, and W2 nothing of the slope of tanh. Equal points tell of the masks.",
    ),
)
