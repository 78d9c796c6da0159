"""German numbers in words."""

_SMALL = [
    "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht",
    "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn",
    "siebzehn", "achtzehn", "neunzehn",
]  # fmt: skip
_TENS = [
    "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
]  # fmt: skip


def german(number: int, one: str = "eins") -> list[str]:
    """The words of a number below a million, none for 0: the units before the tens.

    A 1 is `eins` where it ends the number and `ein` elsewhere. Hundreds and thousands are counted
    even if there is one: `ein hundert`, as on a check, for `hundert`.
    """
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return [*german(thousands, one="ein"), "tausend", *german(rest)]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return [*german(hundreds, one="ein"), "hundert", *german(rest, one)]
    if number >= 20:
        tens, unit = divmod(number, 10)
        return [*([*german(unit, one="ein"), "und"] if unit else []), _TENS[tens - 2]]
    if number == 1:
        return [one]
    return [_SMALL[number - 1]] if number else []
