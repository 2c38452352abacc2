"""What is on a disk whose power is cut? All that was synced, and of the rest whatever the disk got to, in halves.

Made from a log of strace: every write with its bytes, every sync, and every answer that was given in between. A file's
name is there, or gone, once its folder was synced.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
LOGGED = "-y", "-xx", "-s", "1000000", "-e", "trace=pwrite64,write,fdatasync,fsync,ftruncate,unlink,openat"
LINE = re.compile(
    r"^\d+ +(?P<call>\w+)\((?:(?P<fd>-?\w+)<(?P<at>[^>]*)>)?(?P<rest>.*)\) += (?P<gave>-?\d+)", re.MULTILINE
)
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the program did to a file of the registry; or an answer that it gave."""

    what: str
    name: str = ""
    offset: int = 0
    written: bytes = b""


def steps(log: Path, instance: Path) -> list[Step]:
    """In order, of the files in this folder, and of the folder itself."""
    return [step for found in LINE.finditer(log.read_text("ascii")) for step in _step(found, instance)]


def _step(line: re.Match[str], instance: Path) -> Iterator[Step]:
    call, rest = line["call"], line["rest"]
    strings = [_bytes(text) for text in TEXT.findall(rest)]
    at = Path(_bytes(line["at"]).decode()) if line["at"] and "\\x" in line["at"] else Path(line["at"] or "")
    if call == "write":
        if str(at).startswith("pipe:"):
            yield Step(ANSWERED)
        return
    if call in {"openat", "unlink"}:
        named = Path(strings[0].decode())
        if named.parent == instance and (call == "unlink" or "O_CREAT" in rest) and line["gave"] != "-1":
            yield Step(call, named.name)
    elif at == instance:
        yield Step("sync folder")
    elif at.parent == instance:
        numbers = [int(number) for number in re.findall(r", (\d+)", TEXT.sub("", rest))]
        if call == "pwrite64":
            yield Step("write", at.name, numbers[-1], strings[0])
        elif call == "ftruncate":
            yield Step("truncate", at.name, numbers[-1])
        else:
            yield Step("sync", at.name)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class _File:
    """What of it is safe, and what is still on its way."""

    safe: bytearray
    waiting: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.waiting:
            _apply(self.safe, step)
        self.waiting.clear()

    def after_a_cut(self, lot: random.Random) -> bytes:
        """Each sector that was not synced is there or not; the likelihood differs from cut to cut."""
        found, likely = bytearray(self.safe), lot.choice((0.0, 0.5, 0.9, 1.0))
        for step in self.waiting:
            if step.what == "truncate":
                if lot.random() < likely:
                    _apply(found, step)
                continue
            for start in range(0, len(step.written), SECTOR):
                if lot.random() < likely:
                    part = step.written[start : start + SECTOR]
                    _apply(found, Step("write", step.name, step.offset + start, part))
        return bytes(found)


class Disk:
    """The registry's files as they stand on the disk while step follows step."""

    def __init__(self, folder: Path) -> None:
        self.files = {
            path.name: _File(bytearray(path.read_bytes())) for path in folder.iterdir() if _is_kept(path.name)
        }
        self._names: list[tuple[str, _File | None]] = []
        self._listed = dict(self.files)

    def follow(self, step: Step) -> None:
        if not _is_kept(step.name):
            return
        match step.what:
            case "openat":
                if step.name not in self.files:
                    self._rename(step.name, _File(bytearray()))
            case "unlink":
                self._rename(step.name, None)
            case "sync folder":
                self._listed, self._names = dict(self.files), []
            case "sync":
                self.files[step.name].sync()
            case "write" | "truncate":
                self.files[step.name].waiting.append(step)

    def cut(self, lot: random.Random, into: Path) -> None:
        """Leave in a folder what the power leaves on the disk."""
        listed = dict(self._listed)
        for name, file in self._names:
            # The folder's own changes reach the disk in their order, as far as they get.
            if lot.random() < 0.5:
                break
            listed[name] = file
        for name, file in listed.items():
            if file is not None:
                (into / name).write_bytes(file.after_a_cut(lot))

    def _rename(self, name: str, file: _File | None) -> None:
        self._names.append((name, file))
        self.files.pop(name, None)
        if file is not None:
            self.files[name] = file


def _is_kept(name: str) -> bool:
    """The index beside the log is memory that happens to have a name, and the lock is empty."""
    return not name.endswith(("-shm", ".lock"))


def _apply(found: bytearray, step: Step) -> None:
    if step.what == "truncate":
        del found[step.offset :]
        return
    end = step.offset + len(step.written)
    found.extend(bytes(max(0, end - len(found))))
    found[step.offset : end] = step.written
