"""Does this address lead to an account on that platform? (policy 6.5, II.c)"""

import re
from typing import Final
from urllib.parse import urlsplit

HOSTS: Final[dict[str, tuple[str, ...]]] = {
    "bluesky": ("bsky.app",),
    "facebook": ("facebook.com",),
    "flickr": ("flickr.com",),
    "instagram": ("instagram.com",),
    "linkedin": ("linkedin.com",),
    "nextdoor": ("nextdoor.com",),
    "pinterest": ("pinterest.com",),
    "snapchat": ("snapchat.com",),
    "threads": ("threads.net", "threads.com"),
    "tiktok": ("tiktok.com",),
    "tumblr": ("tumblr.com",),
    "twitter": ("x.com", "twitter.com"),
    "vimeo": ("vimeo.com",),
    "x": ("x.com", "twitter.com"),
    "youtube": ("youtube.com",),
}
"""The hosts of the platforms that everybody knows, by a word of their name; of any other, a director looks at it."""


def hosts_of(platform: str) -> frozenset[str]:
    """By the platform's name; none where it is not one of those."""
    words = re.findall(r"[a-z0-9]+", platform.casefold())
    return frozenset(host for word in words for host in HOSTS.get(word, ()))


def leads_to_account(url: str, platform: str) -> bool:
    """By https, to the platform's own host or one below it, at no port of its own and with no name to sign in by."""
    if not url.isprintable() or any(sign.isspace() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        has_port = parts.port is not None
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme != "https" or has_port or "@" in parts.netloc or "." not in host:
        return False
    listed = hosts_of(platform)
    return not listed or any(host == one or host.endswith(f".{one}") for one in listed)
