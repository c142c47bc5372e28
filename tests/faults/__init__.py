"""Which faults of the catalogue have a test that names them: `python -m tests.faults [--json]`.

A test names a fault by its name (`test_f37_...`), by its docstring (`F-37`), or is named for it in `covered.py`.
"""
