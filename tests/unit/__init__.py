"""Tests of one module each, in the folders of ``sql_seg``."""
