"""The language of both dialects: types, operators, functions, literals, patterns and columns."""
