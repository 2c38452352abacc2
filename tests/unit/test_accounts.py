"""Does an address lead to an account on its platform, and nowhere else?"""

import pytest

from consent.domain.accounts import leads_to_account


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://www.facebook.com/cityparks", "Facebook"),
        ("https://facebook.com/cityparks", "facebook"),
        ("https://x.com/cityparks", "X (Twitter)"),
        ("https://city.example/@parks", "Mastodon"),
    ],
)
def test_an_https_address_on_the_platforms_own_host_leads_there(url: str, platform: str):
    assert leads_to_account(url, platform)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.facebook.com/cityparks",
        "https://facebook.com.example/cityparks",
        "https://notfacebook.com/cityparks",
        "https://facebook.com@evil.example/",
        "https://facebook.com:8443/cityparks",
        "https://facebook.com:port/cityparks",
        "https://[facebook.com/cityparks",
        "https://localhost/cityparks",
        "https://face book.com/cityparks",
        "https://facebook.com/city\u202eparks",
        "javascript:alert(1)",
        "",
    ],
)
def test_any_other_address_does_not(url: str):
    assert not leads_to_account(url, "Facebook")
