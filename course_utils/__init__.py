"""Tested helpers and live figures for a course on dropout and L1/L2 regularization."""

__version__ = "0.1.0"
