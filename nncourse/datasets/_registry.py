"""What can be fetched: where each file is and how it is recognized."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DataFile:
    """A file that `fetch_*` can get.

    Attributes:
        name: What `nncourse data` calls it.
        filename: Its name in the offline folder and in the cache.
        size: Its length in bytes.
        sha256: The SHA-256 of the file, in hexadecimal.
        urls: Where it is served, tried in this order. All serve the same bytes.
        arrays: For an npz: the SHA-256 of each array's bytes, in C order. An offline copy that
            someone saved anew has the same arrays in a file of another hash.
    """

    name: str
    filename: str
    size: int
    sha256: str
    urls: tuple[str, ...]
    arrays: Mapping[str, str] = field(default_factory=dict)


_MNIST = DataFile(
    name="mnist",
    filename="mnist.npz",
    size=11_490_434,
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    urls=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        "https://s3.amazonaws.com/img-datasets/mnist.npz",
    ),
    arrays={
        "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    },
)

_SHAKESPEARE = DataFile(
    name="shakespeare",
    filename="tinyshakespeare.txt",
    size=1_115_394,
    sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    urls=(
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
        "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt",
    ),
)

DATA_FILES = {data.name: data for data in (_MNIST, _SHAKESPEARE)}
