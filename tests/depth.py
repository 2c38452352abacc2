"""How deep do the random tests go, and from which seed? `CONSENT_TEST_DEPTH=50` goes fifty times as deep."""

import os
from typing import Final

DEPTH: Final = int(os.environ.get("CONSENT_TEST_DEPTH", "1"))
SEED: Final = int(os.environ.get("CONSENT_TEST_SEED", "650"))
