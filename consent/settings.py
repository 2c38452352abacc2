"""Which settings does this installation run with? Environment variables `CONSENT_…` first, then `settings.toml`."""

import os
import re
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "CONSENT_"
SECRET_BYTES = 32
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1"})
AGE_PUBLIC_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")
MOST_PROXIES = 9
LAST_HOUR = 23
MOST_YEARS = 100
MOST_DAYS = 365
SECOND_FACTOR = ("required", "optional")
SENDER = re.compile(r"[^@\s<>\",;]+@[^@\s<>\",;]+")
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`base_url` is printed in QR codes; its host, `localhost` and `127.0.0.1` are the only hosts answered.

    `backup_recipient` is the public half of the key that opens backups; without one, a key is made beside the database.
    `trusted_proxies` says how many of our own web servers stand in front and each add whom they were asked by. Without
    one, such a header is anybody's invention and is not read.
    `department` wins over the names that are kept in the registry itself.
    """

    instance: Path = Path("instance")
    database_url: str = ""
    time_zone: str = "America/Phoenix"
    base_url: str = "http://localhost:8000"
    department: str | None = None
    api_checks_per_second: int = 1000
    allow_plain_http: bool = False
    backup_folder: str = ""
    backup_keep_days: int = 60
    backup_recipient: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    checkpoint_mail_to: str = ""
    verify_hour: int = 3
    trusted_proxies: int = 0
    second_factor: str = "required"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    retention_years: int = 6
    takedown_days: int = 2

    def __post_init__(self) -> None:
        _check_time_zone(self.time_zone)
        _check_base_url(self.base_url, allow_plain_http=self.allow_plain_http)
        _check_database_url(self.database_url)
        if self.department is not None and not self.department.strip():
            raise SettingsError("CONSENT_DEPARTMENT: the department needs a name, for its papers and pages")
        if self.api_checks_per_second < 1:
            raise SettingsError(f"CONSENT_API_CHECKS_PER_SECOND: {self.api_checks_per_second} is less than 1")
        _check_mail(self.smtp_url, self.mail_from, self.checkpoint_mail_to)
        _check_backups(self.backup_folder, self.backup_keep_days, self.backup_recipient)
        if not 0 <= self.verify_hour <= LAST_HOUR:
            raise SettingsError(f"CONSENT_VERIFY_HOUR: {self.verify_hour} is not from 0 to {LAST_HOUR}")
        if not 0 <= self.retention_years <= MOST_YEARS:
            raise SettingsError(f"CONSENT_RETENTION_YEARS: {self.retention_years} is not from 0 to {MOST_YEARS}")
        if not 0 <= self.takedown_days <= MOST_DAYS:
            raise SettingsError(f"CONSENT_TAKEDOWN_DAYS: {self.takedown_days} is not from 0 to {MOST_DAYS}")
        if not 0 <= self.trusted_proxies <= MOST_PROXIES:
            raise SettingsError(f"CONSENT_TRUSTED_PROXIES: {self.trusted_proxies} is not from 0 to {MOST_PROXIES}")
        if self.second_factor not in SECOND_FACTOR:
            raise SettingsError(f"CONSENT_SECOND_FACTOR: {self.second_factor!r} is neither required nor optional")

        _check_provider(self.oidc_issuer, {"ID": self.oidc_client_id, "SECRET": self.oidc_client_secret})

    @property
    def mails(self) -> bool:
        return bool(self.smtp_url)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        return LOOPBACK_HOSTS | {urlsplit(self.base_url).hostname or ""}

    @property
    def secure(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def loopback(self) -> bool:
        """Nobody's phone can open an address of this machine alone."""
        return urlsplit(self.base_url).hostname in LOOPBACK_HOSTS

    @property
    def lasting_base_url(self) -> str | None:
        """Where the links on paper lead; none where nobody's phone could open them."""
        return None if self.loopback else self.base_url

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; SQLite in the instance folder unless one is set."""
        if self.database_url.startswith("postgresql://"):
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'registry.sqlite'}"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError for an unknown key in the file or a value of the wrong kind."""
    instance = Path(environment.get(f"{PREFIX}INSTANCE") or "instance")
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
    # The file lies in the instance folder, so it cannot say where that is.
    unknown = sorted(written.keys() - {setting.name for setting in fields(Settings) if setting.name != "instance"})
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
    if not isinstance(given, str):
        raise SettingsError(f"{PREFIX}{name.upper()}: {given!r} is not a text in quotation marks")
    return given


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise SettingsError(f"CONSENT_TIME_ZONE: no time zone is called {name!r}") from wrong


def _check_backups(folder: str, keep_days: int, recipient: str) -> None:
    if folder and not Path(folder).is_absolute():
        raise SettingsError(f"CONSENT_BACKUP_FOLDER: {folder!r} does not start at the root; name the whole path")
    if keep_days < 1:
        raise SettingsError(f"CONSENT_BACKUP_KEEP_DAYS: {keep_days} is less than 1")
    if recipient and not AGE_PUBLIC_KEY.fullmatch(recipient):
        raise SettingsError("CONSENT_BACKUP_RECIPIENT: the public half of a key starts with age1 and has 62 characters")


def _check_mail(smtp_url: str, mail_from: str, checkpoint_mail_to: str) -> None:
    # The address may hold a password, so no message repeats it.
    if smtp_url:
        try:
            address = urlsplit(smtp_url)
            right = address.scheme in {"smtp", "smtps"} and address.hostname and address.port != 0
        except ValueError:
            right = False
        if not right:
            raise SettingsError("CONSENT_SMTP_URL: it must be smtp://HOST or smtps://HOST, with the port if it has one")
    if smtp_url and not mail_from:
        raise SettingsError("CONSENT_MAIL_FROM: the mail needs a sender, such as consent@city.example")
    if mail_from and not SENDER.fullmatch(mail_from):
        raise SettingsError(f"CONSENT_MAIL_FROM: {mail_from!r} is no e-mail address")
    if checkpoint_mail_to and not SENDER.fullmatch(checkpoint_mail_to):
        raise SettingsError(f"CONSENT_CHECKPOINT_MAIL_TO: {checkpoint_mail_to!r} is no e-mail address")
    if checkpoint_mail_to and not smtp_url:
        raise SettingsError("CONSENT_CHECKPOINT_MAIL_TO: nothing can be mailed without CONSENT_SMTP_URL")


def _check_database_url(url: str) -> None:
    # The address may hold a password, so no message repeats it.
    if url and not url.startswith(DATABASES):
        raise SettingsError(f"CONSENT_DATABASE_URL: it must start with {', '.join(DATABASES[:-1])} or {DATABASES[-1]}")
    if url.startswith(("sqlite:///?", "sqlite:///:memory:")) or url == "sqlite:///":
        raise SettingsError("CONSENT_DATABASE_URL: records kept in memory are lost at the end; name a file")


def _check_base_url(base_url: str, *, allow_plain_http: bool) -> None:
    try:
        address = urlsplit(base_url)
        reachable = address.scheme in {"http", "https"} and address.hostname and address.port != 0
        # Codes are printed with what follows it, and nobody's password belongs on paper.
        well_formed = reachable and not (address.query or address.fragment or address.username)
    except ValueError:
        well_formed = False
    if not well_formed:
        raise SettingsError(f"CONSENT_BASE_URL: {base_url!r} is not an http or https address")
    if address.scheme == "http" and address.hostname not in LOOPBACK_HOSTS and not allow_plain_http:
        raise SettingsError(
            "CONSENT_BASE_URL: plain http is for this machine only; use https, "
            "or set CONSENT_ALLOW_PLAIN_HTTP=true and know that passwords travel unprotected"
        )


def _check_provider(issuer: str, client: Mapping[str, str]) -> None:
    try:
        address = urlsplit(issuer)
        is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK_HOSTS)
    except ValueError:
        is_safe = False
    if issuer and not is_safe:
        raise SettingsError(f"CONSENT_OIDC_ISSUER: {issuer!r} is not an https address")
    for name, value in client.items():
        if bool(value) != bool(issuer):
            raise SettingsError(f"CONSENT_OIDC_CLIENT_{name}: set it together with CONSENT_OIDC_ISSUER, or neither")


def instance_secret(instance: Path, name: str) -> str:
    """A random secret of this installation, made on first use and readable by its owner only."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / name
    if not path.exists():
        # Linked under its name only when it is whole: of two processes that start together, both read the first one's.
        with tempfile.NamedTemporaryFile("w", dir=instance, prefix=f".{name}-") as made:
            made.write(secrets.token_hex(SECRET_BYTES))
            made.flush()
            os.fsync(made.fileno())
            with suppress(FileExistsError):
                os.link(made.name, path)
    secret = path.read_text("ascii").strip()
    if not secret:
        raise SettingsError(
            f"{path} is empty. Delete it, and a new one is made; whoever is signed in must sign in again"
        )
    return secret
