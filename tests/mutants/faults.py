"""The faults: each is one place of the source, as a programmer might have got it wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A text of a module of sql_seg that occurs once, and what stands there in the faulty one."""

    name: str
    module: str
    before: str
    after: str
    found_by: str | None = None
    """The file of laws that must find it, without ``test_``; None for any."""

    @property
    def path(self) -> Path:
        """The module's path below the root."""
        return Path("sql_seg", *self.module.split("/")).with_suffix(".py")

    def applied(self, source: str) -> str:
        """Return the faulty source. Raises ValueError where the text is not there just once."""
        if source.count(self.before) != 1:
            raise ValueError(f"{self.name}: {source.count(self.before)} places in {self.path} instead of one")
        return source.replace(self.before, self.after)


def _logic(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "core/logic", before, after)


def _operators(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"operators: {name}", "language/operators", before, after)


def _arithmetic(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "language/arithmetic", before, after)


def _interpreter(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"interpreter: {name}", "core/interpreter", before, after)


def _scalars(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "core/scalars", before, after)


def _conditions(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"compiler: {name}", "evaluate/condition_code", before, after)


def _functions(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"compiler: {name}", "evaluate/function_code", before, after)


def _values(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"compiler: {name}", "evaluate/value_code", before, after)


def _goals(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"goals: {name}", "core/goals", before, after)


def _full_form(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"full form: {name}", "core/full_form", before, after)


def _expressions(name: str, before: str, after: str) -> Mutant:
    return Mutant(f"checker: {name}", "checking/expressions", before, after)


def _gap(name: str, module: str, before: str, found_by: str = "closed_tables") -> Mutant:
    """Return a fault that leaves a row out of a table: who forgets one must be told by the closed tables."""
    return Mutant(f"gap: {name}", module, before, "", found_by)


def _gap_in_syntax(name: str, module: str, before: str) -> Mutant:
    return _gap(name, module, before, "closed_syntax")


_ALL_OF = "        if value is False:\n            return False\n        if value is None:\n"
_ANY_OF = "        if value is True:\n            return True\n        if value is None:\n"

MUTANTS: tuple[Mutant, ...] = (
    _logic("NOT NULL is TRUE", "return None if value is None else not value", "return not value"),
    _logic(
        "NULL in AND is FALSE", f"{_ALL_OF}            result = None", f"{_ALL_OF}            result = False"
    ),
    _logic("NULL in AND is TRUE", f"{_ALL_OF}            result = None", f"{_ALL_OF}            pass"),
    _logic("NULL in OR is FALSE", f"{_ANY_OF}            result = None", f"{_ANY_OF}            pass"),
    _logic("a function of NULL is asked", "if operand is None:", "if operand is Ellipsis:"),
    _logic("NOT IN with a NULL may be TRUE", "return None if or_null else False", "return False"),
    _logic("NULL NOT IN nothing is NULL", "    if not members and not or_null:\n        return False\n", ""),
    _operators(">= is >", "operator.ge,", "operator.gt,"),
    _operators("<= is <", "operator.le,", "operator.lt,"),
    _operators("< is <=", "operator.lt,", "operator.le,"),
    _interpreter(
        "NULL IS TRUE",
        "(self.value(term.operand, rows) is term.value)",
        "(self.value(term.operand, rows) is not (not term.value))",
    ),
    _interpreter(
        "an event of which it is NULL is enough",
        "any(self.value(term.condition, chosen) is True",
        "any(self.value(term.condition, chosen) is not False",
    ),
    _interpreter(
        "without a group a contact is a member",
        "return grouped is not None and self.value(",
        "return grouped is None or self.value(",
    ),
    _interpreter("MAX is MIN", "return max((value for value", "return min((value for value"),
    _interpreter(
        "a subquery takes rows of which it is NULL",
        "if self.value(subquery.condition, chosen) is True",
        "if self.value(subquery.condition, chosen) is not False",
    ),
    _interpreter(
        "NOT IN over a NULL may be TRUE",
        "is_member(value, members - {None}, None in members)",
        "is_member(value, members - {None}, False)",
    ),
    _interpreter("v1 without events is never TRUE", "if or_none and not records:", "if False:"),
    _interpreter(
        "two joins take the same event",
        "for chosen in product(choices, repeat=len(events)):",
        "for chosen in zip(*[choices] * len(events)):",
    ),
    _interpreter(
        "large integers are exact",
        "return comparable(self.value(term, rows))",
        "return self.value(term, rows)",
    ),
    _arithmetic("% has the divisor's sign", "math.fmod(left, right)", "left % right"),
    _arithmetic(
        "a division by zero is 0",
        "double(left) / double(right)) if right else None",
        "double(left) / double(right)) if right else 0.0",
    ),
    _scalars("31 January and a month is NULL", "min(utc.day, last_day)", "utc.day"),
    _scalars("months go backwards", "+ MONTHS[unit] * amount", "- MONTHS[unit] * amount"),
    Mutant("scalars: a week has six days", "language/datatypes", "timedelta(weeks=1)", "timedelta(days=6)"),
    _arithmetic(
        "infinity is a number", "return float(value) if math.isfinite(value) else None", "return float(value)"
    ),
    _scalars(
        "unique_args win over the payload",
        "if own is not None or not isinstance(arguments, Mapping):",
        "if not isinstance(arguments, Mapping):",
    ),
    _scalars(
        "v1's map has no booleans", "if isinstance(value, bool) or is_number(value)", "if is_number(value)"
    ),
    Mutant("a path is its first key", "language/json_paths", "for key in keys:", "for key in keys[:1]:"),
    _conditions(
        "NOT of a comparison is lost",
        "operator = term.operator if wanted else term.operator.negated",
        "operator = term.operator",
    ),
    _conditions("NOT IN with a NULL may be TRUE", "if (not wanted and term.or_null) or (", "if ("),
    _conditions("NOT LIKE is LIKE", "test if wanted else syntax.inverse(test)", "test"),
    _conditions("a prefix is a suffix", '"startswith"', '"endswith"'),
    _conditions(
        "NOT CONTAINS of a NULL may be TRUE",
        "if not wanted and any(is_null(value) for value in term.values):",
        "if False:",
    ),
    _conditions(
        "any of an array is all of it",
        "return conjunction([*array.guards, disjunction(tests, array.facts)])",
        "return conjunction([*array.guards, *tests])",
    ),
    _conditions(
        "after IS NULL a column is known",
        "return Code(syntax.is_none(fetched), after, known)",
        "return Code(syntax.is_none(fetched), known, after)",
    ),
    _conditions(
        "NULL IS NOT TRUE is not TRUE",
        "return opposite(self.decide(term, goal.opposite, facts))",
        "return self.decide(term, goal.opposite.inverse, facts)",
    ),
    _goals("NOT is lost", "term, goal = term.operand, goal.inverse", "term = term.operand"),
    _goals(
        "NULL IS TRUE is what it is of NULL",
        "of_value if goal.is_positive else of_value.opposite",
        "of_value if goal.is_positive else of_value.inverse",
    ),
    _full_form("BETWEEN leaves out the end", "(Comparator.LE, term.high)", "(Comparator.LT, term.high)"),
    _full_form(
        "BETWEEN has its bounds swapped",
        "(Comparator.GE, term.low), (Comparator.LE, term.high)",
        "(Comparator.GE, term.high), (Comparator.LE, term.low)",
    ),
    _full_form(
        "NOT inside a condition is lost",
        "return Inverse(written_out(replace(term, negated=False)), span=term.span)",
        "return written_out(replace(term, negated=False))",
    ),
    _conditions(
        "NOT of AND is AND",
        "is_conjunction = isinstance(term, core.All) is wanted",
        "is_conjunction = isinstance(term, core.All)",
    ),
    _conditions(
        "what one side of OR knows, the other does",
        "facts = code.when_true if is_conjunction else code.when_false",
        "facts = code.when_true",
    ),
    _conditions(
        "NOT IN over a NULL may be TRUE",
        "syntax.conjunction([syntax.inverse(has_null), either])",
        "either",
    ),
    _conditions(">= is >", "Comparator.GE: ast.GtE()", "Comparator.GE: ast.Gt()"),
    _functions(
        "MAX is MIN", "larger = syntax.compare(node, ast.Gt(),", "larger = syntax.compare(node, ast.Lt(),"
    ),
    _functions(
        "v1 without events is never TRUE",
        'events = placed.BoolOp(ast.Or(), [events, syntax.name("NO_EVENT")])',
        "pass",
    ),
    _functions(
        "a subquery has no NULLs",
        'syntax.assign("has_null", syntax.TRUE)',
        'syntax.assign("has_null", syntax.FALSE)',
    ),
    _functions(
        "in a pass, those without events are those with",
        'syntax.name(self.variable(_THE_ID)), ast.NotIn(), syntax.name("ids_with_events")',
        'syntax.name(self.variable(_THE_ID)), ast.In(), syntax.name("ids_with_events")',
    ),
    _values("LOWER is UPPER", '_CASES = {"LOWER": "lower"', '_CASES = {"LOWER": "upper"'),
    _values("large integers are exact", 'return syntax.call("double", node)', "return node"),
    _values(
        "CONCAT goes backwards",
        "placed.BinOp(node, ast.Add(), operand)",
        "placed.BinOp(operand, ast.Add(), node)",
    ),
    _expressions(
        "BETWEEN has its bounds swapped", "Between(subject, least, most,", "Between(subject, most, least,"
    ),
    _expressions(
        "NOT LIKE is LIKE", "Matched(operand, pattern, negated=node.negated", "Matched(operand, pattern"
    ),
    _expressions(
        "a NULL in a list is nothing",
        "OneOf(operand, members, None in literals,",
        "OneOf(operand, members, False,",
    ),
    _expressions(
        "taking an interval is adding it",
        "amount = node.right.amount if adds else -node.right.amount",
        "amount = node.right.amount",
    ),
    _expressions(
        "texts are joined backwards", 'Applied("CONCAT", (left, right)', 'Applied("CONCAT", (right, left)'
    ),
    Mutant(
        "checker: TIMESTAMPADD has no past",
        "checking/calls",
        "return sign * literal.value",
        "return literal.value",
    ),
    Mutant(
        "checker: ARRAY_CONTAINS looks for the first",
        "checking/calls",
        "items = values_node.items if",
        "items = values_node.items[:1] if",
    ),
    Mutant(
        "checker: JSON is text",
        "checking/inference",
        "term.keys, type=data_type, span",
        "term.keys, type=DataType.VARCHAR, span",
    ),
    Mutant(
        "checker: every MAX is the first",
        "checking/select",
        "return Maximum(index,",
        "return Maximum(0,",
    ),
    Mutant(
        "LIKE: _ is itself in v2",
        "language/patterns",
        'runs[-1].append(None if character == "_" else character)',
        "runs[-1].append(character)",
    ),
    Mutant(
        "LIKE: %% is any text in v1",
        "language/patterns",
        "pairs, odd = divmod(len(characters), 2)",
        "pairs, odd = 0, 1",
    ),
    Mutant(
        "LIKE: prefix and suffix may overlap",
        "language/patterns",
        "if start > end or not first",
        "if not first",
    ),
    Mutant(
        "printing: v1's + binds as - does",
        "language/operators",
        "Arithmetic.ADD: Operator((6, 5)",
        "Arithmetic.ADD: Operator((5, 5)",
    ),
    Mutant(
        "the opposite of < is >",
        "language/operators",
        "operator.lt, Comparator.GE,",
        "operator.lt, Comparator.GT,",
    ),
    Mutant(
        "reasoning: what is not TRUE is FALSE",
        "analysis/condition_regions",
        "wanted.or_null() if fact.nullable else wanted",
        "wanted",
    ),
    Mutant(
        "witnesses: any text stands for all",
        "solver/candidate_values",
        "self.is_complete &= self._is_judged_alone(cell)",
        "self.is_complete &= True",
    ),
    Mutant(
        "witnesses: there is always an event",
        "solver/normal_form",
        "some([*tests, every([has_none, without])])",
        "*tests",
    ),
    Mutant(
        "near misses: any that is out is near",
        "solver/near_misses",
        "outside = nearest(missed.record, inside, to_be_out.is_met)",
        "outside = missed.record",
    ),
    Mutant(
        "testing: what was to be NULL may hold anything",
        "testing/matching",
        "if column.key not in read or not column.nullable",
        "if True",
    ),
    _gap(
        "traits do not know HasKey",
        "core/traits",
        "    core.HasKey: Trait.CONDITION | Trait.ROWED | Trait.OF_JSON,\n",
    ),
    _gap(
        "the interpreter does not know BETWEEN",
        "core/interpreter",
        "    core.Between: Interpreter._between,\n",
    ),
    _gap(
        "the compiler does not know LIKE",
        "evaluate/condition_code",
        "    core.Matched: ConditionWriter._matched,\n",
    ),
    _gap(
        "the compiler does not know MAX", "evaluate/value_code", "    core.Maximum: ValueWriter._maximum,\n"
    ),
    _gap("SQL does not know IS NULL", "sql/row_terms", "    core.NullTest: RowTerms._null_test,\n"),
    _gap("the analysis does not know IN", "analysis/taught", "    *(Between, EqualsAny, OnParentList),\n"),
    _gap("the solver does not know MAX", "solver/expansion", "    core.LastEvent: _last_event,\n"),
    _gap("the analysis does not know UPPER", "analysis/known", '    "UPPER": Known(settles=upper),\n'),
    _gap("the solver has no way back of LENGTH", "solver/inverting", '    "LENGTH": _of_length,\n'),
    Mutant(
        "other SQL: a row that is never asked",
        "syntax/other_sql/families",
        '"LEN CHAR_LENGTH',
        '"LEN LENGTH CHAR_LENGTH',
        found_by="closed_tables",
    ),
    _gap(
        "Databricks has no LENGTH",
        "sql/functions",
        '        **_in("databricks spark", template("char_length({0})")),\n',
    ),
    Mutant(
        "gap: Redshift has no LOWER",
        "sql/functions",
        '"bigquery duckdb postgres redshift snowflake"',
        '"bigquery duckdb postgres snowflake"',
        found_by="closed_tables",
    ),
    _gap(
        "the analysis does not know <=",
        "analysis/ordered",
        "    Comparator.LE: lambda value: OrderedSet(True, ((value, 1),)),\n",
    ),
    _gap("SQL does not know >", "sql/common", '">", '),
    _gap("the analysis does not know /", "analysis/taught", "    Arithmetic.DIVIDE,\n"),
    _gap("the analysis does not know weeks", "analysis/taught", "    TimeUnit.WEEK,\n"),
    _gap(
        "the language does not say what >= is",
        "language/operators",
        "    Comparator.GE: ComparatorRow(operator.ge, Comparator.LT, Comparator.LE),\n",
    ),
    _gap(
        "the language does not say what % is",
        "language/operators",
        "    Arithmetic.MODULO: Operator((9, 6), arithmetic.modulo),\n",
    ),
    _gap("the solver has no way back of %", "solver/inverting", "    Arithmetic.MODULO: _of_modulo,\n"),
    _gap("the solver does not take IN apart", "solver/expansion", "    core.OneOf: _one_of,\n"),
    Mutant(
        "gap: the solver does not know LIKE",
        "solver/expansion",
        "= {core.Matched}",
        "= set()",
        found_by="closed_tables",
    ),
    _gap(
        "SQL does not know *",
        "sql/common",
        '    "multiply": template("{0:product} * {1:unary}", Level.PRODUCT),\n',
    ),
    _gap(
        "Spark has no weeks",
        "sql/spark",
        '    "add weeks": template("{0:sum} + {1} * INTERVAL \'7\' DAY", Level.SUM),\n',
    ),
    _gap("checking does not know LIKE", "checking/expressions", "    nodes.Like: ExpressionChecker._like,\n"),
    _gap(
        "formatting does not know lists",
        "syntax/formatting/text",
        "    nodes.Array: (_Writer.array, operators.ATOM),\n",
    ),
    _gap_in_syntax(
        "upgrade and downgrade do not know BETWEEN",
        "upgrading/both_ways",
        "    nodes.Between: Rewriting._between,\n",
    ),
    _gap_in_syntax(
        "upgrade does not know LIKE", "upgrading/rewriting", "    nodes.Like: ExpressionRewriter._like,\n"
    ),
    _gap_in_syntax(
        "downgrade does not know IS TRUE",
        "upgrading/downward",
        "    nodes.IsBoolean: _V1Writer._is_boolean,\n",
    ),
    _gap_in_syntax("no dialect passes on NULL", "upgrading/both_ways", "nodes.Null, "),
    Mutant(
        "the funnel takes NOT for nothing",
        "segments/funnel",
        "return list(map(not_, inside[0]))",
        "return inside[0]",
    ),
    Mutant(
        "sets: who is out of it is of whom it is FALSE",
        "syntax/combining",
        "return nodes.Or((nodes.Not(condition), nodes.IsNull(condition)))",
        "return nodes.Not(condition)",
    ),
    Mutant(
        "the builder's Python has no NOT",
        "build/printing",
        'f"~{inner}"',
        "inner",
    ),
    Mutant(
        "gap: the kit draws no functions of one dialect alone",
        "testing/operands",
        "dialect in function.provenance",
        "len(function.provenance) == 3",
        found_by="closed_tables",
    ),
    Mutant(
        "fixes: safe whatever their meaning rests on",
        "linting/promises",
        "return Safety.UNSAFE if rests else Safety.SAFE",
        "return Safety.SAFE if rests else Safety.SAFE",
        "readings_of_fixes",
    ),
)
"""All faults."""
