"""Where may a request lead back to? Only to a page of this registry."""

import re
from urllib.parse import urlsplit

# Browsers drop control characters and read a backslash as a slash, so both could name another site.
SAME_SITE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def same_site_path(address: str | None) -> str | None:
    """The address if it is a path of this site, with or without a query; else None."""
    if not address or not SAME_SITE.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address
