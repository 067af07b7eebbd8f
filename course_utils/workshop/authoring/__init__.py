"""Chapters written as text become executed notebooks, and edits in a notebook come back to the text.

Nothing is imported here: the command line picks the module it needs, and the others stay unloaded.
"""
