"""Does everybody who changes the registry get a turn, one at a time, and does nobody else wait for it?"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consent.domain.refusals import RegistryBusy
from consent.settings import Settings
from consent.storage.database import begin_writing, db
from consent.storage.models import LedgerEvent, Patron, SealedContent
from consent.storage.writer_lock import WriterLock
from tests.builders.changes import WRITES_EACH, write
from tests.builders.rows import a_row

THREADS = 8
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WRITING = """
import sys
from pathlib import Path
from sqlalchemy import create_engine
from consent.storage.database import engine_options, prepare_engines
from tests.builders.changes import write

engine = create_engine(sys.argv[2], **engine_options(sys.argv[2]))
prepare_engines({None: engine}, Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
write(engine, sys.argv[3])
"""
HOLDING = """
import sys
from pathlib import Path
from consent.storage.writer_lock import WriterLock

WriterLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not get a turn in this test is refused soon."""
    monkeypatch.setattr("consent.storage.writer_lock.PATIENCE_SECONDS", 0.05)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock `tmp_path / "lock"`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path / "lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def write_badly(engine: Engine) -> None:
    """Nobody catches what goes wrong, and nobody rolls back."""
    with Session(engine) as session:
        begin_writing(session)
        a_row(session, Patron, external_id="")


def assert_that_nothing_is_lost(engine: Engine, writers: list[str]) -> None:
    with Session(engine) as session:
        positions = session.scalars(select(LedgerEvent.position).order_by(LedgerEvent.position)).all()
        assert positions == list(range(1, WRITES_EACH * len(writers) + 1))
        assert session.scalar(select(func.count()).select_from(SealedContent)) == len(positions)
        for who in writers:
            told = session.scalars(
                select(SealedContent.canonical)
                .join(LedgerEvent, LedgerEvent.position == SealedContent.position)
                .where(LedgerEvent.actor == who)
                .order_by(LedgerEvent.position)
            ).all()
            assert told == [f'{{"id":"{who}-{number}"}}' for number in range(WRITES_EACH)]


def test_eight_who_write_at_once_lose_nothing_and_leave_no_gap(engine: Engine):
    writers = [f"writer-{number}" for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        for finished in [threads.submit(write, engine, who) for who in writers]:
            finished.result()
    assert_that_nothing_is_lost(engine, writers)


def test_two_processes_that_write_at_once_lose_nothing_and_leave_no_gap(engine: Engine, settings: Settings):
    writers = ["first", "second"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITING, str(settings.instance), settings.database, who],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2], env=os.environ,
        )
        for who in writers
    ]  # fmt: skip
    assert [process.stdout.readline() for process in processes if process.stdout] == ["ready\n", "ready\n"]
    answers = [process.communicate("go\n", timeout=30) for process in processes]
    assert [(process.returncode, *answer) for process, answer in zip(processes, answers, strict=True)] == [
        (0, "", "")
    ] * 2
    assert_that_nothing_is_lost(engine, writers)


def test_whoever_comes_back_at_once_does_not_overtake_those_who_wait(tmp_path: Path):
    lock = WriterLock(tmp_path / "lock")
    turns: list[int] = []

    at_the_door = [threading.Event() for _ in range(THREADS)]

    def take_a_turn(number: int) -> None:
        at_the_door[number].set()
        lock.acquire()
        turns.append(number)
        lock.release()

    lock.acquire()
    queue = [threading.Thread(target=take_a_turn, args=(number,)) for number in range(THREADS)]
    for thread, arrived in zip(queue, at_the_door, strict=True):
        thread.start()
        arrived.wait()
        # Nothing tells from outside that it is now in the queue, one step further.
        thread.join(timeout=0.05)
    lock.release()
    lock.acquire()
    assert turns == list(range(THREADS))
    lock.release()


@pytest.mark.usefixtures("impatient")
def test_whoever_has_given_up_waiting_is_not_waited_for(tmp_path: Path):
    lock = WriterLock(tmp_path / "lock")
    lock.acquire()
    for _ in range(2):
        with pytest.raises(RegistryBusy):
            lock.acquire()
    lock.release()
    lock.acquire()
    lock.release()


@pytest.mark.usefixtures("impatient")
def test_whoever_gives_up_halfway_passes_the_turn_on(engine: Engine):
    with Session(engine) as broken, Session(engine) as next_one:
        begin_writing(broken)
        with pytest.raises(IntegrityError):
            a_row(broken, Patron, external_id="")
        broken.rollback()
        begin_writing(next_one)
        next_one.commit()

        begin_writing(broken)
        broken.invalidate()
        begin_writing(next_one)
        next_one.rollback()

        with pytest.raises(IntegrityError):
            write_badly(engine)
        begin_writing(next_one)


@ON_SQLITE
@pytest.mark.usefixtures("impatient")
def test_whoever_waits_too_long_is_told_to_try_again_and_gets_a_turn_later(engine: Engine):
    with Session(engine) as long_change, Session(engine) as other:
        begin_writing(long_change)
        with pytest.raises(RegistryBusy, match="Try again"):
            begin_writing(other)
        long_change.commit()
        begin_writing(other)
        a_row(other, Patron)
        other.commit()


@pytest.mark.usefixtures("impatient")
def test_whoever_reads_never_waits_for_whoever_writes(engine: Engine):
    count = select(func.count()).select_from(Patron)
    with Session(engine) as writer, Session(engine) as reader:
        begin_writing(writer)
        a_row(writer, Patron)
        assert reader.scalar(count) == 0
        writer.commit()
        reader.rollback()
        assert reader.scalar(count) == 1


def test_another_process_waits_for_its_turn(tmp_path: Path, holder: subprocess.Popen[str]):
    lock = WriterLock(tmp_path / "lock")
    waiting = threading.Thread(target=lock.acquire)
    waiting.start()
    waiting.join(timeout=0.1)
    assert waiting.is_alive()
    holder.communicate("done\n")
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    lock.release()


def test_a_killed_process_keeps_nobody_waiting(tmp_path: Path, holder: subprocess.Popen[str]):
    holder.kill()
    holder.wait()
    lock = WriterLock(tmp_path / "lock")
    lock.acquire()
    lock.release()


@pytest.mark.usefixtures("impatient")
def test_a_lock_that_cannot_be_had_keeps_nobody_waiting(tmp_path: Path):
    (tmp_path / "lock").mkdir()
    lock = WriterLock(tmp_path / "lock")
    for _ in range(2):
        with pytest.raises(IsADirectoryError):
            lock.acquire()


def test_only_the_owner_may_open_the_lock(tmp_path: Path):
    lock = WriterLock(tmp_path / "lock")
    lock.acquire()
    lock.release()
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
