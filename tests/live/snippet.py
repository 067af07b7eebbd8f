"""The code that a live figure shows, run as a reader would run it."""

import ast


def value_of(code):
    """Run code and return its last line's value."""
    tree, names = ast.parse(code), {}
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "snippet", "exec"), names)
    return eval(compile(last, "snippet", "eval"), names)
