"""Where do the tests keep their files? In memory where there is room: thousands of registries wait for no disk there.

What a disk does to a registry is asked in `tests/evidence`, on a disk.
"""

import os
import shutil
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # pytest makes its own folder in it, which nobody else may open
ENOUGH_BYTES = 2 * 1024**3
CHOSEN = "PYTEST_DEBUG_TEMPROOT"


def has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ENOUGH_BYTES


def pytest_configure() -> None:
    if CHOSEN not in os.environ and has_room(IN_MEMORY):
        os.environ[CHOSEN] = str(IN_MEMORY)
