from __future__ import annotations

from tests.journeys.conftest import selling, world

__all__ = ["selling", "world"]
