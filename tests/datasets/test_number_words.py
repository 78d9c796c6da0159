import itertools
import re

import numpy as np
import pytest

from nncourse.datasets import number_to_words, words_to_number

LANGUAGES = ["de", "en", "fr", "it", "nl"]
# Typed from the languages' grammars: the oracle for what the package writes.
TYPED = {
    "en": """0 zero; 1 one; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten;
    11 eleven; 12 twelve; 13 thirteen; 14 fourteen; 15 fifteen; 16 sixteen; 17 seventeen;
    18 eighteen; 19 nineteen; 20 twenty; 30 thirty; 40 forty; 50 fifty; 60 sixty; 70 seventy;
    80 eighty; 90 ninety; 21 twenty one; 44 forty four; 99 ninety nine; 100 one hundred;
    101 one hundred one; 115 one hundred fifteen; 340 three hundred forty; 1000 one thousand;
    1001 one thousand one; 1100 one thousand one hundred; 2019 two thousand nineteen;
    10000 ten thousand; 21000 twenty one thousand; 100000 one hundred thousand;
    101000 one hundred one thousand; 700070 seven hundred thousand seventy;
    999999 nine hundred ninety nine thousand nine hundred ninety nine""",
    "fr": """0 zéro; 1 un; 2 deux; 3 trois; 4 quatre; 5 cinq; 6 six; 7 sept; 8 huit; 9 neuf; 10 dix;
    11 onze; 12 douze; 13 treize; 14 quatorze; 15 quinze; 16 seize; 17 dix sept; 18 dix huit;
    19 dix neuf; 20 vingt; 30 trente; 40 quarante; 50 cinquante; 60 soixante; 21 vingt et un;
    22 vingt deux; 31 trente et un; 61 soixante et un; 69 soixante neuf; 70 soixante dix;
    71 soixante et onze; 72 soixante douze; 77 soixante dix sept; 79 soixante dix neuf;
    80 quatre vingts; 81 quatre vingt un; 84 quatre vingt quatre; 90 quatre vingt dix;
    91 quatre vingt onze; 97 quatre vingt dix sept; 100 cent; 101 cent un; 104 cent quatre;
    120 cent vingt; 171 cent soixante et onze; 180 cent quatre vingts; 200 deux cents;
    201 deux cent un; 280 deux cent quatre vingts; 420 quatre cent vingt; 1000 mille; 1001 mille un;
    1080 mille quatre vingts; 1200 mille deux cents; 2000 deux mille; 4020 quatre mille vingt;
    21000 vingt et un mille; 71071 soixante et onze mille soixante et onze;
    80000 quatre vingt mille; 80080 quatre vingt mille quatre vingts; 100000 cent mille;
    200000 deux cent mille; 200200 deux cent mille deux cents; 280000 deux cent quatre vingt mille;
    999999 neuf cent quatre vingt dix neuf mille neuf cent quatre vingt dix neuf""",
    "de": """0 null; 1 eins; 2 zwei; 3 drei; 4 vier; 5 fünf; 6 sechs; 7 sieben; 8 acht; 9 neun;
    10 zehn; 11 elf; 12 zwölf; 13 dreizehn; 14 vierzehn; 15 fünfzehn; 16 sechzehn; 17 siebzehn;
    18 achtzehn; 19 neunzehn; 20 zwanzig; 30 dreißig; 40 vierzig; 50 fünfzig; 60 sechzig;
    70 siebzig; 80 achtzig; 90 neunzig; 21 ein und zwanzig; 32 zwei und dreißig;
    67 sieben und sechzig; 76 sechs und siebzig; 100 ein hundert; 101 ein hundert eins;
    111 ein hundert elf; 121 ein hundert ein und zwanzig; 200 zwei hundert; 1000 ein tausend;
    1001 ein tausend eins; 1100 ein tausend ein hundert; 1101 ein tausend ein hundert eins;
    21000 ein und zwanzig tausend; 100000 ein hundert tausend; 101000 ein hundert ein tausend;
    101001 ein hundert ein tausend eins; 616017 sechs hundert sechzehn tausend siebzehn;
    271828 zwei hundert ein und siebzig tausend acht hundert acht und zwanzig;
    999999 neun hundert neun und neunzig tausend neun hundert neun und neunzig""",
    "it": """0 zero; 1 uno; 2 due; 3 tre; 4 quattro; 5 cinque; 6 sei; 7 sette; 8 otto; 9 nove;
    10 dieci; 11 undici; 12 dodici; 13 tredici; 14 quattordici; 15 quindici; 16 sedici;
    17 diciassette; 18 diciotto; 19 diciannove; 20 venti; 30 trenta; 40 quaranta; 50 cinquanta;
    60 sessanta; 70 settanta; 80 ottanta; 90 novanta; 21 vent uno; 22 venti due; 23 venti tré;
    28 vent otto; 31 trent uno; 48 quarant otto; 83 ottanta tré; 88 ottant otto; 98 novant otto;
    100 cento; 101 cento uno; 103 cento tré; 108 cent otto; 111 cento undici; 118 cento diciotto;
    180 cent ottanta; 188 cent ottant otto; 200 due cento; 208 due cent otto; 300 tre cento;
    303 tre cento tré; 800 otto cento; 880 otto cent ottanta; 1000 mille; 1001 mille uno;
    1003 mille tré; 1008 mille otto; 1100 mille cento; 2000 due mila; 3000 tre mila;
    3003 tre mila tré; 8008 otto mila otto; 21000 vent uno mila; 23000 venti tre mila;
    23023 venti tre mila venti tré; 100000 cento mila; 103000 cento tre mila;
    108108 cent otto mila cent otto; 999999 nove cento novanta nove mila nove cento novanta nove;
    7378 sette mila tre cento settant otto""",
    "nl": """0 nul; 1 een; 2 twee; 3 drie; 4 vier; 5 vijf; 6 zes; 7 zeven; 8 acht; 9 negen; 10 tien;
    11 elf; 12 twaalf; 13 dertien; 14 veertien; 15 vijftien; 16 zestien; 17 zeventien; 18 achttien;
    19 negentien; 20 twintig; 30 dertig; 40 veertig; 50 vijftig; 60 zestig; 70 zeventig; 80 tachtig;
    90 negentig; 21 een en twintig; 22 twee ën twintig; 33 drie ën dertig; 44 vier en veertig;
    82 twee ën tachtig; 89 negen en tachtig; 100 honderd; 101 honderd een; 110 honderd tien;
    132 honderd twee ën dertig; 200 twee honderd; 300 drie honderd; 1000 duizend; 1001 duizend een;
    1013 duizend dertien; 1100 duizend honderd; 2002 twee duizend twee;
    21000 een en twintig duizend; 22000 twee ën twintig duizend; 100000 honderd duizend;
    101000 honderd een duizend; 200200 twee honderd duizend twee honderd;
    999999 negen honderd negen en negentig duizend negen honderd negen en negentig""",
}
KNOWN = {
    language: {int(n): words.split() for n, words in re.findall(r"(\d+) ([^;]+)", text)}
    for language, text in TYPED.items()
}
SPREAD = [*range(10_000), *range(10_000, 1_000_000, 49), 999_999]  # 49: every ending comes
LINKS = {"et", "und", "en", "ën"}
FORMS = {"ein": 1, "tré": 3}  # what no number is written as when it stands alone


def add_up(words, language):
    """The value of words by what each is worth, in whatever order and form."""
    worth = {known[0]: n for n, known in KNOWN[language].items() if len(known) == 1 and n < 100}
    worth |= {word[:-1]: n for word, n in worth.items() if language == "it" and n % 10 == 0}
    thousands = group = 0
    for word in words:
        if word in ("thousand", "mille", "mila", "tausend", "duizend"):
            thousands, group = 1000 * max(group, 1), 0
        elif word in ("hundred", "cent", "cents", "cento", "hundert", "honderd"):
            group = 100 * max(group, 1)
        elif word in ("vingt", "vingts") and group % 100 == 4:
            group += 80 - 4
        elif word not in LINKS:
            group += FORMS[word] if word in FORMS else worth[word]
    return thousands + group


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_spelling_is_the_typed_one(language):
    assert len(KNOWN[language]) >= 45
    for number, words in KNOWN[language].items():
        assert number_to_words(number, language) == words
        assert words_to_number(words, language) == number


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_to_number_is_the_inverse(language):
    lengths = set()
    for number in SPREAD:
        words = number_to_words(number, language)
        assert words_to_number(words, language) == number
        assert add_up(words, language) == number
        lengths.add(len(words))
    assert min(lengths) == 1
    assert max(lengths) == {"en": 9, "it": 9, "de": 11, "nl": 11, "fr": 13}[language]


def test_letters_of_the_english_numbers_to_a_thousand():
    """Project Euler's problem 17 has 21,124 letters, 891 times "and" among them."""
    letters = sum(len("".join(number_to_words(n, "en"))) for n in range(1, 1001))
    assert letters == 21_124 - 891 * len("and")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_three_words_are_read_or_refused_where_they_go_wrong(language):
    """By brute force: all sequences of three words against all that numbers begin with."""
    written = {}
    thousands = [n for n in range(0, 1_000_000, 1000) if len(number_to_words(n, language)) <= 2]
    for number in {*range(0, 1_000_000, 1000)} | {t + r for t in thousands for r in range(1000)}:
        written[tuple(number_to_words(number, language))] = number
    begun = {words[:length] for words in written for length in range(4)}
    vocabulary = sorted({word for words in written for word in words})
    for words in itertools.product(vocabulary, repeat=3):
        good = max(length for length in range(4) if words[:length] in begun)
        try:
            assert words_to_number(words, language) == written[words]
        except ValueError as error:
            assert words not in written
            place = re.search(
                rf"Received: '{words[good]}' at position (\d)" if good < 3 else "off$", str(error)
            )
            assert place is not None
            assert good == 3 or int(place[1]) == good


@pytest.mark.parametrize(
    ("words", "language", "message"),
    [
        (["hundert"], "de", "'hundert' at position 0, which cannot begin one"),
        (
            ["ein", "hundert", "hundert"],
            "de",
            "'hundert' at position 2, which cannot follow 'ein h",
        ),
        (["zwanzig", "und"], "de", "'und' at position 1, which cannot follow 'zwanzig'"),
        (["eins", "und", "zwanzig"], "de", "'und' at position 1, which cannot follow 'eins'"),
        (["null", "tausend"], "de", "'tausend' at position 1, which cannot follow 'null'"),
        (["zwei", "und"], "de", "Received: 'zwei und', which breaks off"),
        (["zwei", "tausend", "ein"], "de", "Received: 'zwei tausend ein', which breaks off"),
        (["deux", "cents", "un"], "fr", "'un' at position 2, which cannot follow 'deux cents'"),
        (
            ["deux", "cents", "mille"],
            "fr",
            "'mille' at position 2, which cannot follow 'deux cents'",
        ),
        (["quatre", "vingts", "mille"], "fr", "'mille' at position 2"),
        (["soixante", "onze"], "fr", "'onze' at position 1"),
        (["quatre", "vingt", "et", "un"], "fr", "'et' at position 2"),
        (["un", "mille"], "fr", "'mille' at position 1, which cannot follow 'un'"),
        (["venti", "otto"], "it", "'otto' at position 1, which cannot follow 'venti'"),
        (["venti", "tré", "mila"], "it", "'mila' at position 2"),
        (["due", "mille"], "it", "'mille' at position 1, which cannot follow 'due'"),
        (["tré"], "it", "'tré' at position 0, which cannot begin one"),
        (["mille", "tre"], "it", "Received: 'mille tre', which breaks off"),  # 'mille tre cento'
        (["twee", "en", "twintig"], "nl", "'en' at position 1, which cannot follow 'twee'"),
        (["elf", "honderd"], "nl", "'honderd' at position 1"),
        (["one", "thousand", "thousand"], "en", "'thousand' at position 2"),
        (
            ["one", "hundred", "and", "one"],
            "en",
            "'and' at position 2, which is no word of this la",
        ),
        (["deux"], "en", "'deux' at position 0, which is no word of this language's numbers"),
        (
            ["one", 2],
            "en",
            "Received: 2 at position 1, which is no word of this language's numbers",
        ),
        (["one", ["two"]], "en", r"Received: \['two'\] at position 1, which is no word"),
        ([""], "en", "'' at position 0, which is no word"),
        ([], "en", r"`words` must be a list of one word or more. Received: words=\[\]"),
        ("one", "en", "`words` must be a list of one word or more. Received: words='one'"),
        (7, "en", "`words` must be a list of one word or more. Received: words=7"),
        (["one"], "eo", "`language` must be one of 'en', 'fr', 'de', 'it', 'nl'. Rec.*'eo'"),
    ],
)
def test_words_that_are_no_number(words, language, message):
    with pytest.raises(ValueError, match=message):
        words_to_number(words, language)


@pytest.mark.parametrize(
    ("number", "language", "message"),
    [
        (-1, "en", "`number` must be an integer of at least 0. Received: number=-1"),
        (1.0, "en", "`number` must be an integer of at least 0. Received: number=1.0"),
        (1_000_000, "en", "`number` must be at most 999999. Received: number=1000000"),
        (
            1,
            "eo",
            "`language` must be one of 'en', 'fr', 'de', 'it', 'nl'. Received: language='eo'",
        ),
        (1, ["en"], "`language` must be one of .* Received: language=\\['en'\\]"),
        (1, "digits", "`language` must be one of .* Received: language='digits'"),
    ],
)
def test_numbers_without_words(number, language, message):
    with pytest.raises(ValueError, match=message):
        number_to_words(number, language)


def test_numpy_integers_are_numbers():
    assert number_to_words(np.int32(21), "de") == ["ein", "und", "zwanzig"]
