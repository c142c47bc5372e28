"""How FBA Inventory refuses a call."""

from flask_amazon_channel.simulator.wire.messages import ApiError


def refused(why: str, status: int = 400, code: str = "InvalidInput") -> ApiError:
    """Seen in public: a bad call of FBA Inventory is told to check its input; the reason is ours, in `details`."""
    return ApiError(status, code, "Invalid request, please check your input.", why)
