"""Homework: assignments made from the chapters, and submissions graded by the chapters' own checks."""
