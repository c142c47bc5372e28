"""The refusal of a control call."""


class Refused(Exception):
    """A control call that cannot be done; the message says why."""


def check_known(facts: object, known: tuple[str, ...], what: str) -> None:
    """Raises Refused where `facts` holds more than what is known."""
    if not isinstance(facts, dict):
        raise Refused(f"{what} are an object.")
    if unknown := sorted(set(facts) - set(known)):
        raise Refused(f"Unknown {what}: {', '.join(unknown)}. Known are {', '.join(known)}.")
