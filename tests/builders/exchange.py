"""What might a file say? One whole line of each type, files made at random, and the many ways of writing the same."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any

Said = dict[str, Any]

USES = ("record", "photo", "video", "name", "tag", "friend", "follow", "message", "repost")

WHOLE: dict[str, Said] = {
    "platform": {
        "id": "facebook",
        "name": "Facebook",
        "approved_from": "2020-01-01T00:00:00Z",
        "approved_until": "2030-01-01T00:00:00Z",
    },
    "program": {"id": "camp", "name": "Summer camp", "starts": "2026-06-01", "ends": "2026-08-14"},
    "form": {
        "id": "media",
        "version": 2,
        "uses": list(USES),
        "title": {"en": "Permission", "es": "Permiso"},
        "body": {"en": "We may…", "es": "Podemos…"},
        "published_at": "2024-01-01T00:00:00Z",
        "withdrawn_at": "2029-01-01T00:00:00Z",
    },
    "patron": {
        "id": "P1",
        "first_name": "Ada",
        "last_name": "Nuñez",
        "born": "2015-02-28",
        "adult": False,
        "emancipated_on": "2032-01-01",
        "handles": {"facebook": "ada.n"},
    },
    "guardian": {"id": "G1", "first_name": "Eva", "last_name": "Nuñez", "email": "eva@home.org", "phone": "555 0100"},
    "guardianship": {
        "guardian": "G1",
        "patron": "P1",
        "relationship": "parent",
        "since": "2015-02-28T00:00:00Z",
        "until": "2033-02-28T00:00:00Z",
        "beyond_majority": False,
    },
    "enrollment": {"patron": "P1", "program": "camp"},
    "consent": {
        "id": "C1",
        "patron": "P1",
        "signer": "G1",
        "signed_at": "2026-01-01T17:00:00Z",
        "witnessed_at": "2026-01-01T17:05:00Z",
        "answers": {"photo": "yes", "tag": "no"},
        "channels": ["department", "personal"],
        "platforms": ["facebook"],
        "programs": ["camp"],
        "expires_at": "2027-01-01T17:00:00Z",
        "form": "media",
        "version": 2,
        "language": "es",
        "voided_at": "2026-02-01T00:00:00Z",
    },
    "withdrawal": {
        "id": "W1",
        "patron": "P1",
        "signer": "self",
        "at": "2026-03-01T00:00:00Z",
        "uses": ["photo", "tag"],
        "voided_at": "2026-03-02T00:00:00Z",
    },
    "hold": {
        "id": "H1",
        "patron": "P1",
        "since": "2026-01-01T00:00:00Z",
        "until": "2026-12-31T00:00:00Z",
        "reason": "Court order 12",
    },
}  # fmt: skip
"""In an order in which each finds what it refers to, with every key there."""

DEFAULTS: Said = {"adult": False, "beyond_majority": False, "channels": ["department"], "handles": {}}


def whole(kind: str, **changes: Any) -> Said:
    """A line with every key; a change to `...` leaves the key out."""
    said = {"type": kind, **WHOLE[kind], **changes}
    return {key: value for key, value in said.items() if value is not ...}


def written(*lines: Said) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def a_whole_file(**instead: Said) -> list[Said]:
    return [instead.get(kind) or whole(kind) for kind in WHOLE]


class FileMaker:
    """Draws well-formed histories, whatever they may mean. Every id ends in `mark`, so that files do not meet."""

    def __init__(self, random: Random, mark: str) -> None:
        self.random, self.mark = random, mark

    def lines(self) -> Iterator[Said]:
        """As an export writes them."""
        self.platforms = [self.id("platform", n) for n in range(self.random.randint(1, 3))]
        self.programs = [self.id("program", n) for n in range(self.random.randint(1, 3))]
        self.patrons = [self.id("P", n) for n in range(self.random.randint(1, 4))]
        self.guardians = [self.id("G", n) for n in range(self.random.randint(1, 3))]
        self.forms = [(self.id("form", n), self.random.choice([-1, 0, 1, 2**40]), self.some(USES)) for n in range(2)]
        for make in (
            self.platform_lines,
            self.program_lines,
            self.form_lines,
            self.patron_lines,
            self.guardian_lines,
            self.guardianship_lines,
            self.enrollment_lines,
            self.consent_lines,
            self.withdrawal_lines,
            self.hold_lines,
        ):
            for line in make():
                yield {key: value for key, value in line.items() if value is not None}

    def platform_lines(self) -> Iterator[Said]:
        for name in self.platforms:
            yield {
                "type": "platform", "id": name, "name": self.name(),
                "approved_from": self.instant(), "approved_until": self.maybe(self.instant()),
            }  # fmt: skip

    def program_lines(self) -> Iterator[Said]:
        for name in self.programs:
            yield {"type": "program", "id": name, "name": self.name(), "starts": self.day(), "ends": self.day()}

    def form_lines(self) -> Iterator[Said]:
        for name, version, uses in self.forms:
            yield {
                "type": "form", "id": name, "version": version, "uses": uses,
                "title": {"en": self.text(), "es": self.text()}, "body": {"en": self.text(), "es": self.text()},
                "published_at": self.instant(), "withdrawn_at": self.maybe(self.instant()),
            }  # fmt: skip

    def patron_lines(self) -> Iterator[Said]:
        for name in self.patrons:
            handles = {platform: self.text() + "x" for platform in self.platforms if self.chance(40)}
            yield {
                "type": "patron", "id": name, "first_name": self.name(), "last_name": self.name(),
                "born": self.maybe(self.day()), "adult": self.chance(20), "emancipated_on": self.maybe(self.day()),
                "handles": handles or None,
            }  # fmt: skip

    def guardian_lines(self) -> Iterator[Said]:
        for name in self.guardians:
            yield {
                "type": "guardian", "id": name, "first_name": self.name(), "last_name": self.name(),
                "email": self.maybe(self.text()), "phone": self.maybe("+1 602 555 0100"),
            }  # fmt: skip

    def guardianship_lines(self) -> Iterator[Said]:
        """Half-open intervals that may touch, and never overlap for one pair."""
        for guardian in self.guardians:
            for patron in self.patrons:
                ends = list(map(shown, sorted({self.moment() for _ in range(self.random.randint(0, 4))})))
                for since, until in zip(ends[::2], [*ends[1::2], None], strict=False):
                    yield {
                        "type": "guardianship", "guardian": guardian, "patron": patron,
                        "relationship": self.random.choice(("parent", "agency", "power-of-attorney")),
                        "since": since, "until": until, "beyond_majority": self.chance(20),
                    }  # fmt: skip

    def enrollment_lines(self) -> Iterator[Said]:
        for program in self.programs:
            for patron in self.patrons:
                if self.chance(50):
                    yield {"type": "enrollment", "patron": patron, "program": program}

    def consent_lines(self) -> Iterator[Said]:
        for number in range(self.random.randint(0, 6)):
            form, version, uses = self.random.choice(self.forms)
            signed = self.moment()
            answers = {use: self.random.choice(("yes", "no")) for use in self.some(uses)}
            yield {
                "type": "consent", "id": self.id("C", number), "patron": self.random.choice(self.patrons),
                "signer": self.signer(), "signed_at": shown(signed), "witnessed_at": self.maybe(self.later(signed)),
                "answers": answers, "channels": sorted(self.some(("department", "personal"))),
                "platforms": self.all_or(self.platforms), "programs": self.all_or(self.programs),
                "expires_at": self.maybe(shown(signed + timedelta(microseconds=self.random.choice((1, 10**12))))),
                "form": form, "version": version, "language": self.random.choice(("en", "es")),
                "voided_at": self.maybe(self.later(signed)),
            }  # fmt: skip

    def withdrawal_lines(self) -> Iterator[Said]:
        for number in range(self.random.randint(0, 3)):
            at = self.moment()
            yield {
                "type": "withdrawal", "id": self.id("W", number), "patron": self.random.choice(self.patrons),
                "signer": self.signer(), "at": shown(at), "uses": self.all_or(USES),
                "voided_at": self.maybe(self.later(at)),
            }  # fmt: skip

    def hold_lines(self) -> Iterator[Said]:
        for number in range(self.random.randint(0, 2)):
            since = self.moment()
            yield {
                "type": "hold", "id": self.id("H", number), "patron": self.random.choice(self.patrons),
                "since": shown(since), "until": self.maybe(shown(since + timedelta(microseconds=1))),
                "reason": self.text(),
            }  # fmt: skip

    def as_somebody_writes(self, line: Said) -> Said:
        """The same line with other offsets, orders, repeats, blanks around names, and defaults said or left out."""
        said = {key: self._rewritten(key, value) for key, value in line.items()}
        left_out = [key for key, value in DEFAULTS.items() if line.get(key) == value and self.chance(50)]
        said = {key: value for key, value in said.items() if key not in left_out}
        if line["type"] in ("consent", "withdrawal") and "voided_at" not in said and self.chance(50):
            said["voided_at"] = None
        keys = self.random.sample(sorted(said), len(said))
        return {key: said[key] for key in keys}

    def _rewritten(self, key: str, value: Any) -> Any:
        if key in ("name", "first_name", "last_name"):
            return self.random.choice(("", " ", "\t ")) + value + self.random.choice(("", " "))
        if key in ("platforms", "programs", "channels") and isinstance(value, list):
            return self.random.sample([*value, value[0]], len(value) + 1)
        if isinstance(value, str) and (key.endswith("_at") or key in ("at", "since", "until", "approved_from")):
            return self._at_another_offset(value)
        return value

    def _at_another_offset(self, instant: str) -> str:
        moment = datetime.fromisoformat(instant)
        local = moment.astimezone(timezone(timedelta(minutes=self.random.choice((0, 0, -420, 330, -1)))))
        text = local.isoformat(timespec=self.random.choice(("auto", "microseconds")))
        return self.random.choice((text, text.replace("T", "t"), text.replace("+00:00", "z")))

    def id(self, letters: str, number: int) -> str:
        return f"{letters}{number}·{self.mark}"

    def some(self, values: Any) -> list[Any]:
        return self.random.sample(list(values), self.random.randint(1, len(values)))

    def all_or(self, values: Any) -> Any:
        return "all" if self.chance(50) else sorted(self.some(values))

    def signer(self) -> str:
        return self.random.choice(["self", *self.guardians])

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def maybe(self, value: Any) -> Any:
        return value if self.chance(50) else None

    def name(self) -> str:
        return self.random.choice(
            ("Ada", "Zoë", "Ñuñez-O'Neil", "李 小龍", "مريم", "x" * 128, "a b", "'; --", "\u200b")
        )

    def text(self) -> str:
        return self.random.choice(("", "plain", "two\nlines\r\n", '"quoted" \\ / \u2028', "😀 \x01 \x7f", "{{ 7*7 }}"))

    def moment(self) -> datetime:
        year = self.random.choice((1, 1969, 2024, 2026, 2026, 9998))
        return datetime(year, 3, 2, tzinfo=UTC) + timedelta(microseconds=self.random.choice((0, 10, 5 * 10**11)))

    def instant(self) -> str:
        return shown(self.moment())

    def later(self, moment: datetime) -> str:
        return shown(moment + timedelta(microseconds=self.random.choice((0, 1, 10**9))))

    def day(self) -> str:
        return self.random.choice((date.min, date(2004, 2, 29), date(2015, 7, 1), date(2026, 1, 1))).isoformat()


def shown(moment: datetime) -> str:
    """In UTC, no decimals that say nothing."""
    text = moment.replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if moment.microsecond else text) + "Z"
