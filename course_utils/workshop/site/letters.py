"""The letters of a page's formulas: each is drawn once, and wherever else it stands the page refers to it."""

import re

_FORMULA = re.compile(r'<svg class="formula".*?</svg>', re.DOTALL)
_LETTER = re.compile(r'<path d="([MLQCZ0-9. -]+)" fill="currentColor" />')  # points in pairs, so no H, V or A
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def shared_letters(body: str) -> str:
    """Draw each letter of the formulas once; wherever else it stands the page only refers to it."""
    drawn: dict[str, str] = {}

    def letter(match: re.Match[str]) -> str:
        shape, x, y = _at_origin(match[1])
        name = drawn.setdefault(shape, f"letter-{len(drawn)}")
        return f'<use href="#{name}" x="{x}" y="{y}"/>'

    def formula(match: re.Match[str]) -> str:
        return _LETTER.sub(letter, match[0]).replace(' fill="currentColor"', "")

    body = _FORMULA.sub(formula, body)
    shapes = "".join(f'<path id="{name}" d="{shape}"/>' for shape, name in drawn.items())
    return f'{body}\n<svg class="letters" aria-hidden="true"><defs>{shapes}</defs></svg>' if drawn else body


def _at_origin(path: str) -> tuple[str, int, int]:
    """Move a shape so that it begins at the origin, in whole thousandths of the type's size; give it and its place."""
    numbers = [float(number) for number in _NUMBER.findall(path)]
    places = iter(round(number - numbers[at % 2]) for at, number in enumerate(numbers))
    moved = _NUMBER.sub(lambda _: str(next(places)), path)
    return re.sub(r" ?([A-Z]) ?", r"\1", moved).strip(), round(numbers[0]), round(numbers[1])
