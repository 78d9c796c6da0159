"""Data that come along (`load_*`), are generated (`make_*`) or are downloaded (`fetch_*`)."""

from nncourse.datasets.digits import load_digits
from nncourse.datasets.mnist import fetch_mnist
from nncourse.datasets.pictures import load_picture
from nncourse.datasets.separable import make_separable
from nncourse.datasets.spirals import make_spirals
from nncourse.datasets.xor import make_xor

__all__ = [
    "fetch_mnist",
    "load_digits",
    "load_picture",
    "make_separable",
    "make_spirals",
    "make_xor",
]
