"""What does a camera see that somebody holds cards before? A film for Chromium's own fake camera."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT, FRAMES_A_SECOND = 640, 480, 10
GREY = bytes([128]) * (WIDTH * HEIGHT // 2)


def film(cards: Sequence[Image.Image], path: Path, *, seconds_each: float = 1) -> Path:
    """The cards one after the other, over and over, as uncompressed video."""
    frames = b"".join(_frame(card) * int(seconds_each * FRAMES_A_SECOND) for card in cards)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode() + frames)
    return path


def _frame(card: Image.Image) -> bytes:
    """Held a little askew, on a grey table."""
    seen = Image.new("L", (WIDTH, HEIGHT), 150)
    card = card.convert("L")
    card.thumbnail((WIDTH - 80, HEIGHT - 80))
    seen.paste(card.rotate(4, expand=True, fillcolor=150), (60, 40))
    return b"FRAME\n" + seen.tobytes() + GREY
