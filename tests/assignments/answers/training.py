"""Right answers to the exercises of the chapter *Training*, written another way."""

ANSWERS = []
