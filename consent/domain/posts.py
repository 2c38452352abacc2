"""Does this address stand on that platform? (policy 6.5, II.c)"""

from urllib.parse import urlsplit

from consent.domain.accounts import hosts_of, leads_to_account


def stands_on(url: str, *, platform: str, account_url: str) -> bool:
    """On the platform's own host; of a platform that few know, on the host of the account that was approved."""
    if not leads_to_account(url, platform):
        return False
    if hosts_of(platform):
        return True
    theirs, ours = (_host(address) for address in (url, account_url))
    return theirs == ours or theirs.endswith(f".{ours}")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
