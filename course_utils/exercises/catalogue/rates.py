"""Beliefs about keep_prob: whether it keeps or drops, and how many units that makes."""

from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["MISCONCEPTIONS"]

MISCONCEPTIONS = (
    Misconception(
        "keep-drop-swapped",
        belief="The number is the probability to drop a unit where it is the one to keep it, or the other way round.",
        sign="The answer is the right one with q and 1 - q exchanged.",
        message="Keep and drop are swapped: keep_prob is the probability to keep a unit, 1 - keep_prob to drop it.",
        hint="With keep_prob 0.8, how many of ten thousand units should be left?",
        second_hint="q goes with what is kept, 1 - q with what is dropped: rng.random(...) < q is True for the kept.",
    ),
    Misconception(
        "share-wrong",
        belief="Any random mask is dropout.",
        sign="The share kept is neither keep_prob nor 1 - keep_prob.",
        message="The share of units kept is not keep_prob.",
        hint="Compare the share in this case with keep_prob. Where does your number come from?",
        second_hint="rng.random(shape) and torch.rand_like(x) are uniform in [0, 1): below q with probability q.",
    ),
    Misconception(
        "count-fixed",
        belief="Dropout drops exactly the share 1 - keep_prob of the units each time.",
        sign="The number of units kept is the same in every one of many draws.",
        message="Every draw keeps the same number of units. In dropout each unit is dropped independently.",
        hint="Ten coins do not always show five heads.",
        second_hint="Draw a number of its own for each entry, without choosing or shuffling a fixed number of them.",
    ),
    Misconception(
        "nothing-dropped",
        belief="The mask has been applied.",
        sign="No value is zero where many should be.",
        message="Nothing was dropped.",
        hint="Is the mask drawn, and is it used in what you return?",
        second_hint="mask = rng.random(x.shape) < keep_prob, or torch.rand_like(x) >= p; then multiply by it.",
    ),
    Misconception(
        "everything-dropped",
        belief="The comparison gives a mask with both values.",
        sign="All values are zero where many should be kept.",
        message="Everything was dropped.",
        hint="Print the mask: why is no entry True?",
        second_hint="rng.random and torch.rand_like give numbers in [0, 1): compare them before anything rounds them.",
    ),
)
