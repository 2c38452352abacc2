"""What may stand in an address? Any number that another system gave, and back to no page but ours."""

import re
from urllib.parse import quote, urlsplit

from flask import Flask
from werkzeug.routing import IntegerConverter, PathConverter

# Browsers drop control characters and read a backslash as a slash, so both could name another site.
SAME_SITE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class NumberConverter(PathConverter):
    """A number as another system made it, with slashes, dots and line breaks, which no browser may tidy."""

    regex = "(?s:.+?)"
    part_isolating = False

    def to_url(self, value: str) -> str:
        return quote(value, safe="")


class KeyConverter(IntegerConverter):
    """A row's key, of no more digits than a database keeps."""

    regex = "[0-9]{1,9}"


def init_addresses(app: Flask) -> None:
    app.url_map.converters["int"] = KeyConverter
    app.url_map.converters["path"] = NumberConverter
    app.url_map.merge_slashes = False


def same_site_path(address: str | None) -> str | None:
    """The address if it is a path of this site, with or without a query; else None."""
    if not address or not SAME_SITE.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address
