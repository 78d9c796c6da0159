import numpy as np
import pytest

from nncourse.scratch import HiddenMarkovModel
from tests.scratch.series_examples import WEATHER


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("initial", [0.6, 0.5], r"The probabilities of `initial` must have the sum 1.*1\.1"),
        ("initial", [1.5, -0.5], "`initial` must hold probabilities. Received: -0.5"),
        ("initial", [np.nan, 1], r"`initial` must hold finite numbers.*initial\[0\]=nan"),
        ("initial", [[0.6, 0.4]], r"`initial` must have the shape \(states,\).*shape \(1, 2\)"),
        ("initial", [], r"`initial` must have the shape \(states,\).*shape \(0,\)"),
        ("transition", np.eye(3), r"`transition` must have the shape \(2, 2\).*shape \(3, 3\)"),
        ("transition", [[1, 0], [1]], r"`transition` must hold numbers in the shape \(2, 2\)"),
        ("transition", [[1, 0], [0.4, 0.4]], r"each row of `transition` must have the sum 1"),
        ("transition", [[0.7, 0.4], [0.3, 0.6]], r"each row of `transition`.*\[1.1 0.9\]"),
        ("emission", np.eye(3), r"`emission` must have the shape \(2, symbols\).*shape \(3, 3\)"),
        ("emission", np.ones((2, 0)), r"`emission` must have the shape \(2, symbols\)"),
        ("emission", [[0.5, 0.4], [1, 0]], r"each row of `emission` must have the sum 1"),
        ("emission", [[2, -1], [1, 0]], "`emission` must hold probabilities. Received: -1"),
    ],
)
def test_bad_probabilities_are_named(name, value, message):
    with pytest.raises(ValueError, match=message):
        HiddenMarkovModel(**WEATHER | {name: value})


BAD_SYMBOLS = pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ([], r"of shape \(0,\)"),
        ([[0, 1], [1, 0]], r"of shape \(2, 2\)"),
        ([[0, 1], [1]], r"\[\[0, 1\], \[1\]\]. A sequence at a time"),
        ([0, 1, 3], r"\[2\]=3"),
        ([0, -1], r"\[1\]=-1"),
        ([0.0, 1.0], "of type float64"),
        (["a", "b"], "of type <U1"),
        ([True, False], "of type bool"),
    ],
)


@pytest.mark.parametrize("method", ["log_likelihood", "posterior", "viterbi"])
@BAD_SYMBOLS
def test_bad_symbols_are_named(method, symbols, message):
    wanted = "`symbols` must be a sequence of one or more integers from 0 to 2. Received: .*"
    with pytest.raises(ValueError, match=wanted + message):
        getattr(HiddenMarkovModel(**WEATHER), method)(symbols)


@BAD_SYMBOLS
def test_bad_sequences_are_named_and_nothing_is_learned(symbols, message):
    model = HiddenMarkovModel(**WEATHER)
    with pytest.raises(ValueError, match=rf"`sequences\[1\]` must be a sequence.*{message}"):
        model.fit([[0, 1], symbols])
    np.testing.assert_array_equal(model.transition, WEATHER["transition"])


def test_bad_requests_are_named():
    model = HiddenMarkovModel(**WEATHER)
    for arguments, message in (
        (dict(sequences=[]), r"`sequences` must hold one sequence of symbols or more. Received"),
        (dict(sequences=[0, 1]), r"`sequences` must .* is `\[symbols\]`.*sequences\[0\]=0"),
        (dict(sequences=[[0]], iterations=0), "`iterations` must be a positive integer"),
        (dict(sequences=[[0]], tolerance=-1), "`tolerance` must be a finite number of 0 or more"),
        (dict(sequences=[[0]], tolerance=np.nan), "`tolerance` must be .* tolerance=nan"),
    ):
        with pytest.raises(ValueError, match=message):
            model.fit(**arguments)
    for steps in (0, 2.5):
        with pytest.raises(ValueError, match=f"`steps` must be a positive .*steps={steps}"):
            model.sample(steps, 0)
    never = HiddenMarkovModel([1, 0], np.eye(2), [[1, 0, 0], [0, 0.5, 0.5]])
    with pytest.raises(ValueError, match=r"`sequences\[1\]` must be possible"):
        never.fit([[0, 0], [0, 1]])
