"""Is a wrong setting refused with a sentence that names it, and does each installation keep a secret of its own?"""

import os
import subprocess
import sys
import threading
import zoneinfo
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from consent.settings import Settings, SettingsError, instance_secret, load_settings

WRONG = {
    "API_CHECKS_PER_SECOND": ("many", "1.5", "", "0", "-1"),
    "ALLOW_PLAIN_HTTP": ("yes", "1", ""),
    "BACKUP_FOLDER": ("backups", "../backups"),
    "BACKUP_KEEP_DAYS": ("0", "-1", "", "many"),
    "BACKUP_RECIPIENT": ("me", "age1", "AGE-SECRET-KEY-1" + "Q" * 58, "age1" + "b" * 58),
    "BASE_URL": (
        "", "localhost:8000", "ftp://city.example", "https://", "https://city.example:port", "https://[city",
        "https://city.example?a=1", "https://city.example#top", "https://me@city.example",
        "http://city.example", "http://192.168.1.5:8000", "http://localhost.city.example",
    ),
    "CHECKPOINT_MAIL_TO": ("clerk", "clerk@", "a@b, c@d", "clerk@city.example"),
    "DATABASE_URL": (
        "registry.sqlite", "mysql://city.example/registry", "sqlite://", "sqlite:///", "sqlite:///:memory:",
        "sqlite:///?cache=shared",
    ),
    "DEPARTMENT": ("", " "),
    "RETENTION_YEARS": ("-1", "101", "six"),
    "TAKEDOWN_DAYS": ("-1", "366", "two"),
    "TRUSTED_PROXIES": ("-1", "10", "yes", "127.0.0.1"),
    "OIDC_CLIENT_ID": ("registry",),
    "OIDC_CLIENT_SECRET": ("a secret",),
    "OIDC_ISSUER": ("city.example", "http://city.example", "https//city.example", "https://[city"),
    "SECOND_FACTOR": ("", "never", "Required"),
    "MAIL_FROM": ("me", "me@", "Me <me@city.example>", "a@b\nBcc: c@d"),
    "SMTP_URL": ("mail.city.example", "http://mail.city.example", "smtp://", "smtp://mail:port"),
    "VERIFY_HOUR": ("-1", "24", "3:00", ""),
    "TIME_ZONE": ("", "Mars/Olympus", "../zone", "/etc/localtime", "MST8"),
}  # fmt: skip
WRONG_IN_THE_FILE = {
    "api_checks_per_second": ("1.5", "true", '"many"', "[1]"),
    "allow_plain_http": ("1", '"yes"'),
    "backup_folder": ("7", '"backups"'),
    "backup_keep_days": ("0", '"many"'),
    "backup_recipient": ("7", '"me"'),
    "base_url": ("8000", '"http://city.example"'),
    "checkpoint_mail_to": ("7", '"clerk"'),
    "database_url": ("true",),
    "department": ("7", '["Recreation"]'),
    "retention_years": ("-1", "true", '"long"'),
    "takedown_days": ("-1", "true", '"soon"'),
    "trusted_proxies": ("-1", "true", '"many"'),
    "oidc_client_id": ("7", '"registry"'),
    "oidc_client_secret": ("7", '"a secret"'),
    "oidc_issuer": ("7", '"http://city.example"'),
    "second_factor": ("true", '"never"'),
    "mail_from": ("7", '"me"'),
    "smtp_url": ("7", '"mail.city.example"'),
    "verify_hour": ("24", '"three"'),
    "time_zone": ("-7", '"Mars/Olympus"'),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def zones(tmp_path: Path) -> Iterator[Path]:
    """A machine's folder of time zones, with a folder in it."""
    (tmp_path / "Mars").mkdir()
    zoneinfo.reset_tzpath([tmp_path])
    yield tmp_path
    zoneinfo.reset_tzpath()


def load(instance: Path, **environment: str) -> Settings:
    return load_settings({"CONSENT_INSTANCE": str(instance), **environment})


def each(wrong: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in wrong.items() for value in values]


@pytest.mark.parametrize(("name", "value"), each(WRONG))
def test_a_wrong_value_is_refused_by_the_name_of_its_setting(tmp_path: Path, name: str, value: str):
    with pytest.raises(SettingsError, match=f"^CONSENT_{name}: "):
        load(tmp_path, **{f"CONSENT_{name}": value})


@pytest.mark.parametrize(("name", "value"), each(WRONG_IN_THE_FILE))
def test_a_wrong_value_in_the_file_is_refused_by_the_name_of_its_setting(
    tmp_path: Path, file: Path, name: str, value: str
):
    file.write_text(f"{name} = {value}\n")
    with pytest.raises(SettingsError, match=f"^CONSENT_{name.upper()}: "):
        load(tmp_path)


def test_every_setting_has_its_wrong_values_here():
    settings = {setting.name for setting in fields(Settings)} - {"instance"}
    assert {name.lower() for name in WRONG} == settings
    assert set(WRONG_IN_THE_FILE) == settings


def test_a_folder_of_time_zones_is_none(zones: Path):
    with pytest.raises(SettingsError, match=r"^CONSENT_TIME_ZONE: no time zone is called 'Mars'$"):
        load(zones, CONSENT_TIME_ZONE="Mars")


def test_a_password_in_the_address_of_a_database_is_never_repeated(tmp_path: Path):
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, CONSENT_DATABASE_URL="mysql://registry:s3cret@city.example/registry")
    assert "s3cret" not in str(refused.value)


def test_without_any_setting_the_registry_is_a_file_here_for_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings == Settings() == load_settings({"CONSENT_INSTANCE": ""})
    assert settings.database == f"sqlite:///{tmp_path}/instance/registry.sqlite"
    assert settings.zone.key == "America/Phoenix"
    assert settings.loopback
    assert not settings.secure


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path, file: Path):
    file.write_text(
        'department = "Añil Recreation"\ntime_zone = "America/Denver"\napi_checks_per_second = 200\n'
        'base_url = "http://10.0.0.5"\nallow_plain_http = true\n',
        "utf-8",
    )
    settings = load(tmp_path, CONSENT_TIME_ZONE="America/Chicago", CONSENT_API_CHECKS_PER_SECOND="300")
    assert settings == Settings(
        instance=tmp_path,
        department="Añil Recreation",
        time_zone="America/Chicago",
        api_checks_per_second=300,
        base_url="http://10.0.0.5",
        allow_plain_http=True,
    )
    with pytest.raises(SettingsError, match="CONSENT_BASE_URL: plain http"):
        load(tmp_path, CONSENT_ALLOW_PLAIN_HTTP="FALSE")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('departement = "Parks"\ncolor = "red"\n', "no setting is called color, departement$"),
        ('instance = "elsewhere"\n', "no setting is called instance$"),
        ("department = Parks\n", "settings.toml: "),
        (b'department = "A\xf1il"\n', "settings.toml: "),
    ],
)
def test_a_file_with_a_key_that_is_none_or_that_cannot_be_read_is_refused(
    tmp_path: Path, file: Path, written: str | bytes, told: str
):
    file.write_bytes(written if isinstance(written, bytes) else written.encode())
    with pytest.raises(SettingsError, match=told) as refused:
        load(tmp_path)
    assert str(refused.value).startswith(str(file))


@pytest.mark.parametrize(
    ("base_url", "secure", "loopback", "hosts"),
    [
        ("http://localhost:8000", False, True, set()),
        ("http://127.0.0.1:8001/", False, True, set()),
        ("https://localhost", True, True, set()),
        ("https://consent.city.example", True, False, {"consent.city.example"}),
        ("HTTPS://Consent.City.example:8443", True, False, {"consent.city.example"}),
    ],
)
def test_only_https_is_secure_and_only_this_machine_is_loopback(
    base_url: str, secure: bool, loopback: bool, hosts: set[str]
):
    settings = Settings(base_url=base_url)
    assert (settings.secure, settings.loopback) == (secure, loopback)
    assert settings.allowed_hosts == {"localhost", "127.0.0.1"} | hosts


def test_plain_http_leaves_this_machine_only_where_somebody_says_so():
    settings = Settings(base_url="http://city.example", allow_plain_http=True)
    assert not settings.secure
    assert not settings.loopback


@pytest.mark.parametrize(
    "given", ["postgresql://me@city.example/registry", "postgresql+psycopg://me@city.example/registry"]
)
def test_postgresql_is_reached_by_the_driver_that_is_installed(given: str):
    assert Settings(database_url=given).database == "postgresql+psycopg://me@city.example/registry"


def test_a_secret_is_random_stays_the_same_and_is_its_owners_alone(tmp_path: Path):
    instance = tmp_path / "new" / "instance"
    secret = instance_secret(instance, "secret-key")
    assert len(bytes.fromhex(secret)) == 32
    assert instance_secret(instance, "secret-key") == secret
    assert instance_secret(instance, "another") != secret
    assert (instance / "secret-key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in instance.iterdir()) == ["another", "secret-key"]


def test_a_secret_is_its_owners_alone_where_files_are_everybodys(tmp_path: Path):
    usual = os.umask(0)
    try:
        instance_secret(tmp_path, "secret-key")
    finally:
        os.umask(usual)
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_all_that_start_at_once_agree_on_the_secret(tmp_path: Path):
    start = threading.Barrier(8)

    def ask(name: str) -> str:
        start.wait()
        return instance_secret(tmp_path, name)

    with ThreadPoolExecutor(8) as threads:
        for attempt in range(50):
            given = set(threads.map(ask, [f"secret-{attempt}"] * 8))
            assert given == {(tmp_path / f"secret-{attempt}").read_text()}
            assert len(given.pop()) == 64


def test_two_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path):
    asking = (
        "import sys; from pathlib import Path; from consent.settings import instance_secret; "
        "sys.stdin.readline(); print(instance_secret(Path(sys.argv[1]), 'secret-key'))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", asking, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = {process.communicate()[0].strip() for process in both}
    assert told == {(tmp_path / "secret-key").read_text()}


def test_a_secret_that_was_lost_is_named_and_never_taken_for_one(tmp_path: Path):
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(SettingsError, match=r"secret-key is empty\. Delete it"):
        instance_secret(tmp_path, "secret-key")
