"""A bar per journey, on a terminal only: how far a command has come, as its record says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from flask_amazon_channel.sync.runs import Progress


@contextmanager
def bars(*, wanted: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Yield what is to be told each time that the record is stored; None where nobody looks."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def show(progress: Progress) -> None:
            for name, figures in progress.items():
                if name not in tasks:
                    tasks[name] = shown.add_task(name)
                shown.update(tasks[name], completed=figures["done"], total=figures["done"] + figures["left"])

        yield show
