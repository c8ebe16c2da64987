from triptych.reading.box import Box


def test_inside_gives_whole_pixels_of_the_picture():
    assert Box(-3.5, 1.2, 7.1, 99).inside((50, 40)) == Box(0, 1, 8, 50)


def test_inside_of_a_box_beyond_the_picture_is_empty():
    box = Box(60, 60, 70, 70).inside((50, 40))
    assert box.width == box.height == 0


def test_union_surrounds_both_and_overlap_is_the_intersection():
    a, b = Box(0, 0, 10, 10), Box(5, 2, 20, 8)
    assert a.union(b) == Box(0, 0, 20, 10)
    assert a.overlap(b) == Box(5, 2, 10, 8)


def test_boxes_on_one_line_overlap_by_half_their_height():
    assert Box(0, 0, 10, 20).on_line_of(Box(50, 8, 60, 28))
    assert not Box(0, 0, 10, 20).on_line_of(Box(50, 12, 60, 32))


def test_flush_means_left_or_right_edges_in_one_column():
    assert Box(100, 0, 130, 20).flush_with(Box(60, 30, 131, 50))
    assert not Box(100, 0, 130, 20).flush_with(Box(60, 30, 80, 50))
