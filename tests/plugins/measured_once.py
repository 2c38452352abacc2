"""Which tests measure what is covered? Not the same ones on a second database, nor those through a browser.

Measuring makes everything half as slow again, and these go where others have been.
"""

from collections.abc import Generator

import pytest

SECOND = "postgresql"


def is_measured(item: pytest.Item) -> bool:
    case = getattr(item, "callspec", None)
    return "tests/browser/" not in item.nodeid and (case is None or SECOND not in case.params.values())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    measuring = item.config.pluginmanager.getplugin("_cov")
    controller = measuring.cov_controller if measuring else None
    if controller is None or is_measured(item):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()
