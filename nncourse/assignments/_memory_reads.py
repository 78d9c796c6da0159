"""The exercises that find a place in a memory by content."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw


def _memories(rng: np.random.Generator) -> list[tuple]:
    """Memories whose rows differ in length, keys and strengths."""
    cases = []
    for slots, width in [(3, 2), (4, 3), (5, 3), (4, 2), (6, 4)] * 2:
        memory = draw(rng, slots, width) + 0.05
        cases.append((memory, draw(rng, width) + 0.05, round(float(rng.uniform(1, 6)), 2)))
    return cases


def _cosines(memory, key):
    return memory @ key / (np.linalg.norm(memory, axis=1) * np.linalg.norm(key))


def _softmax(z):
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum()


def _by_content(memory, key, strength):
    return _softmax(strength * _cosines(memory, key))


CONTENT = Exercise(
    "neural_turing_machines.content_weighting",
    solution=lambda memory, key, strength: _by_content(memory, key, strength),
    cases=_memories,
    hint="The cosine of the key with each row is their product divided by both lengths. Multiply "
    "it by the strength, then take the softmax over the slots.",
    mistakes=(
        (
            lambda memory, key, strength: _softmax(strength * (memory @ key)),
            "These are products, not cosines: a long row would win whatever its direction. Divide "
            "by the lengths of row and key.",
        ),
        (
            lambda memory, key, strength: _softmax(_cosines(memory, key)),
            "The strength is missing.",
        ),
        (
            lambda memory, key, strength: strength * _softmax(_cosines(memory, key)),
            "The strength belongs inside the exponential: a weighting has the sum 1.",
        ),
        (
            lambda memory, key, strength: _cosines(memory, key) / _cosines(memory, key).sum(),
            "Cosines may be negative: the exponential is missing.",
        ),
        (
            lambda memory, key, strength: _cosines(memory, key),
            "These are the cosines. The softmax over the slots makes a weighting of them.",
        ),
        (
            lambda memory, key, strength: _softmax(
                strength * (memory @ key) / np.linalg.norm(memory, axis=1)
            ),
            "Divide by the length of the key as well.",
        ),
    ),
)


def _read_next(memory, key, strength, move=1, exponent=3):
    w = np.roll(_by_content(memory, key, strength), move) ** exponent
    return w / w.sum() @ memory


READ_NEXT = Exercise(
    "neural_turing_machines.read_next",
    solution=lambda memory, key, strength: _read_next(memory, key, strength),
    cases=_memories,
    hint="Find the weighting by content, roll it forward by one slot (np.roll(w, 1)), sharpen it "
    "with the exponent 3, and read: w @ memory.",
    mistakes=(
        (
            lambda memory, key, strength: _read_next(memory, key, strength, move=0),
            "This reads the slot that was found. Wanted is the one after it: shift.",
        ),
        (
            lambda memory, key, strength: _read_next(memory, key, strength, move=-1),
            "This reads the slot before. A move of +1 is np.roll(w, 1).",
        ),
        (
            lambda memory, key, strength: _read_next(memory, key, strength, exponent=1),
            "The weighting is not sharpened.",
        ),
        (
            lambda memory, key, strength: (
                np.roll(_by_content(memory, key, strength), 1) ** 3 @ memory
            ),
            "After the power the weights no longer have the sum 1: divide by it.",
        ),
        (
            lambda memory, key, strength: memory[
                (_by_content(memory, key, strength).argmax() + 1) % len(memory)
            ],
            "This is an index, which has no gradient. Read all slots, each with its weight.",
        ),
    ),
)
