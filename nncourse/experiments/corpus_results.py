"""Records of language models beside n-grams of the same text."""

from collections.abc import Iterable

from nncourse.experiments.charlm import RECIPES


def corpus_table(records: Iterable[dict]) -> str:
    """Lists records of character-level language models as a table in Markdown, a row a corpus.

    Args:
        records: What `train_charlm` returns, of any corpora and seeds.

    Returns:
        The table. The n-gram beside is the one that is best on the validation text.

    Raises:
        ValueError: For two records of the same corpus and seed.

    Example:
        >>> from nncourse.experiments import corpus_table
        >>> print(corpus_table([]).splitlines()[0].split(" | ")[1])
        Network
    """
    ordered = sorted(records, key=lambda record: record["seed"])
    header = (
        "Corpus",
        "Network",
        "Validation, bits (seed)",
        "Test, bits",
        "Best n-gram: validation, test",
        "Parameters",
        "Epochs",
        "Processor minutes",
    )
    rows = [header, ("---",) * 2 + ("---:",) * (len(header) - 2)]
    for corpus in RECIPES:
        of_corpus = [record for record in ordered if record["data"] == corpus]
        seeds = [record["seed"] for record in of_corpus]
        if len(set(seeds)) < len(seeds):
            raise ValueError(
                "`records` must have one record for each corpus and seed. "
                f"Received: seeds {seeds} of {corpus}"
            )
        if of_corpus:
            rows.append(_row(corpus, of_corpus))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(corpus: str, records: list[dict]) -> tuple[str, ...]:
    recipe, ngram = records[0]["recipe"], best_ngram(records[0])
    layers = f"{recipe['depth']} × " if recipe["depth"] > 1 else ""
    return (
        corpus,
        f"{recipe['cell'].upper()}, {layers}{recipe['units']} units",
        ", ".join(f"{r['validation']['bits']:.3f}&nbsp;({r['seed']})" for r in records),
        ", ".join(f"{r['test']['bits']:.3f}" for r in records),
        f"order {ngram['order']}: {ngram['validation']:.3f}, {ngram['test']:.3f}",
        f"{records[0]['parameters']:,}",
        f"{recipe['epochs']}",
        ", ".join(f"{r['seconds']['cpu'] / 60:.1f}" for r in records),
    )


def best_ngram(record: dict) -> dict:
    """The n-gram of a record that is best on the validation text."""
    return min(record["ngrams"], key=lambda ngram: ngram["validation"])


def corpus_lines(record: dict) -> str:
    """A record for a terminal: bits a character of the network and of the best n-gram."""
    ngram = best_ngram(record)
    rows = (
        ("network", record["validation"]["bits"], record["test"]["bits"]),
        (f"{ngram['order']}-gram", ngram["validation"], ngram["test"]),
    )
    return "\n".join(
        [
            f"{'bits a character':<18}{'validation':>11}{'test':>8}",
            *(f"{name:<18}{validation:>11.3f}{test:>8.3f}" for name, validation, test in rows),
        ]
    )
