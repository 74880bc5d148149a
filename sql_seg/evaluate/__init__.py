"""The core form as Python code, which judges as the interpreter does, and what is wrong with records."""
