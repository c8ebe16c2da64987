from PIL import Image

from triptych.config import Config
from triptych.evaluation.bench import Bench
from triptych.evaluation.methods import Task
from triptych.evaluation.protocol import Split
from triptych.progress import silent
from triptych.records import Record, RecordSet


def test_peers_see_each_record_with_readings_of_its_own_though_all_carry_one_id():
    records = [
        Record("same", Image.new("RGB", (32, 32), (i, 0, 0)), {"width": float(i)}, "ab"[i % 2]) for i in range(6)
    ]
    split = Split(0, RecordSet(tuple(records[:4])), RecordSet(tuple(records[4:])))
    bench = Bench([Task(split, "numbers", Config(), "", "numbers")], silent)
    assert [bench.seen[id(record)].readings["width"] for record in records] == [0, 1, 2, 3, 4, 5]
