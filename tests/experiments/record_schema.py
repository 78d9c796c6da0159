"""What every record has, as JSON schemas."""


def _object(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
POSITIVE = {"type": "integer", "minimum": 1}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
AMOUNT = {"type": "number", "minimum": 0}
_COMMON_RECIPE = {
    "epochs": POSITIVE,
    "batch_size": POSITIVE,
    "peak_rate": AMOUNT,
    "members": POSITIVE,
    "weight_decay": AMOUNT,
    "warmup_share": SHARE,
    "average_share": {"anyOf": [SHARE, {"type": "null"}]},
}


def _record(model, data, recipe, metrics, **judged):
    record = _object(
        model={"enum": model},
        data={"enum": data},
        seed=COUNT,
        backend={"enum": ["tensorflow", "jax", "torch"]},
        recipe=_object(**_COMMON_RECIPE, **recipe),
        parameters=POSITIVE,
        **judged,
        seconds=_object(wall=AMOUNT, cpu=AMOUNT),
        history={
            "type": "array",
            "minItems": 1,
            "items": _object(member=POSITIVE, epoch=POSITIVE, seconds=AMOUNT, **metrics),
        },
        versions={
            "type": "object",
            "required": ["python", "keras", "numpy", "nncourse"],
            "minProperties": 5,
            "maxProperties": 5,
            "additionalProperties": TEXT,
        },
        hardware=_object(cpu=TEXT, cores=POSITIVE, devices={"type": "array", "items": TEXT}),
        commit={
            "anyOf": [
                {"type": "null"},
                _object(
                    hash={"type": "string", "pattern": "^[0-9a-f]{40}$"},
                    dirty={"type": "boolean"},
                ),
            ]
        },
    )
    # Records did without it before networks came with the package.
    record["properties"]["network_sha256"] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    return record


_ERRORS = _object(images=POSITIVE, errors=COUNT, accuracy=SHARE)
_BITS = _object(characters=POSITIVE, bits=AMOUNT)

LADDER_RECORD = _record(
    model=["baseline", *(f"v{i}" for i in range(1, 9))],
    data=["mnist", "digits"],
    recipe={"network": TEXT, "augmentation": TEXT, "label_smoothing": SHARE},
    metrics={"loss": AMOUNT, "accuracy": SHARE, "val_loss": AMOUNT, "val_accuracy": SHARE},
    validation=_ERRORS,
    test=_ERRORS,
    members={"type": "array", "minItems": 1, "items": _object(seed=COUNT, test=_ERRORS)},
)

CORPUS_RECORD = _record(
    model=["charlm"],
    data=["shakespeare", "help"],
    recipe={
        "cell": {"enum": ["lstm", "gru"]},
        "units": POSITIVE,
        "depth": POSITIVE,
        "embedding_dim": POSITIVE,
        "dropout": SHARE,
        "window": POSITIVE,
        "clip_norm": AMOUNT,
    },
    metrics={"bits": AMOUNT, "val_bits": AMOUNT},
    validation=_BITS,
    test=_BITS,
    ngrams={
        "type": "array",
        "minItems": 1,
        "items": _object(order=POSITIVE, validation=AMOUNT, test=AMOUNT),
    },
    sample=TEXT,
)

_EPISODES = {
    "recipe": {
        "episodes": {"type": "object", "minProperties": 2, "additionalProperties": POSITIVE},
        "epoch_steps": POSITIVE,
        "clip_norm": AMOUNT,
        "units": POSITIVE,
    },
    "metrics": {"loss": AMOUNT, "val_loss": AMOUNT, "val_wrong_bits": AMOUNT},
    "test": {
        "type": "array",
        "minItems": 1,
        "items": _object(
            kind=TEXT,
            sequences=POSITIVE,
            asked=AMOUNT,
            wrong_bits=AMOUNT,
            faultless=SHARE,
            cost=AMOUNT,
        ),
    },
}


def machine_schema(model, task):
    """The schema of a record of `nncourse train ntm`."""
    networks = {
        "ntm": {
            "controller": {"enum": ["lstm", "dense"]},
            "heads": POSITIVE,
            "memory_slots": POSITIVE,
            "memory_width": POSITIVE,
        },
        "lstm": {"depth": POSITIVE},
    }
    guesses = {"type": "array", "minItems": 1, "items": _object(order=POSITIVE, cost=AMOUNT)}
    return _record(
        **_EPISODES | {"recipe": _EPISODES["recipe"] | networks[model]},
        model=[model],
        data=[task],
        **({"guesses": guesses} if task == "dynamic_ngrams" else {}),
    )
