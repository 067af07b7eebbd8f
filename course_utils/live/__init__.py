"""Live figures: controls and pictures that follow them; the only part of the course that imports ipywidgets."""

from course_utils.live.keep_prob_trainer import keep_prob_trainer

__all__ = ["keep_prob_trainer"]
