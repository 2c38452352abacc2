"""Which backups stay, and which file is a backup at all?"""

from datetime import UTC, datetime, timedelta

import pytest

from consent.domain.backups import BackupUnusable, Filed, Manifest, kept

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MANIFEST = Manifest(NOON, "sqlite", "0001", 7, "ab" * 32, (Filed("registry.sqlite", 5, "cd" * 32),))


def test_every_backup_of_two_days_stays_and_the_last_of_each_day_before():
    hourly = [NOON - timedelta(hours=hours) for hours in range(24 * 10)]
    stay = kept(hourly, days=5, now=NOON)
    assert [made for made in hourly[:48] if made not in stay] == []
    older = sorted(stay - set(hourly[:48]))
    assert [made.isoformat() for made in older] == [
        "2026-06-26T23:00:00+00:00",
        "2026-06-27T23:00:00+00:00",
        "2026-06-28T23:00:00+00:00",
    ]


def test_the_newest_backup_stays_however_old_it_is():
    long_ago = NOON - timedelta(days=900)
    assert kept([long_ago, long_ago - timedelta(days=1)], days=60, now=NOON) == {long_ago}
    assert kept([], days=60, now=NOON) == frozenset()


def test_a_manifest_reads_back_as_it_was_written():
    assert Manifest.from_json(MANIFEST.as_json()) == MANIFEST


@pytest.mark.parametrize("written", [b"", b"[]", b"{}", b"\xff", b'{"format": "another", "version": 1}'])
def test_what_is_no_manifest_is_refused(written: bytes):
    with pytest.raises(BackupUnusable):
        Manifest.from_json(written)


def test_a_backup_of_a_later_version_is_refused_with_what_to_do():
    later = MANIFEST.as_json().replace(b'"version": 1', b'"version": 2')
    with pytest.raises(BackupUnusable, match="Restore it with that version"):
        Manifest.from_json(later)
