"""Does every rule of the registry name a clause of the policy that its table knows?"""

from consent.domain.vocabulary import Reason
from consent.wording_gate import FAILURES
from consent.wording_policy import CLAUSE_OF_REASON, CLAUSES

NUMBERS = [clause.number for clause in CLAUSES]


def test_no_clause_stands_twice():
    assert len(set(NUMBERS)) == len(NUMBERS)


def test_every_failure_of_the_gate_names_a_clause_of_the_table():
    assert {code: remedy.clause for code, remedy in FAILURES.items() if remedy.clause not in NUMBERS} == {}


def test_every_reason_for_a_no_names_a_clause_of_the_table():
    assert CLAUSE_OF_REASON.keys() == set(Reason)
    assert set(CLAUSE_OF_REASON.values()) <= set(NUMBERS)
