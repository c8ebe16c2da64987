import pytest

from triptych.errors import TriptychError
from triptych.reading.printed_names import parse_label
from triptych.reading.vocabulary import Vocabulary, Words, load_words, open_vocabulary, spaced

TOTALS = """Total holes|Hole count|No. of holes|Bohrungen gesamt|Anzahl Löcher|Gesamtbohrungen|Lochanzahl
Anz. Bohrungen|Nombre de trous|Trous au total|N° trous|Nb de trous|Número de agujeros|Nº de agujeros
Total taladros|Numero fori|Fori totali|總孔數|总孔数|孔數|孔总数|總點數|穴数|総穴数|全穴数|총 홀 수
홀 개수|N"""
MEANS = """Mean X|X-mean|Mean(X)|X avg.|AVE X|μx|Mittelwert X|Mittelw. X|Mittlere Lage X|Moyenne X|Moy. X|Media X
Promedio X|Valore medio X|X平均|平均X|X 平均值|X均值|X方向平均|X軸平均|X 평균|평균 X"""
SIGMAS = """Std dev Y|S.D. Y|StDev(Y)|1σ Y|s_y (μm)|Standardabweichung Y|Std.-Abw. Y|Streuung Y|Écart-type Y
Ec. type Y|Desviación estándar Y|Desv. típ. Y|Deviazione standard Y|Dev. std. Y|Scarto tipo Y|Y標準差
Y标准差|Y標準偏差|標準偏差Y|표준편차 Y"""
WITHIN = """2um以下|小於2um|unter 2 µm|bis 2 µm|moins de 2|menos de 2|fino a 2 µm|2 µm 미만|R0~R2|Ring 0–2 µm
Anneau 0-2|半径0-2um"""
BETWEEN = """2~4um|2 bis 4 µm|de 2 à 4 µm|de 2 a 4 µm|da 2 a 4 µm|2 a 4|from 2 to 4 um|2 至 4 um|Radius 2-4|2 ≤ r < 4"""
BEYOND = """12um以上|大於12um|超過 12 um|über 12 μm|ab 12 µm|plus de 12 µm|más de 12 µm|oltre 12 µm|12 µm 이상
12 µm und mehr"""
UNKNOWN = """Mean X error|Max X|Min Y|Cpk X|USL|Ave+3s X|X+3σ|Datum|Los|Serial|Bediener|ID|SO|Maschine 3|Tool 12|Max 12
2A4|批號|日期|機台|總時間|Total yield|Gesamtzeit|Nombre de pièces|numero di lotto|Mittenversatz|SD4"""


def _names(*lists: str) -> list[str]:
    return [name for text in lists for line in text.splitlines() for name in line.split("|")]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((name, "total") for name in _names(TOTALS)),
        *((name, "mean_x") for name in _names(MEANS)),
        *((name, "sigma_y") for name in _names(SIGMAS)),
    ],
)
def test_names_in_nine_languages(name, field):
    label = parse_label(name)
    assert label is not None
    assert label.field == field


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        *((name, (0, 2)) for name in _names(WITHIN)),
        *((name, (2, 4)) for name in _names(BETWEEN)),
        *((name, (12, float("inf"))) for name in _names(BEYOND)),
    ],
)
def test_rings_in_nine_languages(name, bounds):
    label = parse_label(name)
    assert label is not None
    assert label.ring is not None
    assert label.ring.bounds(1.0) == bounds


@pytest.mark.parametrize("name", _names(UNKNOWN))
def test_a_name_with_an_unknown_word_has_no_meaning(name):
    label = parse_label(name)
    assert label is None or label.field is None


def test_accents_and_punctuation_make_no_difference():
    assert spaced("Écart-type  (Y)") == "ecart type y"
    assert spaced("ホール") == "ホール"  # a Japanese sound mark is not an accent


def test_a_file_adds_words(tmp_path):
    (tmp_path / "own.yaml").write_text("counted: [gat, gaten]\nmean: [gemiddelde]\n")
    vocabulary = open_vocabulary([tmp_path / "own.yaml"])
    label = parse_label("Gemiddelde X", vocabulary)
    assert label is not None
    assert label.field == "mean_x"
    assert parse_label("Gemiddelde X") is None


@pytest.mark.parametrize("text", ["means: [gemiddelde]", "mean: 3", "mean: [yes]", "- mean"])
def test_a_file_with_other_keys_or_values_is_refused(tmp_path, text):
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(TriptychError, match=r"own\.yaml"):
        load_words(path)


def test_a_word_with_two_meanings_is_refused(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("sigma: [Mittelwert]")
    with pytest.raises(TriptychError, match="'mittelwert' is listed under mean and under sigma"):
        open_vocabulary([path])
    with pytest.raises(ValueError, match="'a'"):
        Vocabulary.of([Words(mean=("a",)), Words(total=("A",))])
