"""The provider `none`: no model is asked. The branch is missing for every record, which is not a failure."""

from collections.abc import Iterable, Sequence

from triptych.answers.provider import Question, Reply


class NoAnswer:
    """Gives no answers and is never asked."""

    id = "none"
    batch_size = 1

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """No replies."""
        return ()
