"""Right answers to the exercises of the chapter *Generalization*, written another way."""

ANSWERS = []
