"""Records beside the figures of the book's sources."""

from collections.abc import Iterable

from nncourse.experiments._recipes import RECIPES, SOURCES

_NONE = "–"


def results_table(records: Iterable[dict]) -> str:
    """Lists records of the MNIST ladder as a table in Markdown, a row a rung.

    Args:
        records: What `train_mnist` returns, of any rungs and seeds, trained on MNIST.

    Returns:
        The table. A rung without a record has its sources' figure alone.

    Raises:
        ValueError: For a record on other data, or two of the same rung and seed.

    Example:
        >>> from nncourse.experiments import results_table
        >>> print(results_table([]).splitlines()[2])
        | baseline | 97.80 | – | – | – | – | – |
    """
    by_rung = {rung: [] for rung in RECIPES}
    for record in sorted(records, key=lambda record: record["seed"]):
        if record["data"] != "mnist":
            raise ValueError(
                f"`records` must be trained on MNIST. Received: data={record['data']!r}"
            )
        of_rung = by_rung[record["model"]]
        if any(other["seed"] == record["seed"] for other in of_rung):
            raise ValueError(
                "`records` must have one record for each rung and seed. "
                f"Received: two of {record['model']}, seed {record['seed']}"
            )
        of_rung.append(record)
    header = (
        "Rung",
        "Sources, %",
        "Test, % (seed)",
        "Errors in 10,000",
        "Parameters",
        "Epochs",
        "Processor minutes",
    )
    rows = [header, ("---",) + ("---:",) * (len(header) - 1)]
    rows += [_row(rung, of_rung) for rung, of_rung in by_rung.items()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(rung: str, records: list[dict]) -> tuple[str, ...]:
    source = f"{SOURCES[rung]:.2f}"
    if not records:
        return (rung, source, *[_NONE] * 5)
    recipe = records[0]["recipe"]
    members = f"{recipe['members']} × " if recipe["members"] > 1 else ""
    return (
        rung,
        source,
        ", ".join(f"{_percent(record):.2f}&nbsp;({record['seed']})" for record in records),
        ", ".join(_errors(record) for record in records),
        f"{records[0]['parameters']:,}",
        f"{members}{recipe['epochs']}",
        ", ".join(f"{record['seconds']['cpu'] / 60:.1f}" for record in records),
    )


def _errors(record: dict) -> str:
    alone = [member["test"]["errors"] for member in record["members"]]
    members = f" (members {min(alone)} to {max(alone)})" if len(alone) > 1 else ""
    return f"{record['test']['errors']}{members}"


def terminal_table(records: list[dict]) -> str:
    """The same for a terminal: a row a record."""
    lines = [
        f"{'rung':<9}{'test %':>8}{'sources %':>11}{'parameters':>12}{'epochs':>8}{'seconds':>9}"
    ]
    for record in records:
        recipe = record["recipe"]
        epochs = f"{recipe['members']} x {recipe['epochs']}" if recipe["members"] > 1 else ""
        lines.append(
            f"{record['model']:<9}{_percent(record):>8.2f}{SOURCES[record['model']]:>11.2f}"
            f"{record['parameters']:>12,}{epochs or recipe['epochs']:>8}"
            f"{record['seconds']['wall']:>9.0f}"
        )
    return "\n".join(lines)


def _percent(record: dict) -> float:
    return 100 * record["test"]["accuracy"]
