"""Slips that can happen in any exercise: no answer, the wrong kind of answer, code that fails or never ends."""

from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["MISCONCEPTIONS"]

MISCONCEPTIONS = (
    Misconception(
        "not-a-function",
        belief="check wants the result of the function.",
        sign="What was given to check cannot be called.",
        message="The answer must be the function itself.",
        hint="A name with brackets calls the function, the name alone is the function.",
        second_hint='Write check("name", name) without brackets or arguments behind the second name.',
    ),
    Misconception(
        "returns-none",
        belief="A function gives back what its last line computes.",
        sign="The function returns None.",
        message="The function returns None.",
        hint="Is the return statement missing, or does one branch end without it?",
        second_hint="End the function with  return  and the value; print shows a value but does not hand it back.",
    ),
    Misconception(
        "not-numbers",
        belief="Anything that looks like the result will do.",
        sign="The returned value cannot be read as an array of numbers.",
        message="The function must return numbers.",
        hint="Look at the kind of value that you return: the case names it.",
        second_hint="Return the array itself: not a text, not a dict, not a tuple of which it is a part.",
    ),
    Misconception(
        "wrong-shape",
        belief="The shape takes care of itself.",
        sign="The result has another shape than asked for, and no known mistake explains it.",
        message="The result has the wrong shape.",
        hint="Print the shape of every array in your function, line by line.",
        second_hint="Sums drop an axis unless told keepdims=True; compare the line where the shape first departs.",
    ),
    Misconception(
        "wrong-value",
        belief="Unknown: none of the mistakes that the check can name.",
        sign="Values differ from the right ones, and from those of every known mistake.",
        message="The result is not right, and the mistake is none of those that this check can name.",
        hint="Compute this case by hand and compare each step.",
        second_hint="Begin with the smallest case, and print every value on the way.",
    ),
    Misconception(
        "changes-its-argument",
        belief="What a function does to its arguments stays within the function.",
        sign="An array, list or dict that was given is another one after the call.",
        message="Your function changes an argument of its caller.",
        hint="x *= y, x += y and x[...] = y work in place, on the caller's own array; so does d[key] = y on a dict.",
        second_hint="Write x = x * y, which makes a new array, or work on x.copy() (tensors: x.clone()) or a new dict.",
    ),
    Misconception(
        "raises-an-error",
        belief="The code runs for every input that is allowed.",
        sign="The answer raises an error on an allowed input.",
        message="Your code raised an error.",
        hint="Read the line together with the error: which value there is not what you expect?",
        second_hint="Call your function in another cell with the given values and print what stands before that line.",
    ),
    Misconception(
        "accepts-anything",
        belief="Nobody will call the function with a value that makes no sense.",
        sign="A value outside the allowed range raises no ValueError.",
        message="A value that is not allowed must raise a ValueError.",
        hint="Which values of the argument make no sense? The function should say so instead of computing something.",
        second_hint="Begin with  if not ...: raise ValueError(...)  and name the argument and the allowed range.",
    ),
    Misconception(
        "endless-loop",
        belief="The loop comes to its end.",
        sign="The answer was stopped after the time limit.",
        message="Your code was stopped after 5 seconds: is there a loop that does not end?",
        hint="Which value ends the loop, and does every round come nearer to it?",
        second_hint="Print the loop's variable for ten rounds; NumPy usually needs no loop at all.",
    ),
    Misconception(
        "endless-recursion",
        belief="A function may call itself without an end.",
        sign="The answer ran into Python's limit of nested calls.",
        message="Your function calls itself again and again, without an end.",
        hint="Do you call a helper that has the same name as your own function?",
        second_hint="No exercise of this course needs recursion: replace the call by the computation.",
    ),
    Misconception(
        "too-much-memory",
        belief="An array can have any size.",
        sign="The answer asked for more memory than the limit.",
        message="Your code asked for more than 1 GB of memory.",
        hint="Look at the shapes it makes: (n, 1) with (1, m) gives (n, m), and (n,) with (n, 1) gives (n, n).",
        second_hint="Print the shapes for a small input; the result is no larger than the arrays you are given.",
    ),
    Misconception(
        "calls-exit",
        belief="exit() leaves the function.",
        sign="The answer raised SystemExit.",
        message="Your code calls exit(), which ends the whole program.",
        hint="What leaves a function?",
        second_hint="Use return.",
    ),
)
