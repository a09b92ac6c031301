"""Ways of writing a text so that it is hidden from a person, from a filter, or from both."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable, Mapping

ZERO_WIDTH_SPACE, ZERO_WIDTH_NON_JOINER = "\u200b", "\u200c"
RIGHT_TO_LEFT, END_OF_DIRECTION = "\u202e", "\u202c"
SOFT_HYPHEN, STRIKE, BACKSPACE = "\u00ad", "\u0336", "\b"
TAGS = 0xE0000
VARIATION, MORE_VARIATION = 0xFE00, 0xE0100

LOOK_ALIKES = str.maketrans(
    "aceopxyijsABCEHIKMOPTX",
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u0410\u0412\u0421\u0415\u041d\u0406\u041a\u041c\u041e\u0420\u0422\u0425",
)
LEET = str.maketrans("aeiostgbAEIOSTGB", "4310579843105798")
MORSE = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789",
        ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
        " ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.".split(),
        strict=True,
    )
)
INITIALS = {
    word[0]: word
    for word in (
        "actually before certainly during every finally generally however indeed just kindly later mostly nearly often perhaps quickly"
        " rarely slowly then usually very while xenially yet zealously"
    ).split()
}


def _tags(text: str) -> str:
    return "".join(chr(TAGS + ord(char)) for char in text if char.isascii())


def _bits(text: str) -> str:
    return "".join(ZERO_WIDTH_NON_JOINER if bit == "1" else ZERO_WIDTH_SPACE for byte in text.encode() for bit in f"{byte:08b}")


def _variation(text: str) -> str:
    return "".join(chr(VARIATION + byte if byte < 16 else MORE_VARIATION + byte - 16) for byte in text.encode())


def _acrostic(text: str) -> str:
    return " ".join(INITIALS[char] for char in text.lower() if char in INITIALS).capitalize() + "."


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "binary": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "morse": lambda text: " / ".join(" ".join(MORSE[c] for c in word if c in MORSE) for word in text.lower().split()),
    "leet": lambda text: text.translate(LEET),
    "reversed": lambda text: text[::-1],
    "spaced": lambda text: " ".join(text),
    "acrostic": _acrostic,
    "tags": _tags,
    "zero-width": ZERO_WIDTH_SPACE.join,
    "zero-width-bits": _bits,
    "bidi": lambda text: f"{RIGHT_TO_LEFT}{text[::-1]}{END_OF_DIRECTION}",
    "homoglyphs": lambda text: text.translate(LOOK_ALIKES),
    "variation-bytes": _variation,
    "soft-hyphens": SOFT_HYPHEN.join,
    "backspaced": lambda text: text + BACKSPACE * len(text),
    "overstruck": lambda text: "".join(char + STRIKE for char in text),
}
"""By the name used in templates."""
