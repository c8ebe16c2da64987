"""A layout file of a small sheet, with its sample picture."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LINES = (
    *((40, 30, "Total"), (260, 30, "500")),
    *((40, 70, "Mean X"), (250, 70, "-0.12")),
    *((40, 110, "Lot"), (250, 110, "77AB")),
)
YAML = """picture: sheet.png
fields:
- {name: Total, meaning: total, name_box: [36, 28, 90, 52], value_box: [255, 28, 300, 52]}
- {name: Mean X, meaning: mean_x, name_box: [36, 68, 110, 92], value_box: [245, 68, 305, 92]}
"""


def write_sheet(folder: Path) -> Path:
    """Write `sheet.yaml` and `sheet.png` to `folder`, and return the path of the YAML file."""
    picture = Image.new("RGB", (400, 200), "white")
    for x, y, text in LINES:
        ImageDraw.Draw(picture).text((x, y), text, fill="black", font=ImageFont.load_default(18))
    picture.save(folder / "sheet.png")
    (folder / "sheet.yaml").write_text(YAML)
    return folder / "sheet.yaml"
