"""Styles of dot plots, and the functions that draw them: with OpenCV as inspection machines do, and with Matplotlib."""

import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Points = NDArray[np.float64]
SUPERSAMPLING = 4
BLUE, RED, GREEN, BLACK, GREY = "#1f77b4", "#d62728", "#2ca02c", "#000000", "#777777"


@dataclass(frozen=True)
class Style:
    """How a record is drawn.

    Attributes:
        name: of the style.
        tool: `cv` or `mpl`.
        dots: colours of the dots.
        divided: which dot has which colour: by `radius` or `class`.
        size: radius of a dot in px.
        marker: a marker of Matplotlib.
        edge: colour of the dots' edges, with `mpl`.
        alpha: opacity of the dots, with `mpl`.
        page, ground, ink: colours of the page, the plot's area, and lines and print.
        lines: what is drawn of `frame`, `circles`, `cross`, `grid`, `limit` (a coloured circle), `legend`, `text`,
            `box` (text in the plot), `text over`, `ticks`, `L` (left and lower axis), `coloured frame`.
        x, y: limits of the axes in um.
        equal: whether a um is as long down as across, with `mpl`.
        tilt: degrees, counter-clockwise.
        jpeg: quality; 0 for a PNG.
        unit: printed at the axes, with `mpl`.
    """

    name: str
    tool: str = "cv"
    dots: tuple[str, ...] = ("#e83e8c",)
    divided: str = "radius"
    size: float = 2.2
    marker: str = "o"
    edge: str = "none"
    alpha: float = 1.0
    page: str = "#ffffff"
    ground: str = "#ffffff"
    ink: str = "#222222"
    lines: frozenset[str] = frozenset({"frame", "circles", "cross", "text"})
    x: tuple[float, float] = (-20.0, 20.0)
    y: tuple[float, float] = (-20.0, 20.0)
    equal: bool = True
    tilt: float = 0.0
    jpeg: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Drawn:
    """A drawn record and its true dots.

    Attributes:
        picture: the picture.
        dots: px of each dot in the picture before it was tilted, [n, 2].
        radius: px, the length in which errors are measured: of the outermost circle, or half the longer axis.
        points: um of each dot, [n, 2].
    """

    picture: Image.Image
    dots: Points
    radius: float
    points: Points = field(repr=False)


def draw_cloud(kind: str, count: int, rng: np.random.Generator) -> Points:
    """`count` points in um, y upwards, of the distribution `kind`."""
    if kind == "two clusters":
        middle = rng.normal(0, 1, 2)
        offset = rng.choice([-1, 1], (count, 1)) * np.array([4.0, 2.5])
        return middle + offset + rng.normal(0, 1.6, (count, 2))
    if kind == "ring":
        angle, radius = rng.uniform(0, 2 * np.pi, count), rng.normal(8, 1.2, count)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    mean = np.array([5.0, -3.5]) if kind == "shifted" else np.zeros(2)
    return rng.normal(mean + rng.normal(0, 0.8, 2), rng.uniform(1.5, 3.2, 2), (count, 2))


def draw(style: Style, points: Points, rng: np.random.Generator) -> Drawn:
    """`points` drawn in `style`, tilted and encoded."""
    drawn = _draw_mpl(style, points, rng) if style.tool == "mpl" else _draw_cv(style, points, rng)
    picture = drawn.picture
    if style.tilt:
        picture = picture.rotate(style.tilt, resample=Image.Resampling.BICUBIC, fillcolor=style.page)
    if style.jpeg:
        buffer = io.BytesIO()
        picture.save(buffer, format="JPEG", quality=style.jpeg)
        picture = Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")
    return Drawn(picture, drawn.dots, drawn.radius, drawn.points)


def _colour_index(style: Style, points: Points, rng: np.random.Generator) -> NDArray[np.intp]:
    """The index of each dot's colour."""
    if style.divided == "radius":
        edges = np.quantile(np.hypot(*points.T), np.arange(1, len(style.dots)) / len(style.dots))
        return np.searchsorted(edges, np.hypot(*points.T))
    return rng.integers(len(style.dots), size=len(points))


def _table(points: Points) -> list[str]:
    mean, sigma = points.mean(axis=0), points.std(axis=0)
    return [
        f"Total    {len(points)}",
        f"Mean X   {mean[0]:.2f}",
        f"Mean Y   {mean[1]:.2f}",
        f"Sigma X  {sigma[0]:.2f}",
        f"Sigma Y  {sigma[1]:.2f}",
    ]


class _Sheet:
    """A large canvas with a square plot; positions are in px of the picture."""

    left, top, side = 30, 60, 520
    size = (900, 620)

    def __init__(self, style: Style) -> None:
        self.style = style
        self.large = Image.new("RGB", (self.size[0] * SUPERSAMPLING, self.size[1] * SUPERSAMPLING), style.page)
        self.pen = ImageDraw.Draw(self.large)
        self.middle = (self.left + self.side / 2, self.top + self.side / 2)
        self.scale = self.side / 2 / 22  # px per um

    def disc(self, x: float, y: float, radius: float, **colours: Any) -> None:
        self.pen.ellipse([v * SUPERSAMPLING for v in (x - radius, y - radius, x + radius, y + radius)], **colours)

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str) -> None:
        self.pen.line([v * SUPERSAMPLING for v in (x0, y0, x1, y1)], fill=colour, width=SUPERSAMPLING)

    def box(self, **colours: Any) -> None:
        corners = (self.left, self.top, self.left + self.side, self.top + self.side)
        self.pen.rectangle([v * SUPERSAMPLING for v in corners], **colours)

    def write(self, x: float, y: float, text: str, size: int) -> None:
        font = ImageFont.load_default(size * SUPERSAMPLING)
        self.pen.text((x * SUPERSAMPLING, y * SUPERSAMPLING), text, fill=self.style.ink, font=font)

    def target(self) -> None:
        """The ground and the lines below the dots."""
        (x, y), left, top, side, lines = self.middle, self.left, self.top, self.side, self.style.lines
        self.box(fill=self.style.ground)
        for step in range(1, 8) if "grid" in lines else ():
            self.line(left + step * side / 8, top, left + step * side / 8, top + side, "#cccccc")
            self.line(left, top + step * side / 8, left + side, top + step * side / 8, "#cccccc")
        if "cross" in lines:
            self.line(x, top, x, top + side, self.style.ink)
            self.line(left, y, left + side, y, self.style.ink)
        for um in (5, 10, 20) if "circles" in lines else ():
            self.disc(x, y, um * self.scale, outline=self.style.ink, width=SUPERSAMPLING)
        if "limit" in lines:
            self.disc(x, y, 12 * self.scale, outline="#dd2222", width=2 * SUPERSAMPLING)
        for row, text in enumerate(("n=487", "tool 12", "spindle 3") if "box" in lines else ()):
            self.write(left + 10, top + 8 + 18 * row, text, 14)

    def print(self, points: Points) -> None:
        """The frame and the text above the dots."""
        lines = self.style.lines
        if "text over" in lines:
            self.write(self.middle[0] + 3, self.middle[1] + 3, "TARGET 12 um", 15)
        if "frame" in lines:
            self.box(outline="#2244cc" if "coloured frame" in lines else self.style.ink, width=2 * SUPERSAMPLING)
        self.write(self.left, 20, "Hole position report", 20)
        for row, text in enumerate(_table(points)):
            self.write(600, 70 + 36 * row, text, 19)


def _draw_cv(style: Style, points: Points, rng: np.random.Generator) -> Drawn:
    """As an inspection machine draws: a square plot, drawn large and averaged down."""
    sheet = _Sheet(style)
    inside = points[(np.abs(points) < 21.5).all(axis=1)]
    places = np.array(sheet.middle) + inside * [sheet.scale, -sheet.scale]
    sheet.target()
    for (x, y), index in zip(places, _colour_index(style, inside, rng), strict=True):
        sheet.disc(x, y, style.size, fill=style.dots[index])
    sheet.print(points)
    picture = sheet.large.resize(sheet.size, Image.Resampling.BOX)
    return Drawn(picture, places - 0.5, sheet.scale * (20 if "circles" in style.lines else 22), inside)


def _draw_mpl(style: Style, points: Points, rng: np.random.Generator) -> Drawn:
    """As a script of an engineer draws, with Matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    (x0, x1), (y0, y1) = style.x, style.y
    inside = points[(points[:, 0] > x0) & (points[:, 0] < x1) & (points[:, 1] > y0) & (points[:, 1] < y1)]
    figure = Figure(figsize=(8, 5.4), dpi=100, facecolor=style.page)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.09, 0.12, 0.58, 0.78), facecolor=style.ground)
    axes.set(xlim=style.x, ylim=style.y)
    if style.equal:
        axes.set_aspect("equal")
    _decorate(axes, style)
    _draw_target(axes, style)
    index = _colour_index(style, inside, rng)
    area = (2 * style.size * 72 / 100) ** 2
    for number, colour in enumerate(style.dots):
        kind: dict[str, Any] = {"c": colour} if style.marker in "+x" else {"edgecolors": style.edge, "c": colour}
        if style.marker == "o-":
            kind = {"facecolors": "none", "edgecolors": colour}
        chosen = inside[index == number]
        axes.scatter(
            *chosen.T, s=area, marker=style.marker[0], alpha=style.alpha, linewidths=0.8, zorder=3,
            label=f"class {number}", **kind,
        )  # fmt: skip
    if "legend" in style.lines:
        axes.legend(loc="upper right", fontsize=8)
    if "text" in style.lines:
        for row, text in enumerate(_table(points)):
            figure.text(0.70, 0.8 - 0.06 * row, text, color=style.ink, fontsize=12)
        axes.set_title("Hole positions", color=style.ink, fontsize=11)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())
    places = axes.transData.transform(inside)
    places[:, 1] = picture.height - places[:, 1]
    corners = axes.transData.transform([(x0, y0), (x1, y1)])
    radius = float(np.abs(corners[1] - corners[0]).max() / 2)
    if "circles" in style.lines:
        radius *= 20 / ((x1 - x0) / 2)
    return Drawn(picture, places - 0.5, radius, inside)


def _decorate(axes: Any, style: Style) -> None:
    """The lines and labels of the axes."""
    for spine in axes.spines.values():
        spine.set_color("#2244cc" if "coloured frame" in style.lines else style.ink)
    if "L" in style.lines:
        axes.spines[["top", "right"]].set_visible(False)
    elif not style.lines & {"frame"}:
        axes.spines[:].set_visible(False)
    axes.tick_params(colors=style.ink, labelsize=9)
    if "ticks" not in style.lines:
        axes.set(xticks=[], yticks=[])
    if "grid" in style.lines:
        axes.grid(True, color="#ffffff" if style.ground == "#eaeaf2" else "#cccccc", linewidth=0.8)
        axes.set_axisbelow(True)
    if style.unit:
        axes.set_xlabel(f"x [{style.unit}]", color=style.ink)
        axes.set_ylabel(f"y [{style.unit}]", color=style.ink)


def _draw_target(axes: Any, style: Style) -> None:
    """The cross lines and circles."""
    from matplotlib.patches import Circle

    if "cross" in style.lines:
        axes.axhline(0, color=style.ink, linewidth=0.8)
        axes.axvline(0, color=style.ink, linewidth=0.8)
    for um in (5, 10, 20) if "circles" in style.lines else ():
        axes.add_patch(Circle((0, 0), um, fill=False, edgecolor=style.ink, linewidth=0.8))
    if "limit" in style.lines:
        axes.add_patch(Circle((0, 0), 12, fill=False, edgecolor="#dd2222", linewidth=1.5, linestyle="--"))


_MPL = frozenset({"frame", "ticks", "text"})
_CV = frozenset({"frame", "circles", "cross", "text"})

STYLES: dict[str, tuple[Style, ...]] = {
    "developed": (
        Style("one colour"),
        Style("two colours", dots=(BLUE, RED)),
        Style("four classes", dots=(BLUE, RED, GREEN, "#ff7f0e"), divided="class"),
        Style("red limit circle", dots=(BLUE, RED), lines=_CV | {"limit"}),
        Style("coloured frame", dots=("#2244cc",), lines=_CV | {"coloured frame"}),
        Style("dark page", dots=("#00d0ff",), page="#101418", ground="#101418", ink="#cccccc"),
        Style("dark plot", dots=("#ffd000",), ground="#1c1f26", ink="#999999"),
        Style("white on black", dots=("#ffffff",), page="#000000", ground="#000000", ink="#888888"),
        Style("navy", dots=("#ffffff",), page="#102040", ground="#102040", ink="#90a0c0"),
        Style("grey", dots=(GREY,), ink=GREY),
        Style("black", dots=(BLACK,), ink="#808080", size=2.5),
        Style("black on grey paper", dots=(BLACK,), page="#d8d8d8", ground="#d8d8d8", ink="#404040"),
        Style("black with grid", dots=(BLACK,), lines=_CV | {"grid"}),
        Style("black and red", dots=(BLACK, RED), size=2.5),
        Style("black jpeg", dots=("#303030",), jpeg=85, size=2.5),
        Style("text box", dots=(BLACK,), lines=_CV | {"box"}, size=2.5),
        Style("text over", dots=("#e83e8c",), lines=_CV | {"text over"}, size=2.5),
        Style("tilt 4", tilt=4.0),
        Style("tilt -3", tilt=-3.0, dots=(BLUE, RED)),
        Style("mpl box", "mpl", (BLUE,), size=2.5, lines=_MPL),
        Style("mpl L", "mpl", (BLUE,), size=2.5, lines=_MPL | {"L"}),
        Style("mpl L black", "mpl", (BLACK,), size=2.5, lines=_MPL | {"L"}),
        Style("mpl two classes legend", "mpl", (BLUE, "#ff7f0e"), "class", 3, lines=_MPL | {"legend", "grid"}),
        Style("mpl edges", "mpl", (BLUE,), size=3.5, edge="black", lines=_MPL),
        Style("mpl alpha", "mpl", (BLUE,), size=3, alpha=0.5, lines=_MPL),
        Style("mpl hollow", "mpl", (BLUE,), marker="o-", size=3.5, lines=_MPL | {"grid"}),
        Style("mpl hollow black", "mpl", (BLACK,), marker="o-", size=3.5, lines=_MPL),
        Style("mpl plus", "mpl", (BLACK,), marker="+", size=4, lines=_MPL),
        Style("mpl wide", "mpl", (BLUE,), size=2.5, x=(-30, 30), y=(-12, 12), equal=False, lines=_MPL, unit="um"),
        Style("mpl off centre", "mpl", (RED,), size=2.5, x=(-10, 25), y=(-20, 15), lines=_MPL | {"grid"}, unit="µm"),
        Style("mpl cross only", "mpl", (BLUE,), size=2.5, lines=frozenset({"cross", "text"})),
        Style("mpl grey ground", "mpl", ("#4c72b0",), size=3, ground="#eaeaf2",
              lines=frozenset({"grid", "ticks", "text"})),
        Style("mpl dark", "mpl", ("#8dd3c7", "#feffb3"), "class", 2.5, page="black", ground="black", ink="white",
              lines=_MPL),
        Style("mpl limit", "mpl", (BLUE, RED), size=2.5, lines=_MPL | {"limit"}),
    ),
    "unseen": (
        Style("three colours by radius", dots=("#008800", "#ddaa00", "#cc0000")),
        Style("magenta and cyan, limit", dots=("#cc00cc", "#00a0c0"), divided="class", lines=_CV | {"limit"}),
        Style("green on black", dots=("#00ff40",), page="#000000", ground="#000000", ink="#505050", size=1.8),
        Style("two colours on slate", dots=("#ff6060", "#60c0ff"), page="#2b3036", ground="#22262b", ink="#b0b0b0"),
        Style("light dots on a dark plot", dots=("#f0f0f0",), ground="#303030", ink="#808080", size=2.6),
        Style("dark grey, jpeg", dots=("#404040",), ink="#909090", jpeg=80, size=2.8),
        Style("black on beige", dots=("#101010",), page="#f0e8d8", ground="#f0e8d8", ink="#605040", size=2.4),
        Style("black and blue, grid", dots=(BLACK, "#2040e0"), lines=_CV | {"grid"}, size=2.8),
        Style("black without circles", dots=(BLACK,), lines=frozenset({"frame", "grid", "text"}), size=3),
        Style("large black dots and text", dots=(BLACK,), lines=_CV | {"box"}, size=4),
        Style("tilt -4.6", tilt=-4.6, dots=("#2040e0",)),
        Style("tilt 2.7, dark", tilt=2.7, dots=("#ffb000",), page="#181818", ground="#181818", ink="#d0d0d0"),
        Style("mpl green L grid", "mpl", (GREEN,), size=3, lines=_MPL | {"L", "grid"}),
        Style("mpl three classes legend", "mpl", (BLUE, RED, GREEN), "class", 2.6, lines=_MPL | {"legend"}),
        Style("mpl black legend", "mpl", (BLACK,), size=3, lines=_MPL | {"legend", "grid"}),
        Style("mpl white edges", "mpl", (RED,), size=4, edge="white", lines=_MPL),
        Style("mpl alpha 0.3", "mpl", ("#9467bd",), size=3.5, alpha=0.3, lines=_MPL | {"grid"}),
        Style("mpl crosses", "mpl", (RED,), marker="x", size=3.5, lines=_MPL | {"grid"}),
        Style("mpl crosses black", "mpl", (BLACK,), marker="x", size=3.5, lines=_MPL),
        Style("mpl tall", "mpl", (BLUE,), size=2.5, x=(-15, 15), y=(-40, 40), equal=False, lines=_MPL | {"grid"},
              unit="um"),
        Style("mpl off centre mm", "mpl", ("#ff7f0e",), size=3, x=(-25, 12), y=(-12, 20), lines=_MPL, unit="um"),
        Style("mpl dark L", "mpl", ("#fa8174",), size=2.5, page="#1e1e1e", ground="#1e1e1e", ink="#dddddd",
              lines=_MPL | {"L"}),
        Style("mpl circles", "mpl", (BLUE, RED), size=2.5, x=(-22, 22), y=(-22, 22), lines=_MPL | {"circles", "grid"}),
        Style("mpl coloured frame grey dots", "mpl", (GREY,), size=3, lines=_MPL | {"coloured frame", "grid"}),
    ),
}  # fmt: skip
