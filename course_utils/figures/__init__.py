"""Figures of the course: drawn once, their artists updated; they compute nothing and know no widgets."""
