"""Draws a record as the picture that an automated optical inspection (AOI) machine saves.

The picture shows pink dots on target circles and cross lines, and the table of measured values (paper, Figure 1). The
values count every hole; the plot shows only those inside its frame.
"""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.simulate.fonts import text_mask
from triptych.simulate.layout_spec import RGB, Align, Block, LayoutSpec
from triptych.simulate.printing import printed_words
from triptych.simulate.style import Style

Canvas = NDArray[np.uint8]

SUPERSAMPLING = 4  # dots are drawn larger by this factor and averaged down, for exact edges and positions
SUBPIXEL_BITS = 4  # OpenCV takes coordinates as multiples of 1/16 px


def draw_record(
    points: NDArray[np.floating], layout: LayoutSpec, style: Style, extras: Mapping[str, str]
) -> Image.Image:
    """The sheet of one record, RGB.

    Args:
        points: hole positions, [n, 2] in um, y upwards.
        layout: the layout of the sheet.
        style: the random style of this sheet; its JPEG quality matters only to `encode`.
        extras: values for the fields of the layout's extra block; a field without a value is left out.
    """
    colours = layout.colours
    canvas: Canvas = np.full((layout.size[1], layout.size[0], 3), colours.paper, dtype=np.uint8)
    _draw_target(canvas, layout)
    _draw_dots(canvas, points, layout, style)
    _draw_frame(canvas, layout)
    _write_title(canvas, layout)
    _write_ticks(canvas, layout)
    words = printed_words(points, layout)
    for block in layout.blocks:
        _write_block(canvas, block, words, layout)
    if layout.extras is not None:
        _write_block(canvas, layout.extras, extras, layout)
    return Image.fromarray(_scan(canvas, style, colours.paper))


class Encoded(NamedTuple):
    """An encoded picture file."""

    data: bytes
    suffix: str


def encode(picture: Image.Image, style: Style) -> Encoded:
    """`picture` encoded as JPEG or PNG, according to `style`."""
    buffer = io.BytesIO()
    if style.jpeg_quality is None:
        picture.save(buffer, format="PNG", compress_level=4)
        return Encoded(buffer.getvalue(), ".png")
    picture.save(buffer, format="JPEG", quality=style.jpeg_quality)
    return Encoded(buffer.getvalue(), ".jpg")


def to_pixels(points: NDArray[np.floating], layout: LayoutSpec) -> NDArray[np.float64]:
    """Positions [n, 2] in um, y upwards -> in px from the plot's upper left corner, y downwards."""
    half = layout.plot[2] / 2
    return half + points.astype(np.float64) * (layout.px_per_um, -layout.px_per_um)


def _plot_area(canvas: Canvas, layout: LayoutSpec) -> Canvas:
    """The part of the canvas that the plot covers, as a view."""
    left, top, side = layout.plot
    return canvas[top : top + side, left : left + side]


def _draw_target(canvas: Canvas, layout: LayoutSpec) -> None:
    """The ground, the circles and the cross lines."""
    import cv2

    plot, colour = _plot_area(canvas, layout), layout.colours.target
    plot[:] = layout.colours.ground
    side, middle = layout.plot[2], layout.plot[2] // 2
    cv2.line(plot, (middle, 0), (middle, side), colour, 1)
    cv2.line(plot, (0, middle), (side, middle), colour, 1)
    for radius in layout.circles:
        px = round(radius * layout.px_per_um * 2**SUBPIXEL_BITS)
        centre = (middle << SUBPIXEL_BITS, middle << SUBPIXEL_BITS)
        cv2.circle(plot, centre, px, colour, 1, cv2.LINE_AA, SUBPIXEL_BITS)


def _draw_dots(canvas: Canvas, points: NDArray[np.floating], layout: LayoutSpec, style: Style) -> None:
    """The holes whose centres are inside the frame."""
    plot = _plot_area(canvas, layout)
    inside = points[(np.abs(points) <= layout.half_range).all(axis=1)]
    cover = _coverage(to_pixels(inside, layout), style.dot_radius, layout.plot[2])[..., None]
    plot[:] = np.rint(plot * (1 - cover) + np.asarray(style.pink, dtype=np.float32) * cover).astype(np.uint8)


def _coverage(centres: NDArray[np.float64], radius: float, side: int) -> NDArray[np.float32]:
    """The share of each pixel that discs of `radius` px at `centres` [n, 2] cover, [side, side]."""
    import cv2

    fine: Any = np.zeros((side * SUPERSAMPLING, side * SUPERSAMPLING), dtype=np.uint8)
    scale = SUPERSAMPLING * 2**SUBPIXEL_BITS
    # Pixel (0, 0) of the fine grid has its centre at half a fine pixel.
    at = np.rint(centres * scale - 2 ** (SUBPIXEL_BITS - 1)).astype(int)
    for x, y in at.tolist():
        cv2.circle(fine, (x, y), round(radius * scale), 255, -1, cv2.LINE_8, SUBPIXEL_BITS)
    cover: NDArray[np.float32] = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA) / np.float32(255)
    return cover


def _draw_frame(canvas: Canvas, layout: LayoutSpec) -> None:
    """The square around the plot; it covers dots that lie on it."""
    import cv2

    left, top, side = layout.plot
    cv2.rectangle(canvas, (left - 1, top - 1), (left + side, top + side), layout.colours.frame, 2)


def _write_title(canvas: Canvas, layout: LayoutSpec) -> None:
    """The heading, on a banner if the layout has one."""
    ink = layout.colours.ink
    height = layout.font_size * 2
    if layout.colours.banner is not None:
        canvas[:height] = layout.colours.banner
        ink = (255, 255, 255)
    _write(canvas, layout.title, (24, height // 2), "left", layout, ink, layout.font_size + 2)


def _write_ticks(canvas: Canvas, layout: LayoutSpec) -> None:
    """Numbers along the left and the lower side of the plot."""
    left, top, side = layout.plot
    size = layout.font_size - 6
    for tick in layout.ticks:
        x, y = to_pixels(np.array([[tick, tick]]), layout)[0]
        _write(canvas, f"{tick:g}", (round(left + x), top + side + size), "middle", layout, layout.colours.ink, size)
        _write(canvas, f"{tick:g}", (left - 8, round(top + y)), "right", layout, layout.colours.ink, size)


def _write_block(canvas: Canvas, block: Block, words: Mapping[str, str], layout: LayoutSpec) -> None:
    """The labels of `block` and the `words` of its fields, at their positions; fields without a word are skipped."""
    ink, size = layout.colours.ink, layout.font_size
    printed = [(label, words[name]) for name, label in block.fields if name in words]
    for index, (label, word) in enumerate(printed):
        x, y = block.origin[0] + index * block.pitch[0], block.origin[1] + index * block.pitch[1]
        _write(canvas, label, (x, y), block.label_align, layout, ink, size)
        _write(canvas, word, (x + block.value[0], y + block.value[1]), block.value_align, layout, ink, size)
        if block.ruled:
            canvas[y + block.pitch[1] // 2, x - 6 : x + block.value[0] + 6] = layout.colours.target


def _write(
    canvas: Canvas, text: str, at: tuple[int, int], align: Align, layout: LayoutSpec, ink: RGB, size: int
) -> None:
    """One line of text; `at` is the x of its left end, middle or right end, and the y of its middle."""
    mask = np.asarray(text_mask(text, layout.font, size), dtype=np.float32)[..., None] / 255
    height, width = mask.shape[:2]
    x = at[0] - {"left": 0, "middle": width // 2, "right": width}[align]
    y = at[1] - height // 2
    under = canvas[y : y + height, x : x + width]
    under[:] = np.rint(under * (1 - mask) + np.asarray(ink, dtype=np.float32) * mask).astype(np.uint8)


def _scan(canvas: Canvas, style: Style, paper: RGB) -> Canvas:
    """The sheet, rotated about its centre and blurred."""
    import cv2

    height, width = canvas.shape[:2]
    image: Any = canvas
    if style.tilt:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), style.tilt, 1.0)
        image = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
    if style.blur:
        image = cv2.GaussianBlur(image, (0, 0), style.blur)
    return np.asarray(image, dtype=np.uint8)
