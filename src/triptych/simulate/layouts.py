"""The built-in layouts of the simulator: five machines that have little in common except the plot.

They differ in the position of the table, in names, units, decimals and signs, in how rings are counted, and in fonts
and colours, so that a reader cannot be tailored to one of them.
"""

from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL
from triptych.simulate.layout_spec import Block, Colours, LayoutSpec, ring_fields

LEDGER = LayoutSpec(
    name="ledger",
    size=(900, 620),
    title="Hole position report",
    plot=(28, 58, 528),
    half_range=22.0,
    circles=(5.0, 10.0, 15.0, 20.0),
    blocks=(
        Block(
            fields=(
                (TOTAL, "Total holes"),
                (MEAN_X, "Mean X (um)"),
                (MEAN_Y, "Mean Y (um)"),
                (SIGMA_X, "Sigma X (um)"),
                (SIGMA_Y, "Sigma Y (um)"),
                *ring_fields("{low:g}-{high:g} um", ">{low:g} um"),
            ),
            origin=(592, 62),
            pitch=(0, 37),
            value=(274, 0),
            ruled=True,
        ),
    ),
    um_per_unit=1.0,
    decimals=2,
    plus=False,
    rings="interval",
    font="aileron",
    font_size=20,
    pinks=((255, 105, 180), (255, 64, 160), (244, 90, 200)),
)

PANEL = LayoutSpec(
    name="panel",
    size=(840, 560),
    title="AOI  DRILL ACCURACY",
    plot=(330, 50, 480),
    half_range=20.0,
    circles=(4.0, 8.0, 12.0, 16.0, 20.0),
    blocks=(
        Block(
            fields=(
                (MEAN_X, "X avg:"),
                (SIGMA_X, "X std:"),
                (MEAN_Y, "Y avg:"),
                (SIGMA_Y, "Y std:"),
                (TOTAL, "Count:"),
            ),
            origin=(28, 66),
            pitch=(0, 30),
            value=(110, 0),
            value_align="left",
        ),
        Block(
            fields=ring_fields("R<{high:g}", None),
            origin=(28, 246),
            pitch=(0, 32),
            value=(110, 0),
            value_align="left",
        ),
    ),
    um_per_unit=1.0,
    decimals=3,
    plus=True,
    rings="cumulative",
    font="aileron",
    font_size=19,
    pinks=((230, 30, 140), (255, 20, 147), (214, 51, 132), (255, 110, 199)),
    colours=Colours(paper=(238, 240, 243), target=(110, 110, 110), ink=(20, 20, 60)),
)

STRIP = LayoutSpec(
    name="strip",
    size=(780, 790),
    title="Drilled hole distribution",
    plot=(150, 52, 480),
    half_range=20.0,
    circles=(5.0, 10.0, 20.0),
    blocks=(
        Block(
            fields=(
                (TOTAL, "N"),
                (MEAN_X, "Xbar(mm)"),
                (MEAN_Y, "Ybar(mm)"),
                (SIGMA_X, "S.D. X(mm)"),
                (SIGMA_Y, "S.D. Y(mm)"),
            ),
            origin=(86, 578),
            pitch=(152, 0),
            value=(0, 26),
            label_align="middle",
            value_align="middle",
        ),
        Block(
            fields=ring_fields("{low:.3f}-{high:.3f}", ">{low:.3f}", um_per_unit=1000.0)[:5],
            origin=(86, 646),
            pitch=(152, 0),
            value=(0, 26),
            label_align="middle",
            value_align="middle",
        ),
        Block(
            fields=ring_fields("{low:.3f}-{high:.3f}", ">{low:.3f}", um_per_unit=1000.0)[5:],
            origin=(86, 714),
            pitch=(152, 0),
            value=(0, 26),
            label_align="middle",
            value_align="middle",
        ),
    ),
    um_per_unit=1000.0,
    decimals=5,
    plus=False,
    rings="interval",
    font="aileron",
    font_size=18,
    pinks=((240, 80, 170), (235, 60, 235), (255, 130, 190)),
    colours=Colours(ground=(246, 246, 250), target=(130, 140, 150), frame=(90, 90, 90)),
)

TICKET = LayoutSpec(
    name="ticket",
    size=(980, 600),
    title="POSITION CHECK",
    plot=(24, 64, 504),
    half_range=21.0,
    circles=(2.0, 10.0, 20.0),
    blocks=(
        Block(
            fields=(
                (TOTAL, "Holes        :"),
                (MEAN_X, "X mean       :"),
                (MEAN_Y, "Y mean       :"),
                (SIGMA_X, "X sigma      :"),
                (SIGMA_Y, "Y sigma      :"),
                *ring_fields("R <= {high:4.1f} um :", None),
            ),
            origin=(566, 172),
            pitch=(0, 29),
            value=(192, 0),
            value_align="left",
        ),
    ),
    extras=Block(
        fields=(
            ("Machine", "Machine      :"),
            ("Lot", "Lot          :"),
            ("Tool", "Tool         :"),
            ("Date", "Date         :"),
        ),
        origin=(566, 56),
        pitch=(0, 29),
        value=(192, 0),
        value_align="left",
    ),
    um_per_unit=1.0,
    decimals=2,
    plus=False,
    rings="cumulative",
    font="bitmap",
    font_size=22,
    pinks=((255, 0, 255), (255, 85, 170), (220, 40, 180)),
    colours=Colours(frame=(0, 0, 0), target=(0, 0, 0)),
)

CONSOLE = LayoutSpec(
    name="console",
    size=(940, 640),
    title="LASER DRILL  /  REGISTRATION",
    plot=(374, 66, 528),
    half_range=24.0,
    circles=(6.0, 12.0, 15.0, 20.0),
    blocks=(
        Block(
            fields=(
                (MEAN_X, "AVG-X [mil]"),
                (MEAN_Y, "AVG-Y [mil]"),
                (SIGMA_X, "SD-X [mil]"),
                (SIGMA_Y, "SD-Y [mil]"),
            ),
            origin=(24, 70),
            pitch=(0, 34),
            value=(270, 0),
            ruled=True,
        ),
        Block(
            fields=(*ring_fields("{low:g}~{high:g} um", "20 um over"), (TOTAL, "TOTAL")),
            origin=(24, 230),
            pitch=(0, 36),
            value=(270, 0),
            ruled=True,
        ),
    ),
    um_per_unit=25.4,
    decimals=3,
    plus=True,
    rings="interval",
    font="aileron",
    font_size=21,
    pinks=((255, 95, 175), (226, 0, 116), (250, 120, 210)),
    colours=Colours(
        paper=(250, 250, 246), target=(185, 185, 190), frame=(60, 70, 80), ink=(30, 36, 44), banner=(44, 62, 80)
    ),
    ticks=(-20.0, -10.0, 0.0, 10.0, 20.0),
)

LAYOUTS: tuple[LayoutSpec, ...] = (LEDGER, PANEL, STRIP, TICKET, CONSOLE)
