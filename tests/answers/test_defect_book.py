import pytest

from triptych.answers.defect_book import load_book
from triptych.errors import TriptychError


def test_the_built_in_book_knows_the_papers_classes():
    book = load_book()
    assert [entry.name for entry in book.classes] == ["normal", "type-1", "type-2", "type-3", "type-4"]
    assert "- type-2: The distribution is shifted away from the middle." in book.text()


def test_a_class_that_the_book_does_not_list_gets_a_generic_sentence():
    book = load_book().for_classes(["scratch", "normal"])
    assert book.text().splitlines() == [
        "- scratch: A record of the class scratch.",
        "- normal: The holes concentrate in the middle of the circle.",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("limits: {centre: 1, spread: 1, stretch: 1.5, tolerance: 9}\nclass: []", "class"),
        ("limits: {centre: -1, spread: 1, stretch: 1.5, tolerance: 9}\nclasses: []", r"limits\.centre"),
        ("- a list", "valid dictionary"),
        ("a: [", "cannot be read"),
    ],
)
def test_the_error_for_a_wrong_book_names_the_key(tmp_path, content, message):
    (tmp_path / "book.yaml").write_text(content)
    with pytest.raises(TriptychError, match=rf"book\.yaml: .*{message}"):
        load_book(tmp_path / "book.yaml")


def test_a_missing_book_points_to_its_setting(tmp_path):
    with pytest.raises(TriptychError, match=r"gone\.yaml: cannot be read .*answers\.book"):
        load_book(tmp_path / "gone.yaml")
