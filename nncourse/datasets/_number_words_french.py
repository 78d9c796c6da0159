"""French numbers in words."""

_SMALL = [
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit",
    "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize",
]  # fmt: skip
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def french(number: int, ends: bool = True) -> list[str]:
    """The words of a number below a million, none for 0.

    Above 60 one counts by twenties: 71 is `soixante et onze`, 97 `quatre vingt dix sept`. `cents`
    and `vingts` have their s only where the number `ends` with them: not before `mille`.
    """
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return [*_times(thousands), "mille", *french(rest)]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        hundred = "cents" if hundreds > 1 and ends and not rest else "cent"
        return [*_times(hundreds), hundred, *french(rest, ends)]
    if number >= 80:
        rest = number - 80
        return ["quatre", "vingts" if ends and not rest else "vingt", *french(rest)]
    if number >= 20:
        tens = min(number // 10 * 10, 60)
        rest = number - tens
        return [_TENS[tens], *(["et"] if rest in (1, 11) else []), *french(rest)]
    if number > 16:
        return ["dix", *french(number - 10)]
    return [_SMALL[number - 1]] if number else []


def _times(count):
    """How many hundreds or thousands: a single one is not counted."""
    return french(count, ends=False) if count > 1 else []
