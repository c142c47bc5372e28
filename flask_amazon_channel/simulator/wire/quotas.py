"""Amazon's usage plans: one token bucket for each seller and operation, on the virtual clock."""

from flask_amazon_channel.simulator.operations import Operation
from flask_amazon_channel.simulator.state.quotas import Bucket


def take(buckets: dict[str, Bucket], operation: Operation, seller_id: str, scale: float, now: float) -> bool:
    """Take one token; False when the bucket is empty.  `scale` multiplies the rate, not the burst."""
    bucket = buckets.setdefault(f"{operation.name} {seller_id}", Bucket(operation.burst, now))
    gained = max(0.0, now - bucket.filled_at) * operation.rate * scale
    bucket.tokens = min(float(operation.burst), bucket.tokens + gained)
    bucket.filled_at = now
    if bucket.tokens < 1:
        return False
    bucket.tokens -= 1
    return True
