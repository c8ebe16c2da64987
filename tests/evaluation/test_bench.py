from PIL import Image

from triptych.config import Config
from triptych.evaluation.bench import Bench
from triptych.evaluation.methods import Task
from triptych.evaluation.protocol import Split, data_splits
from triptych.evaluation.study import plan
from triptych.progress import silent
from triptych.records import Record, RecordSet


def test_peers_see_each_record_with_readings_of_its_own_though_all_carry_one_id():
    records = [
        Record("same", Image.new("RGB", (32, 32), (i, 0, 0)), {"width": float(i)}, "ab"[i % 2]) for i in range(6)
    ]
    split = Split(0, RecordSet(tuple(records[:4])), RecordSet(tuple(records[4:])))
    bench = Bench([Task(split, "readings-svm", Config(), "", "readings-svm")], silent)
    assert [bench.seen[id(record)].readings["width"] for record in records] == [0, 1, 2, 3, 4, 5]


def test_peers_on_triptychs_features_share_records_drawn_once_each_with_its_origin(simulated):
    config = Config().changed("augment.tda=turn")
    (tasks,) = plan(data_splits(simulated), [4], ["own-svm", "own-mean"], config)
    bench = Bench(tasks, silent)
    first, second = (bench.examples(task.config) for task in tasks)
    assert first is second
    assert len(first.prepared) == len(tasks[0].split.train)
    assert len(first.drawn) == 7 * len(first.prepared)
    assert all(item.record is first.prepared[item.origin].record for item in first.drawn)
    assert first.matrix.shape == (8 * len(first.prepared), len(first.features.names))
    assert first.seconds > 0
    assert first.seed == 4
