import struct
import warnings
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from triptych.config import ReadingConfig
from triptych.errors import RecordError
from triptych.records import BitDepth, Decoder, Record
from triptych.records.picture import PAGES

RNG = np.random.default_rng(0)
TIFF_TYPES = {np.dtype("f8"): 3, np.dtype("f4"): 3, np.dtype("i2"): 2, np.dtype("u4"): 1, np.dtype("u2"): 1}


def _ramp(low: float, high: float, dtype: str, size=(40, 64)) -> np.ndarray:
    """Values that rise evenly from left to right, from `low` to `high`."""
    return np.broadcast_to(np.linspace(low, high, size[1]), size).astype(dtype)


def _tiff(values: np.ndarray, photometric: int = 1, order: str = "<") -> bytes:
    """An uncompressed grey TIFF file of any number type; photometric 0 means that 0 is white."""
    data, (height, width) = values.astype(values.dtype.newbyteorder(order)).tobytes(), values.shape
    short, long = 3, 4
    tags = [
        *((256, short, width), (257, short, height), (258, short, 8 * values.itemsize), (259, short, 1)),
        *((262, short, photometric), (273, long, 8), (277, short, 1), (278, short, height), (279, long, len(data))),
        (339, short, TIFF_TYPES[values.dtype]),
    ]
    head = struct.pack(order + "2sHL", b"II" if order == "<" else b"MM", 42, 8 + len(data))
    entries = [
        struct.pack(order + ("HHLHxx" if kind == short else "HHLL"), tag, kind, 1, value) for tag, kind, value in tags
    ]
    return head + data + struct.pack(order + "H", len(tags)) + b"".join(entries) + bytes(4)


def _saved(path: Path, content) -> Record:
    """A record of a file with a Pillow picture, an array (written by OpenCV, so BGR) or bytes."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, np.ndarray):
        path.write_bytes(cv2.imencode(path.suffix, content)[1].tobytes())
    else:
        content.save(path)
    return Record(path.name, path)


def _pixels(record: Record, decoder: Decoder | None = None) -> np.ndarray:
    return np.asarray(record.load_image(decoder) if decoder else record.load_image())


def _row(record: Record, decoder: Decoder | None = None) -> np.ndarray:
    """The red values of the first row; a grey picture has the same ones in green and blue."""
    pixels = _pixels(record, decoder)
    assert (pixels == pixels[..., :1]).all()
    return pixels[0, :, 0].astype(int)


RISING = np.rint(np.linspace(0, 255, 64)).astype(int)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("16.png", _ramp(0, 65535, "u2")),
        ("12-in-16.png", _ramp(0, 4095, "u2")),
        ("few.png", _ramp(1000, 1400, "u2")),
        ("16.tif", _ramp(1000, 1400, "u2")),
        ("big-endian.tif", _tiff(_ramp(1000, 1400, "u2"), order=">")),
        ("signed.tif", _tiff(_ramp(-2000, 2000, "i2"))),
        ("signed-cv.tif", _ramp(-2000, 2000, "i2")),
        ("32.tif", _tiff(_ramp(2**31, 2**32 - 1, "u4"))),
        ("float.tif", _ramp(0, 1, "f4")),
        ("double.tif", _tiff(_ramp(-1e-3, 1e-3, "f8"))),
        ("huge.tif", _tiff(_ramp(-1e38, 1e38, "f4"))),
        ("16.pgm", _ramp(0, 65535, "u2")),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_deep_grey_files_keep_their_grey_levels(tmp_path, name, content):
    assert np.abs(_row(_saved(tmp_path / name, content)) - RISING).max() <= 1


@pytest.mark.parametrize(
    "picture",
    [
        Image.fromarray(_ramp(1000, 1400, "u2")),
        Image.fromarray(_ramp(1000, 1400, "i4")),
        Image.fromarray(_ramp(0, 1, "f4")),
    ],
    ids=lambda picture: picture.mode,
)
def test_deep_grey_in_memory_is_treated_as_from_a_file(picture):
    assert np.abs(_row(Record("a", picture)) - RISING).max() <= 1


def test_zero_can_be_white_in_a_deep_tiff(tmp_path):
    assert (
        np.abs(_row(_saved(tmp_path / "a.tif", _tiff(_ramp(0, 4095, "u2"), photometric=0))) - RISING[::-1]).max() <= 1
    )


@pytest.mark.parametrize("suffix", [".png", ".tif", ".ppm"])
def test_deep_colours_keep_their_levels_and_their_order(tmp_path, suffix):
    ramp = _ramp(0, 4095, "u2")
    found = _pixels(_saved(tmp_path / f"a{suffix}", np.dstack([ramp * 0, ramp // 2, ramp])))  # blue, green, red
    assert np.abs(found[0] - np.stack([RISING, RISING // 2, RISING * 0], 1)).max() <= 1


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_deep_colours_over_white_where_transparent(tmp_path, suffix):
    ramp, alpha = _ramp(0, 4095, "u2"), np.full((40, 64), 65535, np.uint16)
    alpha[:, :32] = 0
    found = _pixels(_saved(tmp_path / f"a{suffix}", np.dstack([ramp, ramp, ramp, alpha])))
    assert (found[:, :32] == 255).all()
    assert (found[0, 32] < 10).all()  # the range is that of the visible values


def test_8_bit_pictures_are_unchanged_by_the_range_of_others(tmp_path):
    noise = RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    record = _saved(tmp_path / "a.png", Image.fromarray(noise))
    assert np.array_equal(_pixels(record, Decoder(depth=BitDepth((1000, 1400), eight_bit=True))), noise)


def test_deep_pictures_of_a_data_set_are_scaled_alike(tmp_path):
    decoder = Decoder(depth=BitDepth((1000, 2000), eight_bit=False))
    low, high = (
        _saved(tmp_path / f"{i}.png", _ramp(*ends, "u2")) for i, ends in enumerate([(1000, 1500), (1500, 2000)])
    )
    assert (_row(low, decoder)[-1], _row(high, decoder)[0]) == (128, 128)


def test_values_beyond_the_range_are_clipped_and_reported(tmp_path):
    decoder = Decoder(depth=BitDepth((1000, 2000), eight_bit=False))
    found = _saved(tmp_path / "a.png", _ramp(0, 3000, "u2")).load_picture(decoder)
    assert np.asarray(found.image)[0, [0, -1], 0].tolist() == [0, 255]
    assert found.problems == (
        "picture: 59% of its values lie far outside 1000 to 2000, the range of the training pictures; found 0 to 3000",
    )
    assert _saved(tmp_path / "b.png", _ramp(950, 2050, "u2")).load_picture(decoder).problems == ()


def test_a_picture_of_another_depth_than_the_training_pictures_is_reported(tmp_path):
    deep, shallow = _saved(tmp_path / "d.png", _ramp(0, 4095, "u2")), _saved(tmp_path / "s.png", _ramp(0, 255, "u1"))
    (more,) = deep.load_picture(Decoder(depth=BitDepth(None, eight_bit=True))).problems
    (fewer,) = shallow.load_picture(Decoder(depth=BitDepth((0, 4095), eight_bit=False))).problems
    assert "has more than 8 bits, and the training pictures have 8" in more
    assert "has 8 bits, and the training pictures have more" in fewer
    assert shallow.load_picture(Decoder(depth=BitDepth((0, 4095), eight_bit=True))).problems == ()


def test_a_constant_deep_picture_is_one_grey(tmp_path):
    record = _saved(tmp_path / "a.png", np.full((40, 50), 1200, np.uint16))
    assert len(np.unique(_pixels(record))) == 1
    assert len(np.unique(_pixels(record, Decoder(depth=BitDepth((1200, 1200), eight_bit=False))))) == 1


def test_nan_and_infinity_do_not_set_the_range_and_are_reported(tmp_path):
    ramp = _ramp(0, 1, "f4").copy()
    ramp[5:15, 5:15], ramp[20, 20], ramp[21, 21] = np.nan, np.inf, -np.inf
    found = _saved(tmp_path / "a.tif", _tiff(ramp)).load_picture()
    assert np.abs(np.asarray(found.image)[0, :, 0] - RISING).max() <= 1
    assert "not finite" in found.notes[0]
    with pytest.raises(RecordError, match=r"b\.tif: none of the picture's values is a finite number"):
        _saved(tmp_path / "b.tif", _tiff(ramp * np.nan)).load_image()
    with pytest.raises(RecordError, match="finite number"):
        Record("b.tif", tmp_path / "b.tif").load_image(Decoder(depth=BitDepth((0, 1), eight_bit=False)))


def _transparent() -> dict[str, Image.Image]:
    """Red on the left; on the right black that is fully transparent."""
    rgba = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    rgba.paste((255, 0, 0, 255), (0, 0, 20, 20))
    palette = Image.new("P", (40, 20), 1)
    palette.putpalette([255, 0, 0, 0, 0, 0])
    palette.paste(0, (0, 0, 20, 20))
    palette.info["transparency"] = 1
    keyed = Image.new("RGB", (40, 20), "black")
    keyed.paste("red", (0, 0, 20, 20))
    keyed.info["transparency"] = (0, 0, 0)
    return {"RGBA": rgba, "P": palette, "RGB": keyed, "PA": palette.convert("PA"), "RGBa": rgba.convert("RGBa")}


@pytest.mark.parametrize("mode", ["RGBA", "P", "RGB", "PA", "RGBa"])
def test_transparent_pixels_lie_on_white(tmp_path, mode):
    picture = _transparent()[mode]
    found = _pixels(Record("a", picture))
    assert found[10, [0, -1]].tolist() == [[255, 0, 0], [255, 255, 255]]
    if mode in ("RGBA", "P", "RGB"):
        assert np.array_equal(_pixels(_saved(tmp_path / "a.png", picture)), found)


@pytest.mark.parametrize("mode", ["L", "I;16"])
def test_a_transparent_grey_picture_is_blended_with_white(tmp_path, mode):
    picture = Image.fromarray(
        np.repeat(np.array([[7, 0]], np.uint16 if mode == "I;16" else np.uint8), 20, 1).repeat(20, 0)
    )
    picture.save(tmp_path / "a.png", transparency=0)
    assert (_pixels(Record("a.png", tmp_path / "a.png"))[:, 20:] == 255).all()
    assert (_pixels(Record("a.png", tmp_path / "a.png"))[:, :20] < 255).all()


def test_half_transparent_grey_is_lighter():
    assert (_pixels(Record("a", Image.new("LA", (20, 20), (0, 128)))) == 127).all()
    assert (_pixels(Record("a", Image.new("LA", (20, 20), (0, 128)).convert("La"))) == 127).all()


def test_opaque_alpha_changes_nothing():
    noise = Image.fromarray(RNG.integers(0, 256, (30, 40, 3), dtype=np.uint8))
    assert np.array_equal(_pixels(Record("a", noise.convert("RGBA"))), np.asarray(noise))


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "HSV", "LAB", "RGBX"])
def test_colour_modes_in_memory_are_treated_as_from_a_file(tmp_path, mode):
    red = Image.new("RGB", (30, 20), (200, 40, 30))
    if mode == "LAB":
        rgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        picture = ImageCms.profileToProfile(red, rgb, lab, outputMode="LAB")
    else:
        picture = red.convert(mode)
    found = _pixels(Record("a", picture))
    assert np.abs(found.astype(int) - [200, 40, 30]).max() <= 6
    if mode in ("CMYK", "LAB", "YCbCr"):
        assert np.array_equal(_pixels(_saved(tmp_path / "a.tif", picture)), found)
    assert len({Record("a", picture).digest(), Record("b", picture.copy()).digest()}) == 1


def test_black_and_white_and_grey_pictures():
    assert (_pixels(Record("a", Image.new("1", (20, 20), 1))) == 255).all()
    assert (_pixels(Record("a", Image.new("L", (20, 20), 77))) == 77).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["file", "memory", "deep"])
def test_pictures_are_turned_upright_by_their_exif_data(tmp_path, orientation, kind):
    values = np.zeros((20, 30), np.uint16 if kind == "deep" else np.uint8)
    values[:8, :4], values[:2, 8:] = 4000 if kind == "deep" else 255, 1000 if kind == "deep" else 99
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(values).save(tmp_path / "a.png", exif=exif)
    plain = _pixels(Record("p", Image.fromarray(values)))
    with Image.open(tmp_path / "a.png") as picture:
        turned = _pixels(Record("a", picture) if kind == "memory" else Record("a", tmp_path / "a.png"))
    transposed = {5: plain.swapaxes(0, 1), 2: plain[:, ::-1], 4: plain[::-1], 3: plain[::-1, ::-1], 1: plain}
    transposed |= {6: np.rot90(plain, -1), 8: np.rot90(plain), 7: np.rot90(plain, 2).swapaxes(0, 1)}
    assert np.array_equal(turned, transposed[orientation])


@pytest.mark.parametrize(("name", "is_rgb"), [("a.tif", False), ("a.gif", True), ("a.webp", True), ("a.png", True)])
def test_only_the_first_page_counts_and_is_noted(tmp_path, name, is_rgb):
    pages = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue", "lime")]
    options = {"lossless": True} if name == "a.webp" else {}
    pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:], **options)
    found = Record(name, tmp_path / name).load_picture()
    assert found.notes == (PAGES,)
    assert found.image.getpixel((5, 5)) == (255, 0, 0)


def test_the_pages_of_deep_files_and_mpo_files_are_noted_too(tmp_path):
    deep = [Image.fromarray(_ramp(0, 1000 * i, "u2")) for i in (1, 2)]
    deep[0].save(tmp_path / "a.tif", save_all=True, append_images=deep[1:])
    colours = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    colours[0].save(tmp_path / "b.jpg", format="MPO", save_all=True, append_images=colours[1:])
    for name in ("a.tif", "b.jpg"):
        assert Record(name, tmp_path / name).load_picture().notes == (PAGES,)
    assert np.abs(_row(Record("a.tif", tmp_path / "a.tif")) - RISING).max() <= 1


def test_a_single_page_needs_no_note(tmp_path):
    for name in ("a.tif", "a.gif", "a.webp", "a.png", "a.jpg"):
        assert _saved(tmp_path / name, Image.new("RGB", (30, 20), "red")).load_picture().notes == ()


def test_too_many_pixels_are_refused_by_the_header_without_a_raw_warning(tmp_path):
    whole = _saved(tmp_path / "a.png", Image.new("L", (20, 20))).image_bytes()
    header = whole[12:16] + struct.pack(">II", 60_000, 50_000) + whole[24:29]
    huge = whole[:12] + header + struct.pack(">I", zlib.crc32(header)) + whole[33:]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(
            RecordError, match=r"b\.png: the picture is 60000x50000 px, 3000\.0 million in all, and at most"
        ):
            _saved(tmp_path / "b.png", huge).load_image()


def test_the_bound_on_pixels_is_a_setting_and_holds_in_memory():
    picture, decoder = Image.new("L", (300, 200)), Decoder(ReadingConfig(max_pixels=50_000))
    with pytest.raises(RecordError, match=r"300x200 px, 0\.1 million in all.*--set reading\.max_pixels=N"):
        Record("a", picture).load_image(decoder)
    assert Record("a", picture).load_image(Decoder(ReadingConfig(max_pixels=60_000))).size == (300, 200)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "1", "P", "I;16", "CMYK"])
def test_large_pictures_are_reduced_and_look_the_same(tmp_path, mode):
    values = np.repeat(np.linspace(0, 255, 1000), 900).reshape(1000, 900)
    grey = Image.fromarray(values.astype(np.uint8))
    picture = Image.fromarray((values * 10).astype(np.uint16)) if mode == "I;16" else grey.convert(mode)
    decoder = Decoder(ReadingConfig(working_pixels=100_000))
    found = np.asarray(Record("a", picture).load_image(decoder)).astype(int)
    assert found.shape == (334, 300, 3)  # a third of each side
    assert np.abs(found[:-1].mean(axis=(1, 2)) - values[1:-1:3].mean(axis=1)).max() < (12 if mode == "1" else 2)


def test_large_jpegs_are_decoded_in_a_smaller_size(tmp_path):
    record = _saved(tmp_path / "a.jpg", Image.linear_gradient("L").resize((1600, 1200)).convert("RGB"))
    decoder = Decoder(ReadingConfig(working_pixels=200_000))
    small, whole = _pixels(record, decoder), _pixels(record)
    assert small.shape == (300, 400, 3)
    assert np.abs(small.mean(axis=(1, 2)) - whole.reshape(300, 4, 1600, 3).mean(axis=(1, 2, 3))).max() < 2


def test_very_long_pictures_are_reduced_and_too_thin_ones_refused(tmp_path):
    assert Record("a", Image.new("L", (40_000, 100))).load_image().size == (20_000, 50)
    with pytest.raises(RecordError, match=r"the picture is 2x5000 px; the least is 16x16"):
        Record("a", Image.new("L", (2, 5000))).load_image()


def test_pictures_with_damaged_metadata_or_profiles_are_read_without_a_raw_warning(tmp_path):
    noise = Image.fromarray(RNG.integers(0, 256, (30, 40, 3), dtype=np.uint8))
    noise.save(tmp_path / "a.png", icc_profile=b"no profile at all", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x09broken")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(_pixels(Record("a.png", tmp_path / "a.png")), np.asarray(noise))


def test_a_closed_or_truncated_picture_is_named_in_the_error(tmp_path):
    _saved(tmp_path / "a.png", Image.effect_noise((40, 40), 40))
    with Image.open(tmp_path / "a.png") as closed:
        pass
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:300])
    for picture in (closed, Image.open(tmp_path / "b.png")):
        with pytest.raises(RecordError, match="mine: is not a picture that can be decoded"):
            Record("mine", picture).load_image()
        with pytest.raises(RecordError, match="mine: is not a picture that can be decoded"):
            Record("mine", picture).digest()


def test_damaged_tiffs_are_named(tmp_path):
    whole = _tiff(_ramp(0, 1, "f8"))
    for cut in (4, 12, 200, len(whole) - 60):
        with pytest.raises(RecordError, match=r"a\.tif: is not a picture that can be decoded"):
            _saved(tmp_path / "a.tif", whole[:cut]).load_image()
