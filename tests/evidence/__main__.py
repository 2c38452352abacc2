"""Are the promises kept? `make evidence` for all of them, or `make evidence ARGS=R1` for some.

Writes a JSON file for each beside this one. `--short` tries less, as `make test` does, and prints the JSON instead.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Final

from tests.evidence import r01_kills, r02_power, r03_full, r04_busy, r05_postgresql, r07_clock, r09_drills, r11_soak
from tests.evidence.results import Shown

PROMISES: Final[dict[str, Callable[..., Shown]]] = {
    "R1": r01_kills.run,
    "R2": r02_power.run,
    "R3": r03_full.run,
    "R4": r04_busy.run,
    "R5": r05_postgresql.run,
    "R7": r07_clock.run,
    "R9": r09_drills.run,
    "R11": r11_soak.run,
}
SEED: Final = 650


def main() -> int:
    options = _options()
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    longer: dict[str, dict[str, float]] = {
        "R2": {"images": options.images}, "R9": {"drills": options.drills}, "R11": {"minutes": options.minutes},
    }  # fmt: skip
    kept = True
    for promise in options.promise or PROMISES:
        started = time.monotonic()
        shown = PROMISES[promise](short=options.short, seed=options.seed, **longer.get(promise, {}))
        if options.short:
            print(json.dumps(shown.as_json()))
        else:
            shown.write()
            print(f"{shown.line()} ({time.monotonic() - started:.0f} s)", flush=True)
        kept = kept and shown.kept
    return 0 if kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.evidence", description=__doc__)
    parser.add_argument("promise", nargs="*", choices=[[], *PROMISES], help="only these (default: all)")
    parser.add_argument("--short", action="store_true", help="as `make test` does: less of it, and no file")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of whatever is drawn by lot (default: {SEED})")
    parser.add_argument(
        "--images", type=int, default=r02_power.IMAGES, help="of cut disks, for R2 (default: %(default)s)"
    )
    parser.add_argument("--drills", type=int, default=r09_drills.DRILLS, help="for R9 (default: %(default)s)")
    parser.add_argument(
        "--minutes", type=float, default=r11_soak.MINUTES, help="of use, for R11 (default: %(default)s)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
