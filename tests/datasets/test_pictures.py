import hashlib
import subprocess
import sys

import numpy as np
import pytest
from skimage import data

from nncourse.datasets import load_picture

SHAPES = {
    "astronaut": (512, 512, 3),
    "brick": (512, 512, 1),
    "camera": (512, 512, 1),
    "chelsea": (300, 451, 3),
    "coffee": (400, 600, 3),
    "coins": (303, 384, 1),
    "grass": (512, 512, 1),
    "moon": (512, 512, 1),
    "page": (191, 384, 1),
}


@pytest.mark.parametrize("name", SHAPES)
def test_form(name):
    picture = load_picture(name)
    assert picture.shape == SHAPES[name]
    assert picture.dtype == np.float32
    assert 0 <= picture.min() < 0.3
    assert 0.7 < picture.max() <= 1
    original = getattr(data, name)()
    np.testing.assert_array_equal(np.round(picture * 255).reshape(original.shape), original)


def test_pictures_that_the_chapters_measure_on_are_the_same_ones():
    digests = {
        name: hashlib.sha256(np.round(load_picture(name) * 255).astype("uint8").tobytes())
        .hexdigest()[:16]
        for name in ("astronaut", "camera", "coins")
    }  # fmt: skip
    assert digests == {
        "astronaut": "a8c429c18afa7b0f",
        "camera": "5cb24482a53416f9",
        "coins": "e080cc03805f1fa7",
    }


def test_color_channels_are_red_green_blue():
    suit = load_picture("astronaut")[250:300, 100:140].mean(axis=(0, 1))
    assert suit[0] > suit[1] > suit[2]


def test_each_call_gives_a_picture_of_its_own():
    load_picture("moon")[:] = 0
    assert load_picture("moon").max() > 0.7


@pytest.mark.parametrize("name", ["cat", "Camera", "", None, "data_dir", "lena"])
def test_an_unknown_name_is_named(name):
    with pytest.raises(ValueError, match=r"`name` must be one of \('astronaut'") as error:
        load_picture(name)
    assert f"Received: name={name!r}" in str(error.value)


def test_they_need_no_download():
    """The pictures lie in scikit-image's wheel; its others would be fetched with pooch."""
    code = (
        "import socket, sys; sys.modules['pooch'] = None\n"
        "def refuse(*a, **k): raise OSError('a download')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from nncourse.datasets import load_picture\n"
        f"print([load_picture(name).shape for name in {list(SHAPES)}])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == str(list(SHAPES.values())), run.stderr
