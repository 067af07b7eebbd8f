"""Beliefs about 1 / keep_prob: whether, where and which way values are scaled."""

from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["MISCONCEPTIONS"]

MISCONCEPTIONS = (
    Misconception(
        "scale-missing",
        belief="Dropping units is all that dropout does.",
        sign="Kept values are as they were.",
        message="Kept values are not divided by keep_prob, so the mean over many masks is keep_prob times too small.",
        hint="What is the mean of mask * x over many masks? What should it be?",
        second_hint="Divide by keep_prob in training, and nothing remains to be done at test time.",
    ),
    Misconception(
        "scale-inverted",
        belief="Scaling means multiplying by the probability to keep.",
        sign="Values are multiplied by keep_prob where they should be divided, or divided where multiplied.",
        message="The scale goes the wrong way: keep_prob and 1 / keep_prob are exchanged.",
        hint="Fewer units are left in training than at test time. Which of the two has the smaller sums?",
        second_hint="Inverted dropout divides by keep_prob in training; without that, multiply at test time.",
    ),
    Misconception(
        "scale-by-drop",
        belief="What is left must be scaled by the share that was dropped.",
        sign="Kept values are divided by 1 - keep_prob.",
        message="Kept values are divided by the probability to drop.",
        hint="At keep_prob 0.9 hardly anything is dropped. By how much should the rest grow?",
        second_hint="The mean of mask * x is keep_prob * x: divide by keep_prob.",
    ),
    Misconception(
        "scale-by-share-seen",
        belief="The scale is the share that this mask happened to keep.",
        sign="Kept values are divided by the mean of the mask that was drawn.",
        message="Kept values are divided by the share that this mask kept, not by keep_prob.",
        hint="The mean over many masks must be x, not the mean of each single one; and what if a mask keeps nothing?",
        second_hint="Divide by the constant keep_prob.",
    ),
    Misconception(
        "bias-scaled",
        belief="At test time the whole output is scaled.",
        sign="The answer is keep_prob (W a + b).",
        message="The bias is scaled too, but it was never dropped.",
        hint="What did the masks of training touch: the inputs, the weights, the bias?",
        second_hint="Scale the inputs alone: W (keep_prob · a) + b.",
    ),
    Misconception(
        "test-scale-missing",
        belief="At test time dropout is switched off and that is all.",
        sign="The answer is W a + b for a layer trained without scaling.",
        message="In training this layer saw inputs keep_prob times smaller on average, and now it sees them whole.",
        hint="Training had no 1 / keep_prob. Who makes up for it?",
        second_hint="Multiply the inputs by keep_prob at test time.",
    ),
    Misconception(
        "scaled-twice",
        belief="Inputs and weights are both scaled, to be sure.",
        sign="The answer has keep_prob² where keep_prob belongs.",
        message="The scale is applied twice.",
        hint="A product W a changes by one factor, whichever of the two you scale.",
        second_hint="Scale either the inputs or the weights, not both.",
    ),
    Misconception(
        "integers-cut-off",
        belief="np.zeros_like(x) or x.copy() can hold any result.",
        sign="For whole numbers x the result is rounded down.",
        message="For an array of whole numbers your result is cut off: 5 / 0.8 becomes 6.",
        hint="Which dtype has the array that you write the result into?",
        second_hint="x * mask / keep_prob makes an array of floats by itself; zeros_like(x) has the dtype of x.",
    ),
)
