"""Data that come along (`load_*`), are generated (`make_*`) or are downloaded (`fetch_*`)."""

from nncourse.datasets.adding_problem import make_adding_problem
from nncourse.datasets.digits import load_digits
from nncourse.datasets.help_text import load_help_text
from nncourse.datasets.mnist import fetch_mnist
from nncourse.datasets.pictures import load_picture
from nncourse.datasets.separable import make_separable
from nncourse.datasets.shakespeare import fetch_shakespeare
from nncourse.datasets.spirals import make_spirals
from nncourse.datasets.sunspots import load_sunspots
from nncourse.datasets.temporal_order import make_temporal_order
from nncourse.datasets.xor import make_xor

__all__ = [
    "fetch_mnist",
    "fetch_shakespeare",
    "load_digits",
    "load_help_text",
    "load_picture",
    "load_sunspots",
    "make_adding_problem",
    "make_separable",
    "make_spirals",
    "make_temporal_order",
    "make_xor",
]
