"""Exercises that say at once, and offline, whether an answer is right and which input broke it."""

from nncourse.assignments._check import check, list
from nncourse.assignments._grade import grade
from nncourse.assignments._report import Report

__all__ = ["Report", "check", "grade", "list"]
