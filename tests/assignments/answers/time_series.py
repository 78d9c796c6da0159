"""Right answers to the exercises of the chapter *Time series*, written another way."""

import numpy as np


def fit_autoregression(series, p):
    """By the pseudoinverse, row by row."""
    rows = [[1.0, *series[t - p : t][::-1]] for t in range(p, len(series))]
    return list(np.linalg.pinv(rows) @ series[p:])


def largest_root(a):
    """The largest eigenvalue of the matrix that moves the window on."""
    p = len(a)
    companion = np.zeros((p, p))
    companion[0] = a
    companion[1:, :-1] = np.eye(p - 1)
    return max(abs(np.linalg.eigvals(companion)))


def causal_field(k, dilations):
    """By following the values that are seen."""
    seen = {0}
    for d in reversed(dilations):
        seen = {step + j * d for step in seen for j in range(k)}
    return max(seen) + 1


def kalman_step(m, P, y, a, c, q, r):
    """With precisions, which add."""
    m, P = a * m, a * a * P + q
    precision = 1 / P + c * c / r
    return [(m / P + c * y / r) / precision, 1 / precision]


def log_likelihood(initial, transition, emission, symbols):
    """In logarithms."""
    alpha = np.log(initial) + np.log(emission[:, symbols[0]])
    for symbol in symbols[1:]:
        arrivals = [np.logaddexp.reduce(alpha + np.log(column)) for column in transition.T]
        alpha = np.array(arrivals) + np.log(emission[:, symbol])
    return np.logaddexp.reduce(alpha)


def backward_log_likelihood(initial, transition, emission, symbols):
    """From the end, with a scale."""
    beta, total = np.ones(len(initial)), 0.0
    for symbol in symbols[:0:-1]:
        beta = transition @ (emission[:, symbol] * beta)
        total += np.log(beta.max())
        beta = beta / beta.max()
    return total + np.log(initial @ (emission[:, symbols[0]] * beta))


def best_path(initial, transition, emission, symbols):
    """With whole paths in place of notes of where they come from."""
    best = {j: (p * emission[j, symbols[0]], (j,)) for j, p in enumerate(initial)}
    for symbol in symbols[1:]:
        best = {
            j: max(
                (p * transition[i, j] * emission[j, symbol], (*path, j))
                for i, (p, path) in best.items()
            )
            for j in range(len(initial))
        }
    return max(best.values())[1]


def best_path_backward(initial, transition, emission, symbols):
    """From the end: how good the best continuation is, then forward along the best."""
    rest = [np.zeros(len(initial))]
    for symbol in symbols[:0:-1]:
        rest.insert(0, (np.log(transition) + np.log(emission[:, symbol]) + rest[0]).max(axis=1))
    chances, path = np.log(initial), []
    for symbol, ahead in zip(symbols, rest, strict=True):
        path.append(int((chances + np.log(emission[:, symbol]) + ahead).argmax()))
        chances = np.log(transition[path[-1]])
    return path


ANSWERS = [
    ("time_series.fit_autoregression", fit_autoregression),
    ("time_series.largest_root", largest_root),
    ("time_series.causal_field", causal_field),
    ("time_series.kalman_step", kalman_step),
    ("time_series.log_likelihood", log_likelihood),
    ("time_series.log_likelihood", backward_log_likelihood),
    ("time_series.best_path", best_path),
    ("time_series.best_path", best_path_backward),
]
