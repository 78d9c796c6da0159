"""The learning curves of a run, as an image."""

from pathlib import Path

import numpy as np

from nncourse.visualizations import plot_training, use_style


def save_curves(record: dict, metrics: tuple[str, ...], path: Path) -> None:
    """Draws metrics over the epochs, for an ensemble the means of its members.

    Not by way of pyplot, which would look for a screen and change the reader's settings.
    """
    import matplotlib
    from matplotlib.figure import Figure

    epochs, members = record["recipe"]["epochs"], record["recipe"]["members"]
    history = {
        name: np.reshape([row[name] for row in record["history"]], (-1, epochs)).mean(axis=0)
        for metric in metrics
        for name in (metric, f"val_{metric}")
    }
    with matplotlib.rc_context():
        use_style()
        figure = Figure(figsize=(4.8 * len(metrics), 4.0))
        plot_training(history, metrics=metrics, ax=figure.subplots(1, len(metrics)))
        figure.suptitle(
            f"{record['model']}, seed {record['seed']}"
            + (f", mean of {members} members" if members > 1 else "")
        )
        figure.savefig(path, dpi=150)
