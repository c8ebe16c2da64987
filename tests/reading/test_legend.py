import numpy as np
from PIL import Image, ImageDraw, ImageFont

from triptych.reading.legend import legend_markers

NO_DOTS = np.zeros((200, 300), dtype=bool)


def ink_of(text_at):
    picture = Image.new("L", (300, 200), 0)
    pen = ImageDraw.Draw(picture)
    for x, y in text_at:
        pen.text((x, y), "class A", fill=1, font=ImageFont.load_default(11))
    pen.line((0, 150, 299, 150), fill=1)
    return np.asarray(picture) > 0


def test_a_dot_with_text_on_its_right_is_a_marker():
    places = np.array([[50.0, 40.0], [50.0, 100.0], [200.0, 150.0]])  # the last one is on a line
    assert legend_markers(places, 6.0, ink_of([(62, 33)]), NO_DOTS).tolist() == [0]


def test_many_dots_beside_print_are_not_markers():
    places = np.array([[50.0, 40.0], [50.0, 60.0], [50.0, 80.0]])
    assert legend_markers(places, 6.0, ink_of([(62, 33), (62, 53), (62, 73)]), NO_DOTS).tolist() == []


def test_a_dot_beside_print_among_dots_is_not_a_marker():
    dots = NO_DOTS.copy()
    dots[38:42, 80:84] = True
    assert legend_markers(np.array([[50.0, 40.0]]), 6.0, ink_of([(62, 33)]), dots).tolist() == []
