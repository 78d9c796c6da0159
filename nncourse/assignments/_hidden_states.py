"""The exercises on hidden Markov models: the likelihood of symbols, the best path."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.scratch import HiddenMarkovModel


def _rows(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Rows of probabilities, none close to 0, short enough to be typed in again."""
    parts = np.ones(shape, dtype=int)
    for row in parts.reshape(-1, shape[-1]):
        row += rng.multinomial(20 - shape[-1], rng.dirichlet(np.ones(shape[-1])))
    return parts / 20


def _model(rng: np.random.Generator) -> tuple:
    states, count = (int(n) for n in rng.integers(2, 4, 2))
    return _rows(rng, states), _rows(rng, states, states), _rows(rng, states, count)


# --- the likelihood --------------------------------------------------------------------------


def _log_likelihood(initial, transition, emission, symbols):
    return HiddenMarkovModel(initial, transition, emission).log_likelihood(symbols)


def _without_scaling(initial, transition, emission, symbols):
    alpha = initial * emission[:, symbols[0]]
    for symbol in symbols[1:]:
        alpha = alpha @ transition * emission[:, symbol]
    return np.log(alpha.sum())


def _of_steps(initial, transition, emission, symbols):
    """Each symbol by itself: the state is forgotten."""
    chances, total = initial, 0.0
    for symbol in symbols:
        total += np.log(chances @ emission[:, symbol])
        chances = chances @ transition
    return total


def _asked(rng: np.random.Generator):
    yield np.array([0.5, 0.5]), np.array([[0.8, 0.2], [0.2, 0.8]]), np.eye(2) / 2 + 0.25, [0]
    for steps in (2, 3, 3, 5, 8, 12, 20, 40, 60, 2000, 2000):
        model = _model(rng)
        yield *model, rng.integers(0, model[2].shape[1], steps).tolist()


LOG_LIKELIHOOD = Exercise(
    "time_series.log_likelihood",
    solution=_log_likelihood,
    cases=_asked,
    hint="Start with initial * emission[:, symbols[0]]. For each further symbol go on with "
    "alpha @ transition * emission[:, symbol], divide by the sum, and add up the logarithms of "
    "the sums.",
    mistakes=(
        (
            _without_scaling,
            "The product of thousands of probabilities underflows to 0, and its logarithm is minus "
            "infinity. Divide by the sum at each step, or compute with logarithms.",
        ),
        (
            lambda initial, transition, emission, symbols: HiddenMarkovModel(
                initial, transition, emission
            ).viterbi(symbols)[1],
            "This is the probability of the best path together with the symbols. Sum over all "
            "paths.",
        ),
        (
            lambda initial, transition, emission, symbols: _log_likelihood(
                initial @ transition, transition, emission, symbols
            ),
            "There is no transition before the first symbol: it is drawn in the initial state.",
        ),
        (
            _of_steps,
            "Each symbol is taken by itself. What the symbols so far tell about the state must be "
            "carried on: multiply by the emission before the transition.",
        ),
        (
            lambda initial, transition, emission, symbols: (
                -_log_likelihood(initial, transition, emission, symbols)
            ),
            "The sign: the logarithm of a probability is negative.",
        ),
    ),
)

# --- the best path ---------------------------------------------------------------------------


def _best_path(initial, transition, emission, symbols):
    return HiddenMarkovModel(initial, transition, emission).viterbi(symbols)[0]


def _greedy(initial, transition, emission, symbols):
    path = [int((initial * emission[:, symbols[0]]).argmax())]
    for symbol in symbols[1:]:
        path.append(int((transition[path[-1]] * emission[:, symbol]).argmax()))
    return path


def _filtered(initial, transition, emission, symbols):
    alpha, path = initial * emission[:, symbols[0]], []
    for symbol in [*symbols[1:], symbols[0]]:
        path.append(int(alpha.argmax()))
        alpha = (alpha / alpha.sum()) @ transition * emission[:, symbol]
    return path


def _lead(initial, transition, emission, symbols) -> float:
    """How far the best path is ahead of every other one, in logarithms."""
    log_A, log_B = np.log(transition), np.log(emission)
    into, out = [np.log(initial) + log_B[:, symbols[0]]], [np.zeros(len(log_A))]
    for symbol in symbols[1:]:
        into.append((into[-1][:, None] + log_A).max(axis=0) + log_B[:, symbol])
    for symbol in symbols[:0:-1]:
        out.append((log_A + log_B[:, symbol] + out[-1]).max(axis=1))
    through = np.sort(np.add(into, out[::-1]), axis=1)  # the best path through each state
    return (through[:, -1] - through[:, -2]).min()


def _is_telling(model: tuple, symbols: list) -> bool:
    """Whether the best path is the only one, not trivial, and every mistake gives another."""
    hmm = HiddenMarkovModel(*model)
    path = hmm.viterbi(symbols)[0]
    others = [hmm.posterior(symbols).argmax(axis=1), _greedy(*model, symbols)]
    others += [_filtered(*model, symbols), path[::-1], model[2].argmax(axis=0)[symbols]]
    is_told = not any(np.array_equal(path, other) for other in others)
    return is_told and len(set(path)) > 1 and _lead(*model, symbols) > 1e-6


def _paths_asked(rng: np.random.Generator):
    wanted = [3, 4, 5, 6, 6, 8, 8, 10, 12, 15]
    yield np.array([0.3, 0.7]), np.array([[0.8, 0.2], [0.2, 0.8]]), np.eye(2) / 2 + 0.25, [1]
    while wanted:
        model = _model(rng)
        symbols = rng.integers(0, model[2].shape[1], wanted[0]).tolist()
        if _is_telling(model, symbols):
            del wanted[0]
            yield *model, symbols


BEST_PATH = Exercise(
    "time_series.best_path",
    solution=_best_path,
    cases=_paths_asked,
    rtol=0,
    hint="Keep for each state the score of the best path into it and where that path comes from; "
    "begin the way back at the state with the largest score.",
    mistakes=(
        (
            lambda initial, transition, emission, symbols: (
                HiddenMarkovModel(initial, transition, emission).posterior(symbols).argmax(axis=1)
            ),
            "These are the most probable states, each by itself. Take the maximum over the states "
            "before where the forward recursion takes the sum.",
        ),
        (
            _greedy,
            "This decides at once, step by step. A path that is behind now may be the best in the "
            "end: decide at the end, and read back.",
        ),
        (
            _filtered,
            "These are the states that the symbols up to each step make most probable. The later "
            "symbols count, too.",
        ),
        (
            lambda initial, transition, emission, symbols: _best_path(
                initial, transition, emission, symbols
            )[::-1],
            "The path is read from the end to the start. Turn it around.",
        ),
        (
            lambda initial, transition, emission, symbols: emission.argmax(axis=0)[symbols],
            "This looks at each symbol alone, without initial and transition.",
        ),
    ),
)
