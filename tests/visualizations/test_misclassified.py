import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.visualizations import show_misclassified, use_style

IMAGES = np.arange(5 * 6).reshape(5, 2, 3) / 30
TARGETS = [0, 1, 2, 0, 1]
PROBABILITIES = np.array(
    [
        [0.2, 0.7, 0.1],  # wrong
        [0.1, 0.8, 0.1],
        [0.05, 0.9, 0.05],  # wrong, the most confident
        [0.1, 0.2, 0.7],  # wrong, as confident as the first
        [0.6, 0.4, 0.0],  # wrong
    ]
)


def shown(axes):
    texts = [text.get_text() for text in axes.texts]
    arrays = [np.asarray(image.get_array()) for image in axes.images]
    indices = [next(k for k in range(5) if (IMAGES[k] == a).all()) for a in arrays]
    return indices, texts


def test_the_most_confident_mistakes_come_first():
    _, axes = show_misclassified(IMAGES, TARGETS, PROBABILITIES)
    indices, texts = shown(axes)
    assert indices == [2, 0, 3, 4]
    assert texts == ["2 as 1\n0.90", "0 as 1\n0.70", "0 as 2\n0.70", "1 as 0\n0.60"]


def test_mistakes_of_one_confidence_keep_their_order():
    images = np.arange(200.0).reshape(50, 2, 2)
    confidence = np.where(np.arange(50) % 2, 0.9, 0.8)
    probabilities = np.column_stack([confidence, 1 - confidence])
    _, axes = show_misclassified(images, [1] * 50, probabilities, count=50)
    first = [int(image.get_array()[0, 0]) // 4 for image in axes.images]
    assert first == [*range(1, 50, 2), *range(0, 50, 2)]


def test_shows_no_more_than_the_count_in_columns():
    _, axes = show_misclassified(IMAGES, TARGETS, PROBABILITIES, count=3, columns=2)
    indices, _ = shown(axes)
    assert indices == [2, 0, 3]
    lefts = [image.get_extent()[0] for image in axes.images]
    assert lefts[0] == lefts[2] < lefts[1]


def test_titles_of_two_lines_cover_no_image_and_no_other_title():
    use_style()
    images = np.repeat(IMAGES, 4, axis=0)
    figure, axes = show_misclassified(
        images, np.repeat(TARGETS, 4), np.repeat(PROBABILITIES, 4, axis=0)
    )
    figure.canvas.draw()
    titles = [text.get_window_extent() for text in axes.texts]
    pictures = [image.get_window_extent() for image in axes.images]
    assert len(titles) == len(pictures) == 16
    for k, title in enumerate(titles):
        assert title.y0 >= pictures[k].y1
        for other in titles[:k] + pictures:
            assert not title.overlaps(other)


def test_where_nothing_is_wrong_the_picture_says_so():
    figure, axes = show_misclassified(IMAGES, PROBABILITIES.argmax(axis=1), PROBABILITIES)
    assert [text.get_text() for text in axes.texts] == ["none of the 5 images is misclassified"]
    assert not axes.images
    assert not axes.axison
    assert figure.get_figheight() < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": IMAGES[0]}, r"`probabilities` must hold a row for each of the 2 images"),
        ({"probabilities": PROBABILITIES[:, 0]}, r"`probabilities` must hold a row.*\(5,\)"),
        ({"probabilities": np.log(PROBABILITIES + 1e-9)}, "`probabilities` must hold numbers of 0"),
        ({"probabilities": PROBABILITIES * 2}, r"the sum 1 in each row. Rec.*abilities\[0\]="),
        ({"probabilities": PROBABILITIES * np.nan}, "`probabilities` must hold numbers of 0"),
        ({"targets": [0, 1, 2, 0, 3]}, "`targets` must hold a class number from 0 to 2"),
        ({"targets": TARGETS[:4]}, r"`targets` must hold .* of the 5 images. Rec.*\(4,\)"),
        ({"targets": np.eye(5)}, r"`targets` must hold a class number"),
        ({"count": 0}, "`count` must be a positive integer. Received: count=0"),
        ({"columns": 0}, "`columns` must be a positive integer. Received: columns=0"),
    ],
)
def test_refuses(arguments, message):
    given = {"images": IMAGES, "targets": TARGETS, "probabilities": PROBABILITIES, **arguments}
    with pytest.raises(ValueError, match=message):
        show_misclassified(**given)
    assert plt.get_fignums() == []
