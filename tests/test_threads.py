import pytest
import torch

from triptych.threads import cores, thread_count, torch_threads


def test_threads_are_given_back_even_after_an_error():
    before = torch.get_num_threads()
    inside = []

    def fail() -> None:
        with torch_threads(before + 1):
            inside.append(torch.get_num_threads())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert inside == [before + 1]
    assert torch.get_num_threads() == before


def test_only_cores_that_this_process_may_use_count(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
    assert cores() == 3


@pytest.mark.parametrize(
    ("wanted", "count"), [(None, 3), ("1", 1), ("2,4", 2), ("8", 3), ("0", 3), ("all", 3), ("", 3)]
)
def test_the_environment_limits_the_threads_of_a_computation(monkeypatch, wanted, count):
    monkeypatch.setattr("triptych.threads.cores", lambda: 3)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if wanted is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert thread_count() == count
