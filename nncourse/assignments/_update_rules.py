"""The exercises on update rules and schedules."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw


def _momentum_step(w, v, g, lr, alpha):
    v = alpha * v - lr * g
    return w + v, v


def _momentum_inputs(rng: np.random.Generator) -> list[tuple]:
    return [
        (np.ones(2), np.zeros(2), np.array([1.0, 50.0]), 0.01, 0.9),
        *(
            (
                *draw(rng, 3, *shape),
                float(rng.choice([0.1, 0.2, 0.3])),
                float(rng.choice([0.5, 0.8])),
            )
            for shape in [(1,), (3,), (4,), (2, 2), (2, 3)] * 2
        ),
    ]


MOMENTUM_STEP = Exercise(
    "training.momentum_step",
    solution=_momentum_step,
    cases=_momentum_inputs,
    hint="First the velocity, alpha * v - lr * g; then the weights move by the new velocity. "
    "Return (w, v).",
    mistakes=(
        (
            lambda w, v, g, lr, alpha: (w + v, alpha * v - lr * g),
            "The weights move by the old velocity. Compute the new one first.",
        ),
        (
            lambda w, v, g, lr, alpha: (w + alpha * v + lr * g, alpha * v + lr * g),
            "This climbs: the velocity takes up -lr * g.",
        ),
        (
            lambda w, v, g, lr, alpha: (w - lr * g, -lr * g),
            "This is plain descent: the old velocity is lost. Keep alpha * v of it.",
        ),
        (
            lambda w, v, g, lr, alpha: (w + v - lr * g, v - lr * g),
            "The velocity is kept whole. Only the part alpha of it stays.",
        ),
        (
            lambda w, v, g, lr, alpha: (w + alpha * v - g, alpha * v - g),
            "The learning rate lr is missing.",
        ),
        (
            lambda w, v, g, lr, alpha: (
                w + alpha * (alpha * v - lr * g) - lr * g,
                alpha * v - lr * g,
            ),
            "This is Nesterov's rule in Keras's form. Plain momentum adds the new velocity to w.",
        ),
        (
            lambda w, v, g, lr, alpha: (
                w + alpha * v - (1 - alpha) * lr * g,
                alpha * v - (1 - alpha) * lr * g,
            ),
            "This takes a running mean. In the chapter's rule the gradient enters whole, without a "
            "factor 1 - alpha.",
        ),
        (
            lambda w, v, g, lr, alpha: _momentum_step(w, v, g, lr, alpha)[::-1],
            "The order is (w, v): the weights first.",
        ),
    ),
)


def _adam_step(w, m, r, g, lr, k, corrected=True, squared=True):
    m = 0.9 * m + 0.1 * g
    r = 0.999 * r + 0.001 * (g**2 if squared else np.abs(g))
    correction = (1 - 0.9**k, 1 - 0.999**k) if corrected else (1, 1)
    return w - lr * (m / correction[0]) / (np.sqrt(r / correction[1]) + 1e-7), m, r


def _adam(w, m, r, g, lr, k):
    return _adam_step(w, m, r, g, lr, k)


def _adam_inputs(rng: np.random.Generator) -> list[tuple]:
    def case(shape, k):
        w, m, g = draw(rng, 3, *shape)
        return w, m, np.abs(draw(rng, *shape)), g, float(rng.choice([0.1, 0.3, 0.5])), k

    start = np.array([1.0, 1.0])
    return [
        (start, np.zeros(2), np.zeros(2), np.array([1.0, -50.0]), 0.1, 1),
        *(case(shape, int(rng.integers(2, 30))) for shape in [(1,), (3,), (2, 2), (2, 3)] * 3),
    ]


ADAM_STEP = Exercise(
    "training.adam_step",
    solution=_adam,
    cases=_adam_inputs,
    hint="Update m with g and r with g**2, divide them by 1 - 0.9**k and 1 - 0.999**k for the step "
    "alone, and return (w, m, r) with the uncorrected m and r.",
    mistakes=(
        (
            lambda w, m, r, g, lr, k: _adam_step(w, m, r, g, lr, k, corrected=False),
            "The correction for the start at zero is missing: divide m by 1 - 0.9**k and r by "
            "1 - 0.999**k for the step.",
        ),
        (
            lambda w, m, r, g, lr, k: _adam_step(w, m, r, g, lr, k + 1),
            "The first step is number 1: the corrections are those of one step later.",
        ),
        (
            lambda w, m, r, g, lr, k: _adam_step(w, m, r, g, lr, k, squared=False),
            "r is the running mean of the squared gradient.",
        ),
        (
            lambda w, m, r, g, lr, k: _adam_step(w, m, r, g, -lr, k),
            "The step goes uphill: subtract it.",
        ),
        (
            lambda w, m, r, g, lr, k: (
                w - lr * g / (np.sqrt(_adam(w, m, r, g, lr, k)[2] / (1 - 0.999**k)) + 1e-7),
                *_adam(w, m, r, g, lr, k)[1:],
            ),
            "The step goes along the running mean m, not along the gradient itself: that is "
            "RMSprop.",
        ),
        (
            lambda w, m, r, g, lr, k: (
                _adam(w, m, r, g, lr, k)[0],
                _adam(w, m, r, g, lr, k)[1] / (1 - 0.9**k),
                _adam(w, m, r, g, lr, k)[2] / (1 - 0.999**k),
            ),
            "The step is right, but keep the uncorrected m and r: corrected ones would be "
            "corrected again at the next step.",
        ),
    ),
)


def _cosine_schedule(step, total, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return _half_cosine((step - warmup) / (total - warmup), peak)


def _half_cosine(progress, peak):
    return peak * (1 + np.cos(np.pi * min(1, progress))) / 2


def _schedule_inputs(rng: np.random.Generator) -> list[tuple]:
    def case():
        total, warmup = int(rng.integers(50, 200)), int(rng.integers(5, 40))
        return (
            int(rng.integers(warmup + 1, total)),
            total,
            float(rng.choice([0.5, 1.0, 2.0])),
            warmup,
        )

    return [
        (0, 100, 1.0, 10),
        (10, 100, 1.0, 10),
        (100, 100, 1.0, 10),
        (150, 100, 1.0, 10),
        (0, 100, 2.0, 0),
        (int(rng.integers(1, 10)), 100, 2.0, 10),
        *(case() for _ in range(8)),
    ]


COSINE_SCHEDULE = Exercise(
    "training.cosine_schedule",
    solution=_cosine_schedule,
    cases=_schedule_inputs,
    hint="Before `warmup`: peak * step / warmup. From there on, with the share u of the remaining "
    "steps that is over, at most 1: peak * (1 + cos(pi * u)) / 2.",
    mistakes=(
        (
            lambda step, total, peak, warmup: _half_cosine(step / total, peak),
            "There is no warm-up: the rate should rise from 0 first.",
        ),
        (
            lambda step, total, peak, warmup: (
                peak * step / warmup if step < warmup else _half_cosine(step / total, peak)
            ),
            "The cosine must begin at its top at step `warmup`: its share is (step - warmup) / "
            "(total - warmup).",
        ),
        (
            lambda step, total, peak, warmup: (
                _cosine_schedule(step, total, peak, warmup)
                if step < warmup
                else peak * (1 + np.cos(np.pi * (step - warmup) / (total - warmup))) / 2
            ),
            "After step `total` the rate rises again. It should stay at 0.",
        ),
        (
            lambda step, total, peak, warmup: (
                _cosine_schedule(step, total, peak, warmup)
                if step < warmup
                else peak * max(0, (total - step) / (total - warmup))
            ),
            "This falls along a straight line. It should be half a cosine.",
        ),
        (
            lambda step, total, peak, warmup: (
                _cosine_schedule(step, total, peak, warmup)
                if step < warmup
                else peak * np.cos(np.pi / 2 * min(1, (step - warmup) / (total - warmup)))
            ),
            "This is a quarter of a cosine, which ends at its steepest. Half of one, from +1 to "
            "-1, moved up by 1 and halved, ends flat.",
        ),
    ),
)
