from triptych.records import summarised


def test_a_note_on_many_records_is_shown_once_with_the_first_names():
    notes = [(f"{i}.tif", "only the first page is used") for i in range(1000)] + [("a.tif", "odd")]
    assert summarised(notes) == (
        "only the first page is used: 1000 pictures (0.tif, 1.tif, 2.tif and 997 more)",
        "odd: 1 picture (a.tif)",
    )
    assert summarised([]) == ()
