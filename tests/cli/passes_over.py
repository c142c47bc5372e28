"""The second host, in whose worker and timetable the exception of a stop is lost on its way."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from rq.exceptions import StopRequested

from flask_amazon_channel import jobs
from tests.cli.served import create_app

__all__ = ["create_app"]


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def lose_the_exception(kind: Any, handler: str) -> None:
    raises, listens = getattr(kind, handler), kind._install_signal_handlers

    def handle(self: Any, number: int, frame: FrameType | None) -> None:
        try:
            raises(self, number, frame)
        except StopRequested:
            say("The exception was passed over.")

    def listen(self: Any) -> None:
        listens(self)
        say("It listens for signals.")

    setattr(kind, handler, handle)
    kind._install_signal_handlers = listen


lose_the_exception(jobs.AppWorker, "request_stop")
lose_the_exception(jobs.Timetable, "_request_stop")
