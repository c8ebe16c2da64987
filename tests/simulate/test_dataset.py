"""The folder that a simulation writes."""

from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from triptych.errors import TriptychError
from triptych.records.folder import folder_records
from triptych.simulate.classes import CLASSES
from triptych.simulate.dataset import simulate_dataset
from triptych.simulate.layouts import LAYOUTS

RECORDS = 24


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return simulate_dataset(tmp_path_factory.mktemp("simulated"), records=RECORDS, seed=5)


@pytest.fixture(scope="module")
def truth(dataset):
    return pd.read_csv(dataset.truth)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_folder_is_a_data_set_with_both_splits_and_all_classes(dataset):
    records = folder_records(dataset.out)
    assert len(records) == RECORDS == dataset.n_train + dataset.n_test
    assert records.split_sizes() == {"train": dataset.n_train, "test": dataset.n_test}
    assert records.split("train").classes == records.split("test").classes == sorted(CLASSES)


def test_truth_has_a_row_for_every_picture(dataset, truth):
    pictures = {record.id: record for record in folder_records(dataset.out)}
    assert set(truth["image"]) == set(pictures)
    for row in truth.itertuples():
        assert (row.label, row.split) == (pictures[row.image].label, pictures[row.image].split)
        layout = next(layout for layout in LAYOUTS if layout.name == row.layout)
        assert Image.open(dataset.out / row.image).size == layout.size


def test_true_rings_sum_to_the_total_and_extra_words_are_listed_where_printed(truth):
    rings = truth.filter(like="ring_")
    assert rings.shape[1] == 9
    assert (rings.sum(axis=1) == truth["total"]).all()
    with_extras = {layout.name for layout in LAYOUTS if layout.extras}
    assert (truth["Lot"].notna() == truth["layout"].isin(with_extras)).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(dataset, tmp_path):
    simulate_dataset(tmp_path / "same", records=RECORDS, seed=5)
    simulate_dataset(tmp_path / "other", records=RECORDS, seed=6)
    assert contents(tmp_path / "same") == contents(dataset.out)
    assert contents(tmp_path / "other") != contents(dataset.out)


def test_a_second_run_replaces_the_first_and_keeps_other_files(tmp_path):
    simulate_dataset(tmp_path, records=20, seed=1)
    own = tmp_path / "train" / "normal" / "my own.png"
    own.write_bytes(b"mine")
    simulate_dataset(tmp_path, records=10, seed=2)
    assert len(folder_records(tmp_path)) == 10 + 1
    assert own.read_bytes() == b"mine"


def test_an_interrupted_run_can_be_run_again(tmp_path):
    class Stop(Exception):
        pass

    def stop_after_seven(items, title):
        for index, item in enumerate(items):
            if index == 7:
                raise Stop
            yield item

    with pytest.raises(Stop):
        simulate_dataset(tmp_path / "a", records=12, seed=3, track=stop_after_seven)
    simulate_dataset(tmp_path / "a", records=10, seed=4)
    simulate_dataset(tmp_path / "b", records=10, seed=4)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TriptychError, match=r"not empty and holds no simulated records; name a new or empty one"):
        simulate_dataset(tmp_path, records=10)
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_truth_table_of_someone_else_does_not_open_the_folder(tmp_path):
    (tmp_path / "truth.csv").write_text("image,label\ntrain/x.png,a\n")
    with pytest.raises(TriptychError, match="not empty"):
        simulate_dataset(tmp_path, records=10)


def test_nothing_outside_the_folder_is_ever_removed(tmp_path):
    out, precious = tmp_path / "out", tmp_path / "precious.png"
    simulate_dataset(out, records=10, seed=1)
    precious.write_bytes(b"mine")
    lines = (out / "truth.csv").read_text().splitlines()
    name = lines[1].split(",")[0]
    lines += [
        lines[1].replace(name, escape) for escape in ("train/../../precious.png", str(precious), "../precious.png")
    ]
    (out / "truth.csv").write_text("\n".join(lines))
    simulate_dataset(out, records=10, seed=2)
    assert precious.exists()


def test_a_table_cut_off_in_the_middle_of_a_row_is_still_known(tmp_path):
    truth = simulate_dataset(tmp_path, records=10, seed=1).truth
    truth.write_bytes(truth.read_bytes().rpartition(b"/")[0])  # the last row ends at a folder's name
    simulate_dataset(tmp_path, records=10, seed=1)
    assert len(pd.read_csv(truth)) == 10


def test_an_output_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TriptychError, match=r"file: cannot be written \(File exists\); choose a folder that can"):
        simulate_dataset(tmp_path / "file", records=10)
    with pytest.raises(TriptychError, match=r"cannot be written \(Not a directory\)"):
        simulate_dataset(tmp_path / "file" / "below", records=10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"records": 9}, "9 records are too few: each of the 5 classes .* ask for 10 or more"),
        ({"records": 20, "seed": -1}, "the seed -1 is negative; choose 0 or more"),
        ({"records": 20, "test_share": 1.0}, "a test share of 1 leaves one split empty; choose one between 0 and 1"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(tmp_path, options, message):
    with pytest.raises(TriptychError, match=message):
        simulate_dataset(tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_progress_goes_over_every_record(tmp_path):
    seen = []

    def track(items, title):
        seen.append((len(items), title))
        return items

    simulate_dataset(tmp_path, records=10, track=track)
    assert seen == [(10, "Simulate")]
