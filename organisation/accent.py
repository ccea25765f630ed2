"""Whether a council's colours can be read: the contrast sums of WCAG 2.2."""

from typing import Final

WHITE: Final = "#ffffff"
ENOUGH_FOR_TEXT: Final = 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written like #00543c."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
