"""Do two readings of the rule, written apart, ever differ? Thousands of small dense histories are decided by both."""

from collections import Counter
from random import Random

from consent.domain.decision import Verdict, decide, disclose
from consent.domain.facts import Facts, Question
from consent.domain.vocabulary import Reason
from tests.builders.histories import a_history, simpler
from tests.depth import DEPTH, SEED
from tests.reference.decision import NEVER, Answer, answer, disclosed, micros

CASES = 4000 * DEPTH
SAID_BY_THE_RULE = {None, *Reason} - {Reason.UNKNOWN_PATRON}


def as_answer(verdict: Verdict) -> Answer:
    until = micros(verdict.valid_until)
    return Answer(verdict.allowed, verdict.reason, verdict.needs, verdict.basis, None if until == NEVER else until)


def differ(facts: Facts, question: Question) -> bool:
    whole, shown = decide(facts, question), disclose(facts, question)
    return (as_answer(whole), as_answer(shown)) != (answer(facts, question), disclosed(facts, question))


def smallest(facts: Facts, question: Question) -> Facts:
    """Leave out whatever is not needed for the two readings to differ."""
    for fewer in simpler(facts):
        if differ(fewer, question):
            return smallest(fewer, question)
    return facts


def explained(case: int, facts: Facts, question: Question) -> str:
    facts = smallest(facts, question)
    return (
        f"seed {SEED}, case {case}\n{facts}\n{question}\n"
        f"the product: {as_answer(decide(facts, question))}\nthe reference: {answer(facts, question)}\n"
        f"disclosed: {as_answer(disclose(facts, question))}\nthe reference: {disclosed(facts, question)}"
    )


def test_two_independent_readings_of_the_rule_agree() -> None:
    random, heard = Random(SEED), Counter[Reason | None]()  # noqa: S311  # cases, not secrets
    for case in range(CASES):
        facts, question = a_history(random)
        assert not differ(facts, question), explained(case, facts, question)
        heard[decide(facts, question).reason] += 1
    print(f"seed {SEED}: {CASES} histories, {heard}")  # noqa: T201  # shown with -s and on failure
    assert all(heard[reason] > CASES / 500 for reason in SAID_BY_THE_RULE), f"too rare to prove anything: {heard}"
