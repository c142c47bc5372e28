"""Faults in the log: where they happened, without the values, which may be a buyer's or a secret."""

from __future__ import annotations

import logging
import sys
import traceback


def log_fault(log: logging.Logger, sentence: str, *facts: object) -> None:
    """Log the exception at hand with its kind and its frames, but not its text: SQLAlchemy's quotes parameters."""
    kind, error, trace = sys.exc_info()
    frames = "".join(traceback.format_tb(trace)) if trace else ""
    cause = error.__cause__ if error else None
    kinds = " from ".join(one.__name__ for one in (kind, type(cause) if cause else None) if one)
    log.error(f"{sentence}: %s\n%s", *facts, kinds, frames)
