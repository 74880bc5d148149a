"""Two readings of the core form: the interpreter, which is the reference, and the compiler."""

from sql_seg.evaluate.account import NO_ACCOUNT, Account
from sql_seg.evaluate.blame import ERRORS, Blame, must_be_mapping
from sql_seg.evaluate.compiler import Compiler, Together
from sql_seg.evaluate.interpreter import Interpreter
from sql_seg.evaluate.planning import conjuncts, for_one_contact, planned

__all__ = [
    "ERRORS",
    "NO_ACCOUNT",
    "Account",
    "Blame",
    "Compiler",
    "Interpreter",
    "Together",
    "conjuncts",
    "for_one_contact",
    "must_be_mapping",
    "planned",
]
