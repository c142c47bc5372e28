"""What happens to calls on their way, which calls came, and a new beginning of all that."""

from typing import Any

from flask_amazon_channel.simulator.control.worlds import state
from flask_amazon_channel.simulator.wire.gateway import Gateway

Facts = dict[str, Any]


def get_requests(gateway: Gateway) -> Facts:
    return {"requests": gateway.recording.as_plain()}


def forget_requests(gateway: Gateway) -> None:
    gateway.recording.clear()


def add_fault(gateway: Gateway, **fault: Any) -> Facts:
    return dict(vars(gateway.faults.add(**fault)))


def get_faults(gateway: Gateway) -> Facts:
    return gateway.faults.as_plain()


def drop_faults(gateway: Gateway) -> None:
    """Those that still wait."""
    gateway.faults.waiting.clear()


def reset(gateway: Gateway, seed: int | None = None) -> Facts:
    """Back to the seed, or to another one: no sellers, no faults, no record of requests."""
    seed = gateway.world.state.seed if seed is None else int(seed)
    gateway.world.reset(seed)
    gateway.faults.reset(seed)
    gateway.recording.clear()
    return state(gateway.world)
