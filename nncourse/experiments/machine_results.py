"""Records of machines with a memory, on their tasks."""

from collections.abc import Iterable

from nncourse.experiments.ntm import MODELS, TASKS

_SOLVED = 0.1  # wrong bits a sequence
_NEVER = "–"


def machine_table(records: Iterable[dict]) -> str:
    """Lists records of tasks for machines with a memory as a table in Markdown.

    Args:
        records: What `train_ntm` returns, of any tasks, models and seeds.

    Returns:
        The table, a row for each kind of sequences that a model was judged on. A task is solved
        after as many sequences as it took until the wrong bits of the validation sequences fell
        below 0.1 a sequence and stayed there.

    Raises:
        ValueError: For two records of the same task, model and seed.

    Example:
        >>> from nncourse.experiments import machine_table
        >>> print(machine_table([]).splitlines()[0].split(" | ")[1])
        Network
    """
    ordered = sorted(records, key=lambda record: record["seed"])
    header = (
        "Task",
        "Network",
        "Parameters",
        "Sequences seen",
        "Solved after",
        "Judged on",
        "Wrong bits (seed)",
        "of",
        "Processor minutes",
    )
    rows = [header, ("---",) * 2 + ("---:",) * 3 + ("---",) + ("---:",) * 3]
    for task in TASKS:
        for model in MODELS:
            chosen = [r for r in ordered if (r["data"], r["model"]) == (task, model)]
            seeds = [record["seed"] for record in chosen]
            if len(set(seeds)) < len(seeds):
                raise ValueError(
                    "`records` must have one record for each task, model and seed. "
                    f"Received: seeds {seeds} of {model} on {task}"
                )
            if chosen:
                rows += _rows(task, model, chosen)
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _rows(task: str, model: str, records: list[dict]) -> Iterable[tuple[str, ...]]:
    """The first row tells what was trained, those after it only how it did."""
    recipe = records[0]["recipe"]
    about = (
        task.replace("_", " "),
        _network(model, recipe),
        f"{records[0]['parameters']:,}",
        f"{recipe['epochs'] * recipe['epoch_steps'] * recipe['batch_size']:,}",
        ", ".join(_thousands(solved_after(record)) for record in records),
    )
    minutes = ", ".join(f"{record['seconds']['cpu'] / 60:.1f}" for record in records)
    for index, test in enumerate(records[0]["test"]):
        scores = [(record["seed"], record["test"][index]) for record in records]
        wrong = ", ".join(f"{score['wrong_bits']:.2f}&nbsp;({seed})" for seed, score in scores)
        judged = (test["kind"], wrong, f"{test['asked']:.0f}")
        yield (*about, *judged, minutes) if index == 0 else ("",) * 5 + (*judged, "")
    if "guesses" in records[0]:
        costs = ", ".join(f"{record['test'][0]['cost']:.1f}" for record in records)
        best, *others = sorted(guess["cost"] for guess in records[0]["guesses"])
        floor = f"the best there is {best:.1f}, with one bit less {min(others):.1f}"
        yield ("",) * 5 + ("cost in bits", f"{costs}; {floor}", "", "")


def _network(model: str, recipe: dict) -> str:
    if model == "lstm":
        layers = f"{recipe['depth']} × " if recipe["depth"] > 1 else ""
        return f"LSTM, {layers}{recipe['units']} units"
    heads = f", {recipe['heads']} heads each" if recipe["heads"] > 1 else ""
    controller = {"lstm": "LSTM", "dense": "dense"}[recipe["controller"]]
    memory = f"{recipe['memory_slots']}×{recipe['memory_width']}"
    return f"NTM, {controller} {recipe['units']}, {memory}{heads}"


def _thousands(number: int | None) -> str:
    return _NEVER if number is None else f"{number:,}"


def solved_after(record: dict) -> int | None:
    """The sequences seen until the validation's wrong bits fell below 0.1 and stayed there."""
    recipe = record["recipe"]
    above = [row["epoch"] for row in record["history"] if row["val_wrong_bits"] >= _SOLVED]
    epochs = max(above, default=0) + 1
    if epochs > recipe["epochs"]:
        return None
    return epochs * recipe["epoch_steps"] * recipe["batch_size"]


def machine_lines(record: dict) -> str:
    """A record for a terminal: the wrong bits of each kind of sequences, and what they cost."""
    lines = [f"{'a sequence':<16}{'bits asked':>12}{'wrong':>9}{'cost':>9}{'faultless':>11}"]
    lines += [
        f"{test['kind']:<16}{test['asked']:>12.1f}{test['wrong_bits']:>9.2f}{test['cost']:>9.2f}"
        f"{test['faultless']:>11.1%}"
        for test in record["test"]
    ]
    for guess in record.get("guesses", []):
        lines.append(f"{'best of order ' + str(guess['order']):<16}{guess['cost']:>30.2f}")
    return "\n".join(lines)
