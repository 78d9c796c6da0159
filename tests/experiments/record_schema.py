"""What every record has, as a JSON schema."""


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
SCORE = _object(images=POSITIVE, errors=COUNT, accuracy=SHARE)

RECORD = _object(
    model={"enum": ["baseline", *(f"v{i}" for i in range(1, 9))]},
    data={"enum": ["mnist", "digits"]},
    seed=COUNT,
    backend={"enum": ["tensorflow", "jax", "torch"]},
    recipe=_object(
        network=TEXT,
        epochs=POSITIVE,
        batch_size=POSITIVE,
        peak_rate=AMOUNT,
        augmentation=TEXT,
        members=POSITIVE,
        weight_decay=AMOUNT,
        label_smoothing=SHARE,
        warmup_share=SHARE,
        average_share={"anyOf": [SHARE, {"type": "null"}]},
    ),
    parameters=POSITIVE,
    validation=SCORE,
    test=SCORE,
    members={"type": "array", "minItems": 1, "items": _object(seed=COUNT, test=SCORE)},
    seconds=_object(wall=AMOUNT, cpu=AMOUNT),
    history={
        "type": "array",
        "minItems": 1,
        "items": _object(
            member=POSITIVE,
            epoch=POSITIVE,
            loss=AMOUNT,
            accuracy=SHARE,
            val_loss=AMOUNT,
            val_accuracy=SHARE,
            seconds=AMOUNT,
        ),
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
                hash={"type": "string", "pattern": "^[0-9a-f]{40}$"}, dirty={"type": "boolean"}
            ),
        ]
    },
)
