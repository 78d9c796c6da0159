"""The exercises of the chapter *Training*."""

EXERCISES = ()
