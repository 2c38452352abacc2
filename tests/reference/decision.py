"""What does the rule say? A second reading of it, for tests only: literal, slow, and written apart from the product's.

Instants become whole microseconds, so that no time zone, fold or calendar edge can touch a comparison. Nothing is
computed for each signer: every sentence of the rule is a question about one statement among all the others.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from consent.domain.facts import Consent, Facts, Guardianship, Hold, Platform, Question, Signer

USES = ("record", "photo", "video", "name", "tag", "friend", "follow", "message", "repost")
NEAREST = (
    "awaiting-witness",
    "out-of-scope",
    "form-withdrawn",
    "expired",
    "age-unknown",
    "came-of-age",
    "not-entitled",
)
YES, NO, WITHDRAWN = 0, 1, 2
NEVER = 10**30


class Answer(NamedTuple):
    allowed: bool
    reason: str | None = None
    needs: str | None = None
    basis: tuple[str, ...] = ()
    valid_until: int | None = None


class Statement(NamedTuple):
    signer: Signer
    when: int
    kind: int
    seen_from: int
    gone_from: int
    consent: Consent | None


class Asked(NamedTuple):
    use: str
    platform: str | None
    channel: str
    program: str | None
    at: int


def micros(moment: datetime | None) -> int:
    """Microseconds since the year 1, in universal time; an instant that is not given never comes."""
    if moment is None:
        return NEVER
    offset = moment.utcoffset()
    assert offset is not None
    return (moment.replace(tzinfo=UTC) - datetime.min.replace(tzinfo=UTC) - offset) // timedelta(microseconds=1)


@cache
def day_starts(day: date, zone: tzinfo) -> int:
    """The first instant of a local day; where its midnight was skipped, the instant that skipped it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    early, late = sorted((micros(midnight), micros(midnight.replace(fold=1))))
    if early == late or midnight.utcoffset() > midnight.replace(fold=1).utcoffset():  # type: ignore[operator]  # a zone tells every offset
        return early
    while late - early > 1:
        middle = (early + late) // 2
        local = (datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=middle)).astimezone(zone)
        early, late = (early, middle) if local.utcoffset() == midnight.replace(fold=1).utcoffset() else (middle, late)
    return late


def majority(facts: Facts) -> int:
    starts = [NEVER]
    if (born := facts.patron.born) and born.year + 18 <= 9999:
        leap_day = (born.month, born.day) == (2, 29)
        starts.append(
            day_starts(date(born.year + 18, 3, 1) if leap_day else born.replace(year=born.year + 18), facts.zone)
        )
    if facts.patron.emancipated_on:
        starts.append(day_starts(facts.patron.emancipated_on, facts.zone))
    return min(starts)


def of_age(facts: Facts, at: int) -> bool:
    declared = facts.patron.adult and facts.patron.born is None and all(g.beyond_majority for g in facts.guardianships)
    return declared or at >= majority(facts)


def covers(span: Guardianship | Hold, at: int) -> bool:
    return micros(span.since) <= at < micros(span.until)


def approved(facts: Facts, platform: str | None, at: int) -> bool:
    known: Platform | None = facts.platforms.get(platform) if platform is not None else None
    return known is not None and micros(known.approved_from) <= at < micros(known.approved_until)


def no_counts(facts: Facts, signer: Signer, at: int) -> bool:
    return signer is None or any(
        g.guardian == signer and covers(g, at) and (g.beyond_majority or not of_age(facts, at))
        for g in facts.guardianships
    )


def yes_counts(facts: Facts, yes: Consent, at: int, *, minor: bool) -> bool:
    signed = micros(yes.signed_at)
    if yes.signer is None:
        ordered = any(g.beyond_majority and (covers(g, signed) or covers(g, at)) for g in facts.guardianships)
        return of_age(facts, signed) and not ordered
    return any(
        g.guardian == yes.signer and covers(g, signed) and covers(g, at) and (g.beyond_majority or minor)
        for g in facts.guardianships
    )


def statements(facts: Facts, use: str) -> Iterator[Statement]:
    for c in facts.consents:
        signed, given = micros(c.signed_at), {str(k): str(v) for k, v in c.answers.items()}.get(use)
        if given == "no":
            yield Statement(c.signer, signed, NO, signed, micros(c.voided_at), c)
        elif given == "yes":
            yield Statement(c.signer, signed, YES, max(signed, micros(c.witnessed_at)), micros(c.voided_at), c)
    for w in facts.withdrawals:
        if w.uses is None or use in {str(u) for u in w.uses}:
            yield Statement(w.signer, micros(w.at), WITHDRAWN, micros(w.at), micros(w.voided_at), None)


def in_programs(yes: Consent, asked: Asked) -> bool:
    return yes.programs is None or asked.program in yes.programs


def in_reach(facts: Facts, yes: Consent, asked: Asked) -> bool:
    """Do its channels and platforms include the question's?"""
    if asked.use == "record":
        return asked.channel in yes.channels
    named = (
        approved(facts, asked.platform, micros(yes.signed_at))
        if yes.platforms is None
        else asked.platform in yes.platforms
    )
    return named and asked.channel in yes.channels


def in_force(facts: Facts, yes: Consent, asked: Asked) -> bool:
    return (
        asked.at < micros(yes.expires_at) and asked.at < micros(yes.form_withdrawn_at) and in_reach(facts, yes, asked)
    )


def later(one: Statement, other: Statement) -> bool:
    return one.signer == other.signer and (one.when, one.kind) > (other.when, other.kind)


def stands(facts: Facts, one: Statement, heard: list[Statement], asked: Asked) -> bool:
    """Is it its signer's position, among all that is seen and speaks to the question?"""
    newer = [s for s in heard if later(s, one)]
    if one.kind == YES or not newer:
        return not newer
    latest = [s for s in newer if s.when == max(n.when for n in newer)]
    lifted = any(s.consent and in_force(facts, s.consent, asked) for s in latest)
    return all(s.kind == YES for s in newer) and not lifted


def shortfall(facts: Facts, yes: Consent, asked: Asked) -> str:
    patron, minor = facts.patron, not of_age(facts, asked.at)
    if not yes_counts(facts, yes, asked.at, minor=minor):
        if yes.signer is not None and yes_counts(facts, yes, asked.at, minor=True):
            return "came-of-age"
        unknown = patron.born is None and not patron.adult and patron.emancipated_on is None
        return "age-unknown" if yes.signer is None and unknown else "not-entitled"
    if asked.at >= micros(yes.expires_at):
        return "expired"
    if asked.at >= micros(yes.form_withdrawn_at):
        return "form-withdrawn"
    if not (in_programs(yes, asked) and in_reach(facts, yes, asked)):
        return "out-of-scope"
    assert asked.at < max(micros(yes.signed_at), micros(yes.witnessed_at))
    return "awaiting-witness"


def nearest_miss(facts: Facts, said: list[Statement], heard: list[Statement], asked: Asked) -> str:
    signed = [s for s in said if s.kind == YES and s.when <= asked.at]
    kept = [s for s in signed if asked.at < s.gone_from and not any(later(h, s) for h in heard)]
    if misses := {shortfall(facts, s.consent, asked) for s in kept if s.consent}:
        return min(misses, key=NEAREST.index)
    return "voided" if any(s.gone_from <= asked.at for s in signed) else "no-record"


def on_one_platform(facts: Facts, asked: Asked) -> Answer:
    if asked.use != "record" and not approved(facts, asked.platform, asked.at):
        return Answer(False, "platform-not-approved")
    if any(covers(hold, asked.at) for hold in facts.holds):
        return Answer(False, "hold")
    said = list(statements(facts, asked.use))
    heard = [
        s
        for s in said
        if s.seen_from <= asked.at < s.gone_from
        and (s.consent is None or s.kind != YES or in_programs(s.consent, asked))
    ]
    positions = [s for s in heard if stands(facts, s, heard, asked)]
    minor = not of_age(facts, asked.at)
    against = [s for s in positions if s.kind != YES and no_counts(facts, s.signer, asked.at)]
    good = [
        (s.signer, s.consent.id)
        for s in positions
        if s.kind == YES
        and s.consent
        and in_force(facts, s.consent, asked)
        and yes_counts(facts, s.consent, asked.at, minor=minor)
    ]
    if any(signer != s.signer for s in against for signer, _ in good):
        return Answer(False, "signers-disagree")
    if against:
        return Answer(False, "withdrawn" if any(s.kind == WITHDRAWN for s in against) else "refused")
    if good:
        return Answer(True, basis=tuple(sorted({key for _, key in good})))
    return Answer(False, nearest_miss(facts, said, heard, asked))


def at_moment(facts: Facts, asked: Asked) -> Answer:
    if asked.use not in USES:
        return Answer(False, "no-record")
    if asked.use == "record":
        return on_one_platform(facts, asked)
    recorded = at_moment(facts, asked._replace(use="record")) if asked.use == "video" else Answer(True)
    if not recorded.allowed:
        return recorded._replace(needs="record")
    everywhere = sorted(key for key in facts.platforms if approved(facts, key, asked.at))
    answers = [
        on_one_platform(facts, asked._replace(platform=key))
        for key in (everywhere if asked.platform is None else [asked.platform])
    ]
    if not answers:
        return Answer(False, "platform-not-approved")
    for answer in answers:
        if not answer.allowed:
            return answer
    return Answer(True, basis=tuple(sorted(set(recorded.basis).union(*(answer.basis for answer in answers)))))


def dated(facts: Facts) -> set[int]:
    """Every instant at which anything at all can change."""
    moments: list[datetime | None] = []
    for c in facts.consents:
        moments += [c.signed_at, c.witnessed_at, c.expires_at, c.form_withdrawn_at, c.voided_at]
    for w in facts.withdrawals:
        moments += [w.at, w.voided_at]
    spans: tuple[Guardianship | Hold, ...] = (*facts.guardianships, *facts.holds)
    for span in spans:
        moments += [span.since, span.until]
    for platform in facts.platforms.values():
        moments += [platform.approved_from, platform.approved_until]
    return {micros(moment) for moment in moments} | {majority(facts)}


def answer(facts: Facts, question: Question) -> Answer:
    asked = Asked(str(question.use), question.platform, question.channel, question.program, micros(question.at))
    now = at_moment(facts, asked)
    if not now.allowed:
        return now
    ahead = sorted(moment for moment in dated(facts) if asked.at < moment < NEVER)
    ends = (moment for moment in ahead if not at_moment(facts, asked._replace(at=moment)).allowed)
    return now._replace(valid_until=next(ends, None))


def disclosed(facts: Facts, question: Question) -> Answer:
    """As those who may not see holds get it."""
    whole = answer(facts, question)
    if whole.allowed:
        return answer(replace(facts, holds=()), question)
    return whole._replace(reason="refused") if whole.reason == "hold" else whole
