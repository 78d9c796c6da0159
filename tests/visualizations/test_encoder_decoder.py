import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from nncourse.visualizations import draw_encoder_decoder

ROW = 1.15  # from the words that are read to the boxes


def words(axes, row):
    """The words of a row from left to right, with the steps that they stand at."""
    found = [text for text in axes.texts if text.get_text()]
    row_of = [text for text in found if np.isclose(text.get_position()[1], row * ROW)]
    return {int(text.get_position()[0]): text.get_text() for text in row_of}


def arrows(axes):
    """Column and row that each arrow leads from and to, rounded to the nearest ones."""
    notes = [text for text in axes.texts if not text.get_text()]
    ends = [np.divide([note.xyann, note.xy], (1, ROW)).round().astype(int) for note in notes]
    return {tuple(end.ravel().tolist()) for end in ends}


def edges(axes):
    return [to_hex(box.get_edgecolor()) for box in axes.patches]


def test_the_decoder_reads_each_word_a_step_after_it_is_written():
    _, axes = draw_encoder_decoder("721", ["a", "b"])
    assert words(axes, -1) == {0: "7", 1: "2", 2: "1", 3: "GO", 4: "a", 5: "b"}
    assert words(axes, 1) == {3: "a", 4: "b", 5: "EOS"}
    written, read = words(axes, 1), words(axes, -1)
    assert all(read[step + 1] == written[step] for step in (3, 4))


def test_a_reversed_source_is_read_from_its_end():
    _, axes = draw_encoder_decoder(["x", "y", "z"], ["a"], reverse=True)
    assert list(words(axes, -1).values()) == ["z", "y", "x", "GO", "a"]


def test_boxes_and_arrows():
    _, axes = draw_encoder_decoder("72", ["a", "b"])
    kinds = edges(axes)
    assert len(kinds) == 5
    assert kinds[0] == kinds[1] != kinds[2] == kinds[3] == kinds[4]
    states = {(k, 0, k + 1, 0) for k in range(4)}
    reading, writing = {(k, -1, k, 0) for k in range(5)}, {(k, 0, k, 1) for k in range(2, 5)}
    assert arrows(axes) == states | reading | writing


def test_feedback_leads_from_each_word_to_where_it_is_read():
    _, plain = draw_encoder_decoder("7", ["a", "b"])
    _, axes = draw_encoder_decoder("7", ["a", "b"], feedback=True)
    assert arrows(axes) - arrows(plain) == {(1, 1, 2, -1), (2, 1, 3, -1)}


def test_words_of_ten_steps_do_not_touch():
    figure, axes = draw_encoder_decoder("1234", ["tausend", "zwanzig", "hundert", "drei", "und"])
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ([], ["a"], r"`source` must be a list of one string or more. Received: \[\]"),
        ("1", "", "`target` must be a list of one string or more. Received: ''"),
        ([1, 2], ["a"], r"`source` must be a list of one string or more. Received: \[1, 2\]"),
        (12, ["a"], "`source` must be a list of one string or more. Received: 12"),
        ("12345", "abcde", "must have 9 words or less together. Received: 10"),
    ],
)
def test_refuses(source, target, message):
    with pytest.raises(ValueError, match=message):
        draw_encoder_decoder(source, target)
    assert plt.get_fignums() == []
