"""The way `structured`: JSON that fits a schema, which a grammar or the server enforces.

The JSON is validated again here, because not every server enforces the schema. The store keeps the JSON; encoders, the
audit and people read it as sentences.
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError

from triptych.config import Section

LONGEST_REASON = 240  # characters; small models may not stop by themselves


Direction = Literal[
    "none",
    "left",
    "right",
    "top",
    "bottom",
    "upper left",
    "upper right",
    "lower left",
    "lower right",
    "along x",
    "along y",
]


class Finding(Section):
    """The content of a structured answer; its verdict is one of the question's options."""

    pattern: Literal["centred", "shifted", "stretched", "wide", "irregular"]
    direction: Direction
    severity: Literal["none", "slight", "marked", "severe"]
    verdict: str = Field(min_length=1)
    reason: str

    def sentences(self) -> str:
        """The finding as text."""
        toward = "" if self.direction == "none" else f" {_way(self.direction)}"
        deviation = "no deviation" if self.severity == "none" else f"a {self.severity} deviation"
        said = f"The pattern is {self.pattern}{toward}, {deviation}. The verdict is {self.verdict}."
        return f"{said} {self.reason.strip()}".strip()


def schema(options: Sequence[str], longest_reason: int | None = None) -> dict[str, Any]:
    """The JSON schema of an answer whose verdict is one of `options`.

    `longest_reason` is None for servers that do not support a greatest length.
    """
    found = Finding.model_json_schema()
    fields = {name: {k: v for k, v in spec.items() if k != "title"} for name, spec in found["properties"].items()}
    fields["verdict"] = {"type": "string", "enum": list(options)}
    if longest_reason is not None:
        fields["reason"]["maxLength"] = longest_reason
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def allowed(options: Sequence[str]) -> str:
    """The fields and their allowed values, as lines of a prompt."""
    fields = schema(options)["properties"]
    return "\n".join(
        f"- {name}: {'one of ' + ', '.join(spec['enum']) if 'enum' in spec else 'one sentence'}"
        for name, spec in fields.items()
    )


def parse(text: str, options: Sequence[str]) -> Finding:
    """Parse the JSON `text` of an answer.

    Raises:
        ValueError: `text` is not JSON, or does not fit the schema.
    """
    try:
        finding = Finding.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"does not fit the schema ({f'{where}: ' if where else ''}{first['msg']})") from None
    if finding.verdict not in options:
        raise ValueError(f"does not fit the schema (verdict: {finding.verdict!r} is none of {', '.join(options)})")
    return finding


def _way(direction: str) -> str:
    return direction if direction.startswith("along") else f"to the {direction}"
