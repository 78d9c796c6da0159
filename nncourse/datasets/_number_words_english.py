"""English numbers in words."""

_SMALL = [
    "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
]  # fmt: skip


def english(number: int) -> list[str]:
    """The words of a number below a million, none for 0: the large before the small, no "and"."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return [*english(thousands), "thousand", *english(rest)]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return [*english(hundreds), "hundred", *english(rest)]
    if number >= 20:
        tens, unit = divmod(number, 10)
        return [_TENS[tens - 2], *english(unit)]
    return [_SMALL[number - 1]] if number else []
