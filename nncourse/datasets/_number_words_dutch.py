"""Dutch numbers in words."""

_SMALL = [
    "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht",
    "negen", "tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien",
    "zeventien", "achttien", "negentien",
]  # fmt: skip
_TENS = [
    "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
]  # fmt: skip


def dutch(number: int) -> list[str]:
    """The words of a number below a million, none for 0: the units before the tens.

    Between the two stands `en`, or `ën` after `twee` and `drie`, whose vowel would run into it. A
    single hundred or thousand is not counted, and 1100 is `duizend honderd`, not `elf honderd`.
    """
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return [*(dutch(thousands) if thousands > 1 else []), "duizend", *dutch(rest)]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return [*(dutch(hundreds) if hundreds > 1 else []), "honderd", *dutch(rest)]
    if number >= 20:
        tens, unit = divmod(number, 10)
        link = "ën" if unit in (2, 3) else "en"
        return [*([*dutch(unit), link] if unit else []), _TENS[tens - 2]]
    return [_SMALL[number - 1]] if number else []
