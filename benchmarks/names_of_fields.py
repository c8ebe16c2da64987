"""Names of fields, statistics and words as inspection programs print them, with the numbers they may have."""

from typing import NamedTuple


class Field(NamedTuple):
    """A field: its name, unit, least and greatest value, decimal places, and format if it is not the usual one."""

    name: str
    unit: str
    low: float
    high: float
    places: int = 2
    form: str = ""


_EN = [
    Field("Hole diameter", "µm", 80, 120, 1), Field("Copper thickness", "µm", 18, 32, 2), Field("Torque", "Nm", 1, 9),
    Field("Leak rate", "mbar·l/s", 1e-9, 9e-7, 2, ".2E"), Field("Yield", "%", 85, 100, 1),
    Field("Tested", "", 200, 990, 0), Field("Rejects", "", 0, 40, 0), Field("Runout", "µm", 1, 14, 1),
    Field("Roughness Ra", "µm", 0.1, 2.4, 3), Field("Spindle speed", "rpm", 80, 180, 0), Field("Cpk", "", 0.6, 2.4),
    Field("Cp", "", 0.8, 2.6), Field("Pp", "", 0.8, 2.6), Field("Ppk", "", 0.6, 2.4), Field("Feed", "m/min", 1, 5, 1),
    Field("Temperature", "°C", 18, 240, 1), Field("Humidity", "%", 30, 60, 0), Field("Pressure", "kPa", 80, 600, 1),
    Field("Solder volume", "%", 70, 130, 1), Field("Paste height", "µm", 90, 160, 1), Field("Force", "N", 4, 88, 1),
    Field("Weight", "g", 2, 60, 3), Field("Hardness", "HRC", 40, 64, 1), Field("Cycle time", "s", 8, 60, 1),
    Field("Resistance", "mΩ", 2, 90, 2), Field("Voltage", "V", 1, 48, 2), Field("Rotation", "°", -2, 2, 3),
    Field("Drift", "µm", -9, 9, 2), Field("Defects found", "", 0, 25, 0), Field("Void ratio", "%", 0, 24, 2),
    Field("Max deviation", "µm", 3, 18, 2), Field("Flatness", "mm", 0, 0.4, 3),
    Field("Taper", "", 0.2, 1.8), Field("Peak current", "A", 1, 30, 1), Field("Bow", "mm", -0.9, 0.9, 2),
]  # fmt: skip

FIELDS = {
    "en": _EN,
    "de": [
        Field("Lochdurchmesser", "µm", 80, 120, 1), Field("Kupferdicke", "µm", 18, 32, 2), Field("Drehmoment", "Nm", 1, 9),
        Field("Ausbeute", "%", 85, 100, 1), Field("Prüflinge", "Stk", 200, 990, 0), Field("Ausschuss", "Stk", 0, 40, 0),
        Field("Rundlauf", "µm", 1, 14, 1), Field("Rauheit Ra", "µm", 0.1, 2.4, 3), Field("Drehzahl", "1/min", 80, 180, 0),
        Field("Vorschub", "m/min", 1, 5, 1), Field("Temperatur", "°C", 18, 240, 1), Field("Druck", "kPa", 80, 600, 1),
        Field("Gewicht", "g", 2, 60, 3), Field("Härte", "HRC", 40, 64, 1), Field("Taktzeit", "s", 8, 60, 1),
        Field("Widerstand", "mΩ", 2, 90, 2), Field("Ebenheit", "mm", 0, 0.4, 3), Field("Abweichung", "µm", -9, 9, 2),
        Field("Porenanteil", "%", 0, 24, 2), Field("Fehlerzahl", "", 0, 25, 0), Field("Cpk", "", 0.6, 2.4),
    ],
    "fr": [
        Field("Diamètre du trou", "µm", 80, 120, 1), Field("Épaisseur cuivre", "µm", 18, 32, 2),
        Field("Couple", "Nm", 1, 9), Field("Rendement", "%", 85, 100, 1), Field("Pièces testées", "", 200, 990, 0),
        Field("Rebuts", "", 0, 40, 0), Field("Rugosité Ra", "µm", 0.1, 2.4, 3), Field("Température", "°C", 18, 240, 1),
        Field("Pression", "kPa", 80, 600, 1), Field("Masse", "g", 2, 60, 3), Field("Dureté", "HRC", 40, 64, 1),
        Field("Temps de cycle", "s", 8, 60, 1), Field("Planéité", "mm", 0, 0.4, 3), Field("Écart", "µm", -9, 9, 2),
        Field("Avance", "m/min", 1, 5, 1), Field("Cpk", "", 0.6, 2.4),
    ],
    "es": [
        Field("Diámetro", "µm", 80, 120, 1), Field("Espesor de cobre", "µm", 18, 32, 2), Field("Par", "Nm", 1, 9),
        Field("Rendimiento", "%", 85, 100, 1), Field("Piezas probadas", "", 200, 990, 0), Field("Rechazos", "", 0, 40, 0),
        Field("Rugosidad Ra", "µm", 0.1, 2.4, 3), Field("Temperatura", "°C", 18, 240, 1), Field("Presión", "kPa", 80, 600, 1),
        Field("Peso", "g", 2, 60, 3), Field("Dureza", "HRC", 40, 64, 1), Field("Tiempo de ciclo", "s", 8, 60, 1),
        Field("Planitud", "mm", 0, 0.4, 3), Field("Desviación", "µm", -9, 9, 2), Field("Cpk", "", 0.6, 2.4),
    ],
    "it": [
        Field("Diametro foro", "µm", 80, 120, 1), Field("Spessore rame", "µm", 18, 32, 2), Field("Coppia", "Nm", 1, 9),
        Field("Resa", "%", 85, 100, 1), Field("Pezzi provati", "", 200, 990, 0), Field("Scarti", "", 0, 40, 0),
        Field("Rugosità Ra", "µm", 0.1, 2.4, 3), Field("Temperatura", "°C", 18, 240, 1), Field("Pressione", "kPa", 80, 600, 1),
        Field("Peso", "g", 2, 60, 3), Field("Durezza", "HRC", 40, 64, 1), Field("Tempo ciclo", "s", 8, 60, 1),
        Field("Planarità", "mm", 0, 0.4, 3), Field("Scostamento", "µm", -9, 9, 2), Field("Cpk", "", 0.6, 2.4),
    ],
    "zh-Hans": [
        Field("孔径", "µm", 80, 120, 1), Field("铜厚", "µm", 18, 32, 2), Field("扭矩", "Nm", 1, 9), Field("良率", "%", 85, 100, 1),
        Field("测试数", "", 200, 990, 0), Field("不良数", "", 0, 40, 0), Field("粗糙度", "µm", 0.1, 2.4, 3),
        Field("温度", "°C", 18, 240, 1), Field("压力", "kPa", 80, 600, 1), Field("重量", "g", 2, 60, 3),
        Field("硬度", "HRC", 40, 64, 1), Field("节拍", "s", 8, 60, 1), Field("平面度", "mm", 0, 0.4, 3),
        Field("偏差", "µm", -9, 9, 2), Field("电阻", "mΩ", 2, 90, 2), Field("最大偏移", "µm", 3, 18, 2),
    ],
    "zh-Hant": [
        Field("孔徑", "µm", 80, 120, 1), Field("銅厚", "µm", 18, 32, 2), Field("扭力", "Nm", 1, 9), Field("良率", "%", 85, 100, 1),
        Field("測試數", "", 200, 990, 0), Field("不良數", "", 0, 40, 0), Field("粗糙度", "µm", 0.1, 2.4, 3),
        Field("溫度", "°C", 18, 240, 1), Field("壓力", "kPa", 80, 600, 1), Field("重量", "g", 2, 60, 3),
        Field("硬度", "HRC", 40, 64, 1), Field("週期時間", "s", 8, 60, 1), Field("平面度", "mm", 0, 0.4, 3),
        Field("偏差", "µm", -9, 9, 2), Field("電阻", "mΩ", 2, 90, 2), Field("最大偏移", "µm", 3, 18, 2),
    ],
    "ja": [
        Field("穴径", "µm", 80, 120, 1), Field("銅厚", "µm", 18, 32, 2), Field("トルク", "Nm", 1, 9), Field("歩留り", "%", 85, 100, 1),
        Field("検査数", "", 200, 990, 0), Field("不良数", "", 0, 40, 0), Field("表面粗さ", "µm", 0.1, 2.4, 3),
        Field("温度", "°C", 18, 240, 1), Field("圧力", "kPa", 80, 600, 1), Field("重量", "g", 2, 60, 3),
        Field("硬さ", "HRC", 40, 64, 1), Field("サイクル時間", "s", 8, 60, 1), Field("平面度", "mm", 0, 0.4, 3),
        Field("ずれ量", "µm", -9, 9, 2), Field("抵抗", "mΩ", 2, 90, 2), Field("最大ずれ", "µm", 3, 18, 2),
    ],
    "ko": [
        Field("홀 직경", "µm", 80, 120, 1), Field("동박 두께", "µm", 18, 32, 2), Field("토크", "Nm", 1, 9), Field("수율", "%", 85, 100, 1),
        Field("검사 수량", "", 200, 990, 0), Field("불량 수", "", 0, 40, 0), Field("거칠기", "µm", 0.1, 2.4, 3),
        Field("온도", "°C", 18, 240, 1), Field("압력", "kPa", 80, 600, 1), Field("무게", "g", 2, 60, 3),
        Field("경도", "HRC", 40, 64, 1), Field("편차", "µm", -9, 9, 2), Field("저항", "mΩ", 2, 90, 2),
    ],
}  # fmt: skip

AXES = "XY"

# The printed name of a statistic: its key in `Sheet.stats`, the range of its values, decimal places.
_NUMBERS = [("mean", 10, 90, 2), ("sigma", 0.4, 6, 3), ("min", 1, 9, 2), ("max", 91, 99, 2), ("median", 10, 90, 2),
            ("cp", 1.5, 2.4, 2), ("cpk", 0.5, 1.4, 2)]  # fmt: skip
STATISTICS = {
    language: dict(zip(names, _NUMBERS, strict=False))
    for language, names in {
        "en": ["Mean", "Std Dev", "Min", "Max", "Median", "Cp", "Cpk"],
        "de": ["Mittelwert", "Std.-Abw.", "Min", "Max", "Median", "Cp", "Cpk"],
        "fr": ["Moyenne", "Écart-type", "Min", "Max", "Médiane", "Cp", "Cpk"],
        "es": ["Media", "Desv. est.", "Mín", "Máx", "Mediana", "Cp", "Cpk"],
        "it": ["Media", "Dev. std", "Min", "Max", "Mediana", "Cp", "Cpk"],
        "zh-Hans": ["平均值", "标准差", "最小值", "最大值", "中位数", "Cp", "Cpk"],
        "zh-Hant": ["平均值", "標準差", "最小值", "最大值", "中位數", "Cp", "Cpk"],
        "ja": ["平均", "標準偏差", "最小", "最大", "中央値", "Cp", "Cpk"],
        "ko": ["평균", "표준편차", "최소", "최대", "중앙값", "Cp", "Cpk"],
    }.items()
}
FEATURES = {
    "en": ["Height", "Area", "Volume", "Width", "Length", "Hole 1", "Hole 2", "Layer A", "Layer B"],
    "de": ["Höhe", "Fläche", "Volumen", "Breite", "Länge", "Bohrung 1", "Bohrung 2"],
    "fr": ["Hauteur", "Surface", "Volume", "Largeur", "Longueur", "Trou 1", "Trou 2"],
    "es": ["Altura", "Área", "Volumen", "Ancho", "Largo", "Orificio 1", "Orificio 2"],
    "it": ["Altezza", "Area", "Volume", "Larghezza", "Lunghezza", "Foro 1", "Foro 2"],
    "zh-Hans": ["高度", "面积", "体积", "宽度", "长度"],
    "zh-Hant": ["高度", "面積", "體積", "寬度", "長度"],
    "ja": ["高さ", "面積", "体積", "幅", "長さ"],
    "ko": ["높이", "면적", "체적", "너비", "길이"],
}
TITLES = {
    "en": ["Results", "Inspection report", "Measurement", "Process data"],
    "de": ["Ergebnisse", "Prüfbericht", "Messung", "Prozessdaten"],
    "fr": ["Résultats", "Rapport de contrôle", "Mesure", "Données"],
    "es": ["Resultados", "Informe de inspección", "Medición", "Datos"],
    "it": ["Risultati", "Rapporto di collaudo", "Misura", "Dati"],
    "zh-Hans": ["检验结果", "检验报告", "测量", "工艺数据"],
    "zh-Hant": ["檢驗結果", "檢驗報告", "量測", "製程資料"],
    "ja": ["測定結果", "検査報告書", "測定", "工程データ"],
    "ko": ["검사 결과", "검사 보고서", "측정", "공정 데이터"],
}
WORDS = {
    "en": {"Lot": "lot", "Date": "date", "Operator": "J. Weber", "Machine": "DR-04", "Result": "PASS"},
    "de": {"Charge": "lot", "Datum": "date", "Prüfer": "Weber", "Maschine": "DR-04"},
    "fr": {"Lot": "lot", "Date": "date", "Opérateur": "Martin", "Machine": "DR-04"},
    "es": {"Lote": "lot", "Fecha": "date", "Operador": "García", "Máquina": "DR-04"},
    "it": {"Lotto": "lot", "Data": "date", "Operatore": "Rossi", "Macchina": "DR-04"},
    "zh-Hans": {"批号": "lot", "日期": "date", "操作员": "王明", "机台": "DR-04"},
    "zh-Hant": {"批號": "lot", "日期": "date", "作業員": "王明", "機台": "DR-04"},
    "ja": {"ロット": "lot", "日付": "date", "担当者": "田中", "設備": "DR-04"},
    "ko": {"로트": "lot", "날짜": "date", "작업자": "김민수", "설비": "DR-04"},
}
