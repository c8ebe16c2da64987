"""The provider `none`: nobody is asked, and the branch is missing for every record, which is no failure."""

from collections.abc import Iterable, Sequence

from triptych.answers.provider import Question, Reply


class Nobody:
    """Is never asked."""

    id = "none"
    batch_size = 1

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """Nothing."""
        return ()
