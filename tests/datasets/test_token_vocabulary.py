import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import TokenVocabulary

TOKENS = ["ein", "und", "zwanzig"]
PAD, UNK, GO, EOS, EIN, UND, ZWANZIG = range(7)


def test_the_signs_come_first():
    vocabulary = TokenVocabulary(TOKENS)
    signs = [TokenVocabulary.PAD, TokenVocabulary.UNK, TokenVocabulary.GO, TokenVocabulary.EOS]
    assert signs == [0, 1, 2, 3]
    assert len(vocabulary) == 7
    assert vocabulary.tokens == TOKENS


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ({}, [[EIN, UND, ZWANZIG, EOS], [ZWANZIG, EOS, PAD, PAD], [EOS, PAD, PAD, PAD]]),
        ({"eos": False}, [[EIN, UND, ZWANZIG], [ZWANZIG, PAD, PAD], [PAD, PAD, PAD]]),
        (
            {"go": True, "eos": False},
            [[GO, EIN, UND, ZWANZIG], [GO, ZWANZIG, PAD, PAD], [GO, PAD, PAD, PAD]],
        ),
        (
            {"go": True, "length": 6},
            [
                [GO, EIN, UND, ZWANZIG, EOS, PAD],
                [GO, ZWANZIG, EOS, PAD, PAD, PAD],
                [GO, EOS, PAD, PAD, PAD, PAD],
            ],
        ),
    ],
)
def test_encode(arguments, rows):
    ids, mask = TokenVocabulary(TOKENS).encode([TOKENS, ["zwanzig"], []], **arguments)
    np.testing.assert_array_equal(ids, rows)
    np.testing.assert_array_equal(mask, np.array(rows) != PAD)
    assert (ids.dtype, mask.dtype) == (np.int32, bool)


def test_unknown_tokens_have_one_number():
    vocabulary = TokenVocabulary(TOKENS)
    ids, mask = vocabulary.encode([["elf", "und", "<unknown>"]])
    np.testing.assert_array_equal(ids, [[UNK, UND, UNK, EOS]])
    assert mask.all()
    assert vocabulary.decode(ids) == [["<unk>", "und", "<unk>"]]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.text(max_size=3), max_size=5), min_size=1, max_size=5),
    st.integers(0, 3),
    st.booleans(),
)
def test_decode_inverts_encode(sequences, more, go):
    vocabulary = TokenVocabulary.from_sequences(sequences)
    length = max(map(len, sequences)) + 1 + go + more
    for eos in (True, False):
        ids, mask = vocabulary.encode(sequences, length, go=go, eos=eos)
        assert ids.shape == (len(sequences), length)
        assert vocabulary.decode(ids) == sequences
        assert vocabulary.decode(ids.tolist()) == sequences
        np.testing.assert_array_equal(mask.sum(axis=1), [len(s) + go + eos for s in sequences])


@pytest.mark.parametrize(
    ("ids", "tokens"),
    [
        ([EIN, UND, ZWANZIG], TOKENS),
        (np.array([GO, EIN, EOS, PAD], "int32"), ["ein"]),
        ([EIN, EOS, UND, EOS], ["ein"]),
        ([EOS, EIN], []),
        ([PAD, PAD], []),
        ([], []),
        # What a network gets wrong stays to be seen.
        ([GO, EIN, GO, UND], ["ein", "<go>", "und"]),
        ([EIN, PAD, UND, PAD], ["ein", "<pad>", "und"]),
        ([[EIN, EOS], [UND, ZWANZIG, EIN], []], [["ein"], ["und", "zwanzig", "ein"], []]),
        (np.zeros((2, 3), "int64"), [[], []]),
    ],
)
def test_decode(ids, tokens):
    assert TokenVocabulary(TOKENS).decode(ids) == tokens


def test_from_sequences_does_not_depend_on_their_order():
    sequences = [["un", "mille"], ["cent"], [], ["cent", "un"], ["trois", "et", "deux", "dix"]]
    vocabulary = TokenVocabulary.from_sequences(sequences)
    assert vocabulary.tokens == ["cent", "deux", "dix", "et", "mille", "trois", "un"]
    assert TokenVocabulary.from_sequences(iter(sequences[::-1])).tokens == vocabulary.tokens


def test_tokens_are_all_that_is_to_be_stored():
    vocabulary = TokenVocabulary(iter(["b", "ä", "a"]))
    again = TokenVocabulary(json.loads(json.dumps(vocabulary.tokens)))
    np.testing.assert_array_equal(again.encode([["a", "b", "ä"]])[0], [[6, 4, 5, EOS]])


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (["a", "<eos>"], "`tokens` must have no name of a sign. Received: '<eos>' at position 1"),
        (["<pad>"], "`tokens` must have no name of a sign. Received: '<pad>' at position 0"),
        (["a", "b", "a"], "`tokens` must have each token once. Received: 'a' at position 2"),
        (["a", 1], r"`tokens` must be a list of strings. Received: \['a', 1\]"),
        ("abc", "`tokens` must be a list of strings. Received: 'abc'"),
        (None, "`tokens` must be a list of strings. Received: None"),
    ],
)
def test_bad_tokens(tokens, message):
    with pytest.raises(ValueError, match=message):
        TokenVocabulary(tokens)


BAD_SEQUENCES = [
    ([["ein"], ["<go>"]], "`sequences` must have no name of a sign .* '<go>' in sequence 1"),
    ([["<unk>"]], "`sequences` must have no name of a sign .* '<unk>' in sequence 0"),
    (["ein", "und"], "`sequences` must be lists of strings. Received: 'ein'"),
    ([[4, 5]], r"`sequences` must be lists of strings. Received: \[4, 5\]"),
    ("ein", "`sequences` must be lists of strings. Received: 'ein'"),
    (None, "`sequences` must be lists of strings. Received: None"),
]


@pytest.mark.parametrize(("sequences", "message"), BAD_SEQUENCES)
@pytest.mark.parametrize("reader", [TokenVocabulary(TOKENS).encode, TokenVocabulary.from_sequences])
def test_bad_sequences(reader, sequences, message):
    with pytest.raises(ValueError, match=message):
        reader(sequences)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"sequences": [["ein"], TOKENS], "length": 4, "go": True},
            "`length` must be at least 5 for sequence 1 and its signs. Received: length=4",
        ),
        ({"sequences": [["ein"]], "length": 0}, "`length` must be an integer of at least 1. .*=0"),
        ({"sequences": []}, "`sequences` must have one sequence or more. Received: none"),
    ],
)
def test_bad_arguments_of_encode(arguments, message):
    with pytest.raises(ValueError, match=message):
        TokenVocabulary(TOKENS).encode(**arguments)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([EIN, 7], "`ids` must be from 0 to 6. Received: 7"),
        ([[EIN, EOS, -1]], "`ids` must be from 0 to 6. Received: -1"),
        ([4.0], "`ids` must be integers. Received: float64"),
        ([[True, False]], "`ids` must be integers. Received: bool"),
    ],
)
def test_bad_ids(ids, message):
    with pytest.raises(ValueError, match=message):
        TokenVocabulary(TOKENS).decode(ids)
