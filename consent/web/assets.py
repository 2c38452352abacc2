"""How does a browser know that a style sheet or script has changed? Its address carries a mark of its content."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for

ONE_DAY = 24 * 60 * 60
ONE_YEAR = 365 * ONE_DAY


def init_assets(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = None
    app.url_defaults(_add_version)
    app.add_template_global(_address, "url_for")
    app.get_send_file_max_age = _time_to_keep  # type: ignore[method-assign]  # Flask asks to be overridden here


def _address(endpoint: str, **values: Any) -> str:
    """A page asks for two dozen files, always at the same addresses."""
    if endpoint == "static" and values.keys() == {"filename"}:
        return _file_address(request.root_path, values["filename"])
    return url_for(endpoint, **values)


@lru_cache(maxsize=1024)
def _file_address(_below: str, filename: str) -> str:
    return url_for("static", filename=filename)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = _version(Path(current_app.static_folder or "") / values["filename"])


@cache
def _version(path: Path) -> str | None:
    """None for a file that is not there, so that the address still says what is missing."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None


def _time_to_keep(filename: str | None) -> int | None:
    """A year with its version. A style sheet names its fonts without: a day. Anything else is asked for anew."""
    if request.args.get("v"):
        return ONE_YEAR
    return ONE_DAY if (filename or "").startswith("vendor/") else None
