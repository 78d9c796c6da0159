"""The learning curves of a run, as an image."""

from pathlib import Path

import numpy as np

from nncourse.visualizations import plot_training, use_style


def save_curves(record: dict, path: Path) -> None:
    """Draws loss and accuracy over the epochs, for an ensemble the means of its members.

    Not by way of pyplot, which would look for a screen and change the reader's settings.
    """
    import matplotlib
    from matplotlib.figure import Figure

    names = ("loss", "val_loss", "accuracy", "val_accuracy")
    epochs = record["recipe"]["epochs"]
    history = {
        name: np.reshape([row[name] for row in record["history"]], (-1, epochs)).mean(axis=0)
        for name in names
    }
    with matplotlib.rc_context():
        use_style()
        figure = Figure(figsize=(9.6, 4.0))
        plot_training(history, metrics=("loss", "accuracy"), ax=figure.subplots(1, 2))
        members = record["recipe"]["members"]
        figure.suptitle(
            f"{record['model']}, seed {record['seed']}"
            + (f", mean of {members} members" if members > 1 else "")
        )
        figure.savefig(path, dpi=150)
