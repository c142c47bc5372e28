"""From the number of a listing to its ASIN, its EAN and its place among the updates, and back without a table."""

import math
import random

ASIN_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ASIN_VALUES = {digit: value for value, digit in enumerate(ASIN_DIGITS)}
_PAIRS = [first + second for first in ASIN_DIGITS for second in ASIN_DIGITS]
_FIRST_EAN, _EAN_PREFIXES, _EAN_BODIES = 400, 41, 10**9  # 400 to 440 are of Germany

ASINS = len(ASIN_DIGITS) ** 8
EANS = _EAN_PREFIXES * _EAN_BODIES


class Scramble:
    """A one-to-one map of the numbers below `size` onto themselves, different for each seed."""

    def __init__(self, seed: str, size: int) -> None:
        chance = random.Random(seed)
        self._size = size
        self._factor = chance.randrange(1, size + 1)
        while math.gcd(self._factor, size) != 1:
            self._factor = chance.randrange(1, size + 1)
        self._shift = chance.randrange(size)
        self._inverse = pow(self._factor, -1, size)

    def there(self, number: int) -> int:
        return (number * self._factor + self._shift) % self._size

    def back(self, number: int) -> int:
        return (number - self._shift) * self._inverse % self._size


def asin_text(value: int) -> str:
    text = ""
    for _ in range(4):
        value, pair = divmod(value, len(_PAIRS))
        text = _PAIRS[pair] + text
    return "B0" + text


def asin_value(text: str) -> int | None:
    """None for a text that is no ASIN of ours."""
    if len(text) != 10 or not text.startswith("B0") or any(digit not in _ASIN_VALUES for digit in text[2:]):
        return None
    value = 0
    for digit in text[2:]:
        value = value * len(ASIN_DIGITS) + _ASIN_VALUES[digit]
    return value


def ean_text(value: int) -> str:
    """Thirteen digits with a valid check digit, in a range that Germany uses."""
    prefix, body = divmod(value, _EAN_BODIES)
    digits = f"{_FIRST_EAN + prefix}{body:09d}"
    return digits + check_digit(digits)


def ean_value(text: str) -> int | None:
    """None for a text that is no EAN of ours."""
    if len(text) != 13 or not (text.isascii() and text.isdigit()) or check_digit(text[:-1]) != text[-1]:
        return None
    prefix = int(text[:3]) - _FIRST_EAN
    return prefix * _EAN_BODIES + int(text[3:-1]) if 0 <= prefix < _EAN_PREFIXES else None


def check_digit(digits: str) -> str:
    """The GS1 check digit: weights 3 and 1 alternate from the right."""
    backwards = list(map(int, reversed(digits)))
    return str(-(3 * sum(backwards[::2]) + sum(backwards[1::2])) % 10)


def make_asin(chance: random.Random) -> str:
    return asin_text(chance.randrange(ASINS))


def make_ean(chance: random.Random) -> str:
    return ean_text(chance.randrange(EANS))
