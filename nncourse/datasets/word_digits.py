"""Which digits of a number each of its words names: the true alignment of a translation."""

from functools import cache

from nncourse.datasets.number_words import number_to_words

_HUNDRED = {"hundred", "cent", "cents", "hundert", "cento", "honderd"}
_THOUSAND = {"thousand", "mille", "tausend", "mila", "duizend"}
# Words below a hundred by what they name: the last two digits of their group, or one of them.
_TENS, _UNIT, _BOTH = (-2,), (-1,), (-2, -1)


def number_word_digits(number: int, language: str) -> list[tuple[int, ...]]:
    """Tells which digits of a number each of the words of `number_to_words` names.

    Digits are counted from 0, from the left. Most words name one digit, and the words for 11 to 19
    two. A word that joins others names none: `und`, `et`, `en`, and the names of places,
    `hundred` and `thousand`, unless they stand for a digit 1 that no other word tells, as in French
    `cent deux`. A digit may take two words, as the 8 of `quatre vingts` does; a 0 takes none but
    in the number 0.

    Args:
        number: An integer from 0 to 999,999.
        language: `"en"`, `"fr"`, `"de"`, `"it"` or `"nl"`.

    Returns:
        A tuple of positions for each word, in rising order.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> from nncourse import datasets
        >>> words = datasets.number_to_words(321, "de")
        >>> list(zip(words, datasets.number_word_digits(321, "de")))
        [('drei', (0,)), ('hundert', ()), ('ein', (2,)), ('und', ()), ('zwanzig', (1,))]
        >>> datasets.number_word_digits(117, "nl")  # honderd zeventien
        [(0,), (1, 2)]

    Used in the chapter *Attention*.
    """
    words = number_to_words(number, language)
    end = len(str(number))
    if number == 0:
        return [(0,)]
    where = next((i for i, word in enumerate(words) if word in _THOUSAND), None)
    if where is None:
        return _group(words, end, language)
    before, after = words[:where], words[where + 1 :]
    thousand = () if before else (end - 4,)
    return [*_group(before, end - 3, language), thousand, *_group(after, end, language)]


def _group(words, end, language):
    """The same for the words of three digits at most, of which the last is before `end`."""
    where = next((i for i, word in enumerate(words) if word in _HUNDRED), None)
    named = []
    if where is not None:
        # At most one word counts the hundreds, and in some languages none counts a single one.
        named = [(end - 3,), ()] if where else [(end - 3,)]
        words = words[where + 1 :]
    return named + [
        tuple(end + offset for offset in offsets) for offsets in _last_two(words, language)
    ]


def _last_two(words, language):
    """What the words of a number below a hundred name, as offsets from its end."""
    offsets = [_offsets(_values(language).get(word)) for word in words]
    if words[:1] == ["quatre"] and words[1:2] in (["vingt"], ["vingts"]):  # four twenties
        offsets[:2] = [_TENS, _TENS]
    return offsets


@cache
def _values(language):
    """The values of all words below a hundred, forms that stand in longer numbers included."""
    values = {}
    for number in range(1, 100):
        words = number_to_words(number, language)
        if len(words) == 1:
            values[words[0]] = number
        elif language != "fr":  # French words have the same form everywhere
            unit, tens = (0, -1) if language in ("de", "nl") else (-1, 0)
            values |= {words[unit]: number % 10, words[tens]: number - number % 10}
    return values


def _offsets(value):
    if value is None:
        return ()
    if value < 10:
        return _UNIT
    return _BOTH if value % 10 else _TENS
