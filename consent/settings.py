"""Which settings does this installation run with? Environment variables `CONSENT_…` first, then `settings.toml`."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "CONSENT_"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1"})


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`base_url` is printed in QR codes; its host, `localhost` and `127.0.0.1` are the only hosts answered."""

    instance: Path = Path("instance")
    database_url: str = ""
    time_zone: str = "America/Phoenix"
    base_url: str = "http://localhost:8000"
    department: str = "City Recreation Department"
    api_checks_per_second: int = 1000
    allow_plain_http: bool = False

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise SettingsError(f"CONSENT_TIME_ZONE: no time zone is called {self.time_zone!r}") from wrong
        address = urlsplit(self.base_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise SettingsError(f"CONSENT_BASE_URL: {self.base_url!r} is not an http or https address")
        if address.scheme == "http" and address.hostname not in LOOPBACK_HOSTS and not self.allow_plain_http:
            raise SettingsError(
                "CONSENT_BASE_URL: plain http is for this machine only; use https, "
                "or set CONSENT_ALLOW_PLAIN_HTTP=true and know that passwords travel unprotected"
            )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        return LOOPBACK_HOSTS | {urlsplit(self.base_url).hostname or ""}

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https:")

    @property
    def loopback(self) -> bool:
        """Nobody's phone can open an address of this machine alone."""
        return urlsplit(self.base_url).hostname in LOOPBACK_HOSTS

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; SQLite in the instance folder unless one is set."""
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'registry.sqlite'}"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError for an unknown key in the file or a value of the wrong kind."""
    instance = Path(environment.get(f"{PREFIX}INSTANCE", "instance"))
    written = _read_file(instance / "settings.toml")
    values: dict[str, object] = {"instance": instance}
    for setting in fields(Settings):
        given = environment.get(PREFIX + setting.name.upper(), written.get(setting.name))
        if given is not None and setting.name != "instance":
            values[setting.name] = _convert(setting.name, setting.type, given)
    return Settings(**values)  # type: ignore[arg-type]  # each value was converted to its field's type


def _read_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(f"{path}: {wrong}") from wrong
    unknown = sorted(written.keys() - {setting.name for setting in fields(Settings)})
    if unknown:
        raise SettingsError(f"{path}: no setting is called {', '.join(unknown)}")
    return written


def _convert(name: str, kind: object, given: object) -> object:
    if kind is bool:
        if isinstance(given, bool):
            return given
        if str(given).lower() in {"true", "false"}:
            return str(given).lower() == "true"
        raise SettingsError(f"{PREFIX}{name.upper()}: {given!r} is neither true nor false")
    if kind is int:
        try:
            return int(str(given))
        except ValueError as wrong:
            raise SettingsError(f"{PREFIX}{name.upper()}: {given!r} is not a whole number") from wrong
    return str(given)


def instance_secret(instance: Path, name: str) -> str:
    """A random secret of this installation, made on first use and readable by its owner only."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w") as secret:
        secret.write(secrets.token_hex(32))
    return path.read_text("ascii").strip()
