"""Which statements does a look-up run? Each is built once, and none reads through a whole table.

One word is a range of the ordered word table. Of several words the rarest leads, and the others are looked up for its
patrons only. What stands inside a word, and what was misspelled, goes through the trigrams of the distinct words.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Table,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from consent.domain.names import MOST_WORDS_TYPED
from consent.storage.database import Model
from consent.storage.direct import slots
from consent.storage.models import (
    Card,
    Consent,
    Enrollment,
    FormVersion,
    Patron,
    PatronHandle,
    PatronWord,
    Platform,
    Program,
    ProgramLead,
    WordTrigram,
)

PEOPLE_MOST: Final = 60
WORDS_MOST: Final = 40
SIMILAR_MOST: Final = 200
RARE_ENOUGH: Final = 2_000
LEADING_MOST: Final = 20_000
COUNT_MOST: Final = 400
COUNTED_TOGETHER: Final = 8

WORDS: Table = Model.metadata.tables[PatronWord.__tablename__]
TRIGRAMS: Table = Model.metadata.tables[WordTrigram.__tablename__]


def _begins(words: FromClause, at: int) -> ColumnElement[bool]:
    return (words.c.word >= bindparam(f"low_{at}", type_=Text())) & (
        words.c.word < bindparam(f"high_{at}", type_=Text())
    )


def _at_most(how_many: int) -> Any:
    """Written out, so that a planner knows that it may stop early."""
    return bindparam(f"at_most_{how_many}", how_many, literal_execute=True)


def _beginnings(how_many: int) -> Select[Any]:
    first = (
        select(WORDS.c.patron_id, WORDS.c.word).where(_begins(WORDS, 0)).limit(_at_most(LEADING_MOST)).subquery("first")
    )
    return (
        select(first.c.patron_id, first.c.word)
        .where(*(_also(first, at, similar=False) for at in range(1, how_many)))
        .limit(_at_most(PEOPLE_MOST))
    )


def _spelled(how_many: int) -> Select[Any]:
    first = _spelled_like(0).subquery("first")
    return (
        select(first.c.patron_id, first.c.word)
        .where(*(_also(first, at, similar=True) for at in range(1, how_many)))
        .distinct()
        .limit(_at_most(PEOPLE_MOST))
    )


def _spelled_like(at: int) -> CompoundSelect[Any]:
    """Two ranges of the index, one after the other; neither is cut short by the other."""
    begins = select(WORDS.c.patron_id, WORDS.c.word).where(_begins(WORDS, at)).limit(_at_most(LEADING_MOST))
    is_one = select(WORDS.c.patron_id, WORDS.c.word).where(_is_one_of(WORDS, at)).limit(_at_most(LEADING_MOST))
    return union_all(select(begins.subquery()), select(is_one.subquery()))


def _also(first: FromClause, at: int, *, similar: bool) -> ColumnElement[bool]:
    """The same patron has a word for the other word typed, too."""
    other = WORDS.alias(f"other_{at}")
    spelled = or_(_begins(other, at), _is_one_of(other, at)) if similar else _begins(other, at)
    return select(literal(1)).where(other.c.patron_id == first.c.patron_id, spelled).exists()


def _is_one_of(words: FromClause, at: int) -> ColumnElement[bool]:
    return words.c.word.in_(bindparam(f"words_{at}", expanding=True, type_=Text()))


def _counted(source: Select[Any], most: int) -> Any:
    return select(func.count()).select_from(source.limit(_at_most(most)).subquery()).scalar_subquery()


def one_beginning() -> Select[Any]:
    found = select(WORDS.c.patron_id, WORDS.c.word).where(_begins(WORDS, 0)).order_by(WORDS.c.word, WORDS.c.patron_id)
    # Not told where to begin, SQLAlchemy would bind a zero for SQLite.
    return found.limit(literal_column(str(PEOPLE_MOST))).offset(literal_column("0"))


def people(how_many: int) -> Select[Any]:
    named = Patron.id, Patron.external_id, Patron.first_name, Patron.last_name
    told: Any = select(*named, Patron.born, Patron.adult, Card.issued_at)
    with_card: Select[Any] = told.outerjoin(Card, (Card.patron_id == Patron.id) & Card.revoked_at.is_(None))
    return with_card.where(Patron.id.in_(slots("patron", how_many, BigInteger())))


BEGINNINGS = {how_many: _beginnings(how_many) for how_many in range(2, MOST_WORDS_TYPED + 1)}
HOW_MANY_BEGIN = select(_counted(select(WORDS.c.patron_id).where(_begins(WORDS, 0)), RARE_ENOUGH))
BEARERS = (
    select(WORDS.c.patron_id, WORDS.c.word)
    .where(WORDS.c.word.in_(bindparam("words", expanding=True, type_=Text())))
    .order_by(WORDS.c.word, WORDS.c.patron_id)
    .limit(_at_most(PEOPLE_MOST))
)
SPELLED = {how_many: _spelled(how_many) for how_many in range(2, MOST_WORDS_TYPED + 1)}
HOW_MANY_ARE_SPELLED = select(func.count()).select_from(_spelled_like(0).subquery())
BORNE = select(WORDS.c.patron_id, WORDS.c.word).where(
    WORDS.c.patron_id.in_(bindparam("patrons", expanding=True, type_=BigInteger()))
)
KNOWN = (
    select(WORDS.c.word)
    .where(WORDS.c.word.in_(bindparam("words", expanding=True, type_=Text())))
    .distinct()
    .limit(_at_most(SIMILAR_MOST))
)
HOW_MANY_SHARE = select(
    *(
        _counted(
            select(TRIGRAMS.c.word).where(TRIGRAMS.c.trigram == bindparam(f"trigram_{at}", type_=Text())), COUNT_MOST
        ).label(f"count_{at}")
        for at in range(COUNTED_TOGETHER)
    )
)
WITH_PART = (
    select(TRIGRAMS.c.word)
    .where(
        TRIGRAMS.c.trigram == bindparam("trigram", type_=Text()),
        TRIGRAMS.c.word.contains(bindparam("part", type_=Text())),
    )
    .limit(_at_most(WORDS_MOST))
)
SHARING = (
    select(TRIGRAMS.c.word)
    .where(TRIGRAMS.c.trigram.in_(bindparam("trigrams", expanding=True, type_=Text())))
    .group_by(TRIGRAMS.c.word)
    .having(func.count() >= bindparam("least", type_=BigInteger()))
    .order_by(func.count().desc(), TRIGRAMS.c.word)
    .limit(_at_most(SIMILAR_MOST))
)
LED = (
    select(WORDS.c.patron_id, WORDS.c.word)
    .select_from(ProgramLead)
    .join(Enrollment, Enrollment.program_id == ProgramLead.program_id)
    .join(WORDS, WORDS.c.patron_id == Enrollment.patron_id)
    .where(ProgramLead.staff_id == bindparam("staff", type_=BigInteger()))
    .distinct()
)
LEADS = (
    select(literal(1))
    .select_from(ProgramLead)
    .join(Enrollment, Enrollment.program_id == ProgramLead.program_id)
    .where(
        ProgramLead.staff_id == bindparam("staff", type_=BigInteger()),
        Enrollment.patron_id == bindparam("patron", type_=BigInteger()),
    )
    .limit(_at_most(1))
)
BY_EXTERNAL_ID = select(Patron.id).where(Patron.external_id == bindparam("external_id"))
BY_CARD = select(Card.patron_id, Card.revoked_at, Card.expires_on).where(Card.code_sha256 == bindparam("code_sha256"))
PROGRAMS_OF_LEAD = (
    select(ProgramLead.program_id)
    .where(ProgramLead.staff_id == bindparam("staff", type_=BigInteger()))
    .scalar_subquery()
)
RUNNING = (
    select(Enrollment.patron_id, Program.name)
    .join(Program, Program.id == Enrollment.program_id)
    .where(
        Enrollment.patron_id.in_(bindparam("patrons", expanding=True, type_=BigInteger())),
        Program.starts <= bindparam("today"),
        Program.ends >= bindparam("today"),
    )
    .order_by(Program.name)
)
RUNNING_LED = RUNNING.where(Program.id.in_(PROGRAMS_OF_LEAD))
RECORDS = (
    select(Consent.external_id, FormVersion.form, FormVersion.version, Consent.signed_at)
    .join(FormVersion, FormVersion.id == Consent.form_version_id)
    .where(Consent.external_id.in_(bindparam("records", expanding=True, type_=Text())))
    .order_by(Consent.signed_at.desc(), Consent.external_id)
)
PLATFORMS = select(Platform.external_id, Platform.name, Platform.approved_from, Platform.approved_until).order_by(
    Platform.name, Platform.external_id
)
PROGRAMS = (
    select(Program.external_id, Program.name)
    .where(or_(Program.ends >= bindparam("today"), Program.external_id == bindparam("asked")))
    .order_by(Program.name, Program.external_id)
)
PROGRAMS_LED = PROGRAMS.where(Program.id.in_(PROGRAMS_OF_LEAD))
ACCOUNTS = (
    select(Platform.external_id, PatronHandle.account)
    .join(Platform, Platform.id == PatronHandle.platform_id)
    .where(
        PatronHandle.patron_id == bindparam("patron", type_=BigInteger()),
        Platform.external_id.in_(bindparam("platforms", expanding=True, type_=Text())),
    )
)
