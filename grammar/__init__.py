"""The grammar of both dialects, as Lark reads it, and what makes the parser's tables of it."""
