"""Figure: handwritten digits as pictures."""

from __future__ import annotations

from typing import Annotated, Any

from course_utils.arguments import Matrix, beside, checked
from course_utils.figures.style import CourseFigure, new_figure, styled

__all__ = ["digit_figure"]


@styled
@checked
def digit_figure(x: Matrix, y: Annotated[Any, beside("x")], alt: str = "") -> CourseFigure:
    """Return the digits of ``x`` (64, m) with their classes from one-hot ``y`` (10, m) as titles."""
    if len(x) != 64:
        raise ValueError(f"x must have 64 rows, the pixels of a digit, got shape {x.shape}")
    m = x.shape[1]
    figure, axes = new_figure(0.85 * m, 1.15, alt, columns=m)
    for i, panel in enumerate(axes[0]):
        panel.imshow(x[:, i].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        panel.set_title(str(y[:, i].argmax()))
        panel.set_axis_off()
    return figure
