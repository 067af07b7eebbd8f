"""What a learner may believe, how an answer shows it, and what helps."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Misconception"]


@dataclass(frozen=True)
class Misconception:
    """One wrong belief, or one slip, that answers to exercises show.

    Parameters
    ----------
    id : str
        Its lasting name, in words joined by hyphens.
    belief : str
        What somebody who answers so takes for true.
    sign : str
        How an answer gives it away: what is compared with what.
    message : str
        What is wrong, told to the learner. Fits every exercise in which it occurs; the case beside it has the numbers.
    hint : str
        Where to look.
    second_hint : str
        Nearly the mend; shown to those who ask.
    """

    id: str
    belief: str
    sign: str
    message: str
    hint: str
    second_hint: str
