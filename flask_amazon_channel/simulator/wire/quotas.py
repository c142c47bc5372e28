"""Amazon's usage plans: one token bucket for each seller and operation, on the virtual clock."""

from dataclasses import dataclass

from flask_amazon_channel.simulator.operations import Operation


@dataclass(slots=True)
class Bucket:
    tokens: float
    filled_at: float


class Quotas:
    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def take(self, operation: Operation, seller_id: str, scale: float, now: float) -> bool:
        """Take one token; False when the bucket is empty.  `scale` multiplies the rate, not the burst."""
        bucket = self._buckets.setdefault((operation.name, seller_id), Bucket(operation.burst, now))
        gained = max(0.0, now - bucket.filled_at) * operation.rate * scale
        bucket.tokens = min(float(operation.burst), bucket.tokens + gained)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def clear(self) -> None:
        self._buckets.clear()
