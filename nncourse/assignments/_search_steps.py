"""The exercises on making a text: top-p, and one step of a beam search."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, numbers

# --- top-p -----------------------------------------------------------------------------------


def _kept(p, top_p, last_included=True):
    """Which symbols the fewest likeliest are that have together the probability top_p."""
    order = np.argsort(-p, kind="stable")
    reached = np.cumsum(p[order])
    keep = np.zeros(len(p), dtype=bool)
    keep[order] = (reached - p[order] if last_included else reached) < top_p - 1e-9
    return keep


def _nucleus(p, top_p):
    q = np.where(_kept(p, top_p), p, 0)
    return q / q.sum()


def _too_few(p, top_p):
    q = np.where(_kept(p, top_p, last_included=False), p, 0)
    return np.divide(q, q.sum())


def _distributions(rng: np.random.Generator):
    """The likeliest alone is enough; the middle of the order; almost all; then random ones."""
    yield np.array([0.05, 0.7, 0.25]), 0.6
    yield np.array([0.1, 0.4, 0.2, 0.3]), 0.75
    yield np.array([0.3, 0.15, 0.35, 0.2]), 0.99
    for size in rng.integers(5, 9, 9):
        yield rng.dirichlet(np.full(size, 0.8)) * 0.9 + 0.1 / size, round(rng.uniform(0.4, 0.9), 2)


NUCLEUS = Exercise(
    "language_models.nucleus",
    solution=_nucleus,
    cases=_distributions,
    hint="Sort from the likeliest down (np.argsort(-p)), keep a symbol while the sum of those "
    "before it is below top_p, set the others to 0, and divide by the sum of what is left.",
    mistakes=(
        (
            lambda p, top_p: np.where(_kept(p, top_p), p, 0),
            "What is left must sum to 1 again.",
        ),
        (
            _too_few,
            "The symbol with which the sum reaches top_p is kept as well; without it the sum stays "
            "below, and may be nothing at all.",
        ),
        (
            lambda p, top_p: np.where(p >= top_p, p, 0) / max(p[p >= top_p].sum(), 1e-300),
            "top_p is compared with the sum of the kept probabilities, not with a single one.",
        ),
        (
            lambda p, top_p: np.where(p >= 1 - top_p, p, 0) / max(p[p >= 1 - top_p].sum(), 1e-300),
            "top_p is compared with the sum of the kept probabilities, not with a single one. "
            "No threshold for single probabilities does it.",
        ),
        (
            lambda p, top_p: np.sort(_nucleus(p, top_p))[::-1],
            "Every symbol keeps its place: undo the sorting.",
        ),
        (
            lambda p, top_p: np.where(_kept(1 - p, top_p), p, 0) / p[_kept(1 - p, top_p)].sum(),
            "These are the unlikeliest. np.argsort puts the smallest first.",
        ),
        (
            lambda p, top_p: (
                np.where(np.cumsum(p) - p < top_p - 1e-9, p, 0)
                / p[np.cumsum(p) - p < top_p - 1e-9].sum()
            ),
            "These are the first in the vocabulary. Sort by probability before you add up.",
        ),
    ),
)

# --- a step of a beam search -----------------------------------------------------------------


def _best(totals, beam):
    flat = np.argsort(-totals, axis=None, kind="stable")[:beam]
    return np.divmod(flat, totals.shape[1])


def _beam_step(scores, log_p, beam):
    return _best(scores[:, None] + log_p, beam)


def _best_of_each(scores, log_p, beam):
    best = log_p.argmax(axis=1)
    order = np.argsort(-(scores + log_p.max(axis=1)), kind="stable")[:beam]
    return order, best[order]


def _read(pair, scores, log_p, beam):
    if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
        raise WrongForm("Return two arrays: the rows of the parents, and the symbols.")
    parents, symbols = (
        numbers(part, (beam,), what)
        for part, what in zip(pair, ("The rows", "The symbols"), strict=True)
    )
    return np.stack([parents, symbols])


def _beams(rng: np.random.Generator):
    """All from one parent; a good parent without good symbols; then random ones."""
    yield np.array([-1.0, -9.0]), np.log([[0.4, 0.35, 0.25], [0.8, 0.15, 0.05]]), 2
    yield np.array([-3.0, -1.0]), np.log([[0.97, 0.02, 0.01], [0.05, 0.15, 0.8]]), 2
    for beam in rng.integers(3, 5, 10):
        log_p = np.log(rng.dirichlet(np.full(5, 0.5), beam) * 0.95 + 0.01).round(2)
        log_p += rng.uniform(0, 0.004, log_p.shape)  # no ties
        yield rng.uniform(-4, -1, beam).round(2), log_p, int(beam)


BEAM_STEP = Exercise(
    "language_models.beam_step",
    solution=_beam_step,
    cases=_beams,
    hint="scores[:, None] + log_p holds all candidates. np.argsort of its negative, flattened, "
    "gives the best first; np.divmod by the number of symbols gives rows and symbols.",
    read=_read,
    mistakes=(
        (
            _best_of_each,
            "Here each sequence has one successor. All successors compete: the best sequence may "
            "have several, and another one none.",
        ),
        (
            lambda scores, log_p, beam: _best(log_p, beam),
            "What the sequences have so far must count as well.",
        ),
        (
            lambda scores, log_p, beam: _best(-scores[:, None] * log_p, beam),
            "Log-probabilities are added; it is probabilities that are multiplied.",
        ),
        (
            lambda scores, log_p, beam: _best(-(scores[:, None] + log_p), beam),
            "These are the worst. np.argsort puts the smallest first.",
        ),
        (
            lambda scores, log_p, beam: _beam_step(scores, log_p, beam)[::-1],
            "Rows and symbols are exchanged: divide by the number of symbols, not of rows.",
        ),
        (
            lambda scores, log_p, beam: tuple(
                part[::-1] for part in _beam_step(scores, log_p, beam)
            ),
            "The best comes first.",
        ),
    ),
)
