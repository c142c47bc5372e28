"""Amazon's usage plans: how many calls are left."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    tokens: float
    filled_at: float
