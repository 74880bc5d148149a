"""Faults made by hand, each of which the laws must find: ``make mutants``."""
