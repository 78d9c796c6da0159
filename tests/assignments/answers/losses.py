"""Right answers to the exercises of the chapter *Losses*, written another way."""

ANSWERS = []
