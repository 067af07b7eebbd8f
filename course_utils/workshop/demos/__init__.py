"""Demos for the lectern: one live figure a page, with a plan beside it, through Voilà on this machine alone."""
