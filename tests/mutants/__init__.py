"""Negative controls: mechanisms are broken on purpose in a copy, and the tests that guard them must say so.

python -m tests.mutants [NAME ...]
"""
