import pytest

from course_utils.workshop.authoring.solutions import SolutionError, has_solution, without_markers, without_solutions

EXERCISE = '''\
def f(x):
    """Double it."""
    ### BEGIN SOLUTION
    y = 2 * x

    return y
    ### END SOLUTION
f(1)
### BEGIN SOLUTION
f(2)
### END SOLUTION'''


STUDENTS = '''\
def f(x):
    """Double it."""
    raise NotImplementedError("your turn")
f(1)
raise NotImplementedError("your turn")'''
INSTRUCTORS = '''\
def f(x):
    """Double it."""
    y = 2 * x

    return y
f(1)
f(2)'''


def test_a_student_gets_stubs_at_the_same_indentation_and_an_instructor_the_solution_without_markers():
    assert without_solutions(EXERCISE) == STUDENTS
    assert without_markers(EXERCISE) == INSTRUCTORS


def test_text_without_solution_stays_as_it_is():
    text = "x = 1\n\n# the solution is near the end\n"
    assert without_solutions(text) == without_markers(text) == text
    assert not has_solution(text)
    assert has_solution(EXERCISE)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("x\n### BEGIN SOLUTION\ny", "### BEGIN SOLUTION without ### END SOLUTION", 2),
        ("x\n### END SOLUTION", "### END SOLUTION without ### BEGIN SOLUTION", 2),
        ("### BEGIN SOLUTION\nx\n### BEGIN SOLUTION", "### BEGIN SOLUTION again before ### END SOLUTION", 3),
        ("### BEGIN SOLUTION\nx\n### END SOLUTIONS", "a marker is exactly", 3),
        ("x\n\n  # begin solution", "not `# begin solution`", 3),
        ("###BEGIN-SOLUTION", "a marker is exactly", 1),
    ],
)
@pytest.mark.parametrize("rewrite", [without_solutions, without_markers])
def test_markers_that_do_not_pair_up_are_refused(rewrite, text, message, line):
    with pytest.raises(SolutionError, match=message) as caught:
        rewrite(text)
    assert caught.value.line == line
