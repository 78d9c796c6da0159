"""The exercise on when early stopping ends the training."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm


def _epochs(result, *arguments) -> np.ndarray:
    if np.shape(result) != (2,):
        raise WrongForm("The answer consists of two numbers: (best, last).")
    return np.asarray(result)


def _stopping_epoch(val_losses, patience):
    return _stop(val_losses, patience)


def _stop(val_losses, patience, is_better=np.less, waited=np.greater_equal, waits_anew=True):
    best = wait = 0
    for epoch, loss in enumerate(val_losses):
        if epoch == 0:
            continue
        wait += 1
        if is_better(loss, val_losses[best]):
            best, wait = epoch, 0 if waits_anew else wait - 1
        elif waited(wait, patience):
            break
    return best, epoch


def _stop_at_rise(val_losses, patience):
    """Compares with the epoch before in place of the best one."""
    best = wait = 0
    for epoch in range(1, len(val_losses)):
        wait = wait + 1 if val_losses[epoch] >= val_losses[epoch - 1] else 0
        best = best if wait else epoch
        if wait == patience:
            return best, epoch
    return best, len(val_losses) - 1


def _rugged_losses(rng: np.random.Generator) -> list[tuple]:
    """Curves that fall and rise again, rugged and with ties."""
    cases = []
    for _ in range(14):
        epochs = np.arange(int(rng.integers(12, 25)))
        turn = rng.integers(3, 10)
        losses = np.abs(epochs - turn) / 5 + rng.normal(scale=0.4, size=len(epochs))
        cases.append((losses.round(1) + 2, int(rng.integers(2, 5))))
    return cases


STOPPING_EPOCH = Exercise(
    "generalization.stopping_epoch",
    solution=_stopping_epoch,
    cases=lambda rng: [
        (np.array([3.0, 2.0, 2.5, 2.4, 2.3, 1.0]), 3),
        (np.array([3.0, 2.0, 2.5, 2.4, 2.3, 1.0]), 4),
        (np.array([3.0, 2.0, 2.0, 2.0, 1.0]), 2),
        (np.array([2.0, 3.0, 2.5, 2.7, 1.5, 1.2, 1.4, 1.3, 1.3]), 2),
        *_rugged_losses(rng),
    ],
    rtol=0,
    read=_epochs,
    hint="Go through the epochs and remember the best so far. A loss below it is the new best; "
    "else, if the best lies `patience` epochs back, this epoch is the last.",
    mistakes=(
        (
            lambda val_losses, patience: (int(np.argmin(val_losses)), len(val_losses) - 1),
            "This looks at all epochs. Training stops once patience has run out, and a better "
            "epoch that would have come later is never seen.",
        ),
        (
            lambda val_losses, patience: _stop(val_losses, patience, waited=np.greater),
            "Training goes on for one epoch too many: it stops when `patience` epochs in a row "
            "brought no new best.",
        ),
        (
            lambda val_losses, patience: _stop(val_losses, patience - 1),
            "Training stops one epoch too early: it waits `patience` epochs after the best one.",
        ),
        (
            lambda val_losses, patience: _stop(val_losses, patience, is_better=np.less_equal),
            "An equal loss is no new best: it must be below all before.",
        ),
        (
            _stop_at_rise,
            "Compare with the best loss so far, not with that of the epoch before.",
        ),
        (
            lambda val_losses, patience: _stop(val_losses, patience, waits_anew=False),
            "A new best epoch starts the waiting anew: count the epochs since it.",
        ),
        (
            lambda val_losses, patience: (_stop(val_losses, patience)[1],) * 2,
            "The weights that are taken back are those of the best epoch, not of the last one.",
        ),
        (
            lambda val_losses, patience: _stop(val_losses, patience)[::-1],
            "The order is (best, last).",
        ),
    ),
)
