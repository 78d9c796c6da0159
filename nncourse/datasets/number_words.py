"""Numbers written out in words: text whose translation is known exactly."""

from functools import cache
from itertools import pairwise

from nncourse.datasets._arguments import random_generator, whole_number
from nncourse.datasets._number_grammar import NumberGrammar
from nncourse.datasets._number_words_dutch import dutch
from nncourse.datasets._number_words_english import english
from nncourse.datasets._number_words_french import french
from nncourse.datasets._number_words_german import german
from nncourse.datasets._number_words_italian import italian

_LARGEST = 999_999
_SPELL = {"en": english, "fr": french, "de": german, "it": italian, "nl": dutch}
_ZERO = {"en": "zero", "fr": "zéro", "de": "null", "it": "zero", "nl": "nul"}


def number_to_words(number: int, language: str) -> list[str]:
    """Writes a number out in words, by the rules of a language.

    A word is what is heard as one: numbers that are written together are taken apart, German
    `einundzwanzig` into `ein und zwanzig`, and a word has the form that it has in this number. So
    the words, joined, are the number as it is written in German, Italian and Dutch (but for the
    space after Dutch `duizend`); French and English put hyphens and spaces between them.

    ========  ===============  =================  =============  =================
    Language  21               78                 80             103
    ========  ===============  =================  =============  =================
    "en"      twenty one       seventy eight      eighty         one hundred three
    "fr"      vingt et un      soixante dix huit  quatre vingts  cent trois
    "de"      ein und zwanzig  acht und siebzig   achtzig        ein hundert drei
    "it"      vent uno         settant otto       ottanta        cento tré
    "nl"      een en twintig   acht en zeventig   tachtig        honderd drie
    ========  ===============  =================  =============  =================

    Where a language allows several forms, one is taken: English has no "and" (as Americans write),
    German counts a single hundred or thousand, Italian has `cento uno` but `cent otto`, and Dutch
    `duizend honderd` for `elf honderd`.

    Args:
        number: An integer from 0 to 999,999.
        language: `"en"`, `"fr"`, `"de"`, `"it"` or `"nl"`.

    Returns:
        The words, 1 to 13 of them.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> from nncourse import datasets
        >>> " ".join(datasets.number_to_words(271_828, "de"))
        'zwei hundert ein und siebzig tausend acht hundert acht und zwanzig'
        >>> " ".join(datasets.number_to_words(80_080, "fr"))
        'quatre vingt mille quatre vingts'
        >>> "".join(datasets.number_to_words(123, "it"))
        'centoventitré'

    Used in the chapters *Sequence to sequence* and *Attention*.
    """
    spell = _SPELL[_known("language", language, _SPELL)]
    if whole_number("number", number, at_least=0) > _LARGEST:
        raise ValueError(f"`number` must be at most {_LARGEST}. Received: number={number}")
    return spell(int(number)) or [_ZERO[language]]


def words_to_number(words, language: str) -> int:
    """Reads a number that is written out in words: the inverse of `number_to_words`.

    It takes the very forms that `number_to_words` writes, and from the left tells the first word
    with which no number can go on.

    Args:
        words: The words, a list of strings.
        language: `"en"`, `"fr"`, `"de"`, `"it"` or `"nl"`.

    Returns:
        The number, 0 to 999,999.

    Raises:
        ValueError: If the words are no number: with the word and its position, counted from 0.

    Example:
        >>> from nncourse import datasets
        >>> datasets.words_to_number(["quatre", "vingt", "dix", "sept"], "fr")
        97
        >>> datasets.words_to_number(["zwei", "hundert", "hundert"], "de")
        Traceback (most recent call last):
            ...
        ValueError: `words` must be a number in 'de'. Received: 'hundert' at position 2, which \
cannot follow 'zwei hundert'

    Used in the chapters *Sequence to sequence* and *Attention*.
    """
    _known("language", language, _SPELL)
    if isinstance(words, str) or not hasattr(words, "__iter__") or not (words := list(words)):
        raise ValueError(f"`words` must be a list of one word or more. Received: words={words!r}")
    try:
        return _grammar(language).parse(words)
    except ValueError as error:
        raise ValueError(f"`words` must be a number in {language!r}. {error}") from None


def make_number_words(
    language: str, source: str = "digits", samples: int = 10_000, maximum: int = _LARGEST, seed=0
) -> tuple[list[list[str]], list[list[str]]]:
    """Draws numbers, each at most once, written in two ways: sentences and their translations.

    Short numbers are rare: nine of ten below a million have six digits. So as many numbers are
    drawn of each count of digits, or all where there are fewer. The pairs are in random order; for
    training and test sets that share no number, cut one draw in two.

    The numbers depend on `samples`, `maximum` and `seed` alone: with other languages the same ones
    come, in the same order.

    Args:
        language: What to translate to: `"en"`, `"fr"`, `"de"`, `"it"`, `"nl"` as in
            `number_to_words`, or `"digits"`, whose words are the decimal digits.
        source: What to translate from, one of the same.
        samples: How many numbers, from 1 to `maximum + 1`.
        maximum: The largest number that may come, from 0 to 999,999.
        seed: A non-negative integer: the same seed gives the same numbers.

    Returns:
        The sources and the targets: two lists of `samples` lists of words.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> from nncourse import datasets
        >>> digits, words = datasets.make_number_words("nl", samples=4, maximum=99_999, seed=1)
        >>> for source, target in zip(digits, words):
        ...     print(*source, "|", *target)
        9 5 5 4 1 | vijf en negentig duizend vijf honderd een en veertig
        5 2 | twee ën vijftig
        7 7 9 6 | zeven duizend zeven honderd zes en negentig
        5 6 0 | vijf honderd zestig
        >>> train, test = digits[:3], digits[3:]

    Used in the chapters *Sequence to sequence* and *Attention*.
    """
    languages = [*_SPELL, "digits"]
    pair = _known("source", source, languages), _known("language", language, languages)
    samples = whole_number("samples", samples, at_least=1)
    maximum = whole_number("maximum", maximum, at_least=0)
    if maximum > _LARGEST:
        raise ValueError(f"`maximum` must be at most {_LARGEST}. Received: maximum={maximum}")
    if samples > maximum + 1:
        raise ValueError(
            f"`samples` must be at most {maximum + 1}, for no number up to {maximum} comes twice. "
            f"Received: samples={samples}"
        )
    numbers = _draw(samples, maximum, random_generator(seed))
    sources, targets = ([_write(number, form) for number in numbers] for form in pair)
    return sources, targets


def _known(name, language, languages):
    if not isinstance(language, str) or language not in languages:
        raise ValueError(
            f"`{name}` must be one of {', '.join(map(repr, languages))}. "
            f"Received: {name}={language!r}"
        )
    return language


@cache
def _grammar(language):
    return NumberGrammar(lambda number: number_to_words(number, language))


def _write(number, form):
    return list(str(number)) if form == "digits" else number_to_words(number, form)


def _draw(samples, maximum, rng):
    """Different numbers in random order, spread as evenly over the counts of digits as can be."""
    starts = [0, *(10**digits for digits in range(1, len(str(maximum)))), maximum + 1]
    # The scarcest first: what they cannot give, the others share.
    ranges = sorted(pairwise(starts), key=lambda ends: ends[1] - ends[0])
    drawn = []
    for i, (start, stop) in enumerate(ranges):
        count = min(stop - start, (samples - len(drawn)) // (len(ranges) - i))
        drawn.extend(start + rng.choice(stop - start, size=count, replace=False))
    return rng.permutation(drawn).tolist()
