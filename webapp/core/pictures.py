"""Pictures that somebody uploads: bounded, and decoded before anything else is done with them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from webapp.core.errors import Problem

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 60_000_000  # below where Pillow itself begins to warn
FORMATS = ("JPEG", "PNG", "WEBP")


def opened(upload: bytes, enough: tuple[int, int]) -> Image.Image:
    """The picture, upright, in RGB; a JPEG decoded no larger than `enough` (width, height) asks
    for. Problem `photo_too_large` (413), `photo_unreadable`."""
    if len(upload) > MOST_BYTES:
        raise Problem("photo_too_large", status=413)
    try:
        with Image.open(io.BytesIO(upload), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Problem("photo_too_large", status=413)
            picture.draft("RGB", enough)
            return ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as error:
        raise Problem("photo_too_large", status=413) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Problem("photo_unreadable") from error
