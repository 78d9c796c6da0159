"""Italian numbers in words."""

_SMALL = [
    "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto",
    "nove", "dieci", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici",
    "diciassette", "diciotto", "diciannove",
]  # fmt: skip
_TENS = [
    "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta",
]  # fmt: skip


def italian(number: int) -> list[str]:
    """The words of a number below a million, none for 0.

    The tens lose their vowel before `uno` and `otto` (`vent otto`), `cento` its own before `otto`
    and `ottanta`, 1000 is `mille` and 2000 `due mila`, and a `tre` that ends a longer number bears
    an accent (`venti tré`).
    """
    words = _words(number)
    return [*words[:-1], "tré"] if len(words) > 1 and words[-1] == "tre" else words


def _words(number):
    """The same without the accent, which stands only at the very end."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = [*_words(thousands), "mila"] if thousands > 1 else ["mille"]
        return [*head, *_words(rest)]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        hundred = "cent" if rest == 8 or rest // 10 == 8 else "cento"
        return [*(_words(hundreds) if hundreds > 1 else []), hundred, *_words(rest)]
    if number >= 20:
        tens, unit = divmod(number, 10)
        return [_TENS[tens - 2][:-1] if unit in (1, 8) else _TENS[tens - 2], *_words(unit)]
    return [_SMALL[number - 1]] if number else []
