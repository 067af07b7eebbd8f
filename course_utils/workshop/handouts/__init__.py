"""Sheets to print: one a chapter, and plans for lectures."""
