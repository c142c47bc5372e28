"""`flask amazon rotate-secret` and `rotate-keys`: the application's client secret, and the keys that encrypt."""

from __future__ import annotations

from flask_amazon_channel.cli.group import amazon, as_json, prepared, show


@amazon.command("rotate-secret")
@as_json
def rotate_secret_command(as_json: bool) -> None:
    """Ask Amazon for a new client secret.  It comes through the queue; the old one is good for seven days more."""
    from flask_amazon_channel.sync.rotate_secret import rotate_secret

    channel = prepared()
    rotate_secret(channel)
    sentence = (
        "Amazon makes a new client secret and sends it to the queue; the workers use it as soon as it is there. "
        "Copy it from Amazon's developer pages to AMAZON_CHANNEL_LWA_CLIENT_SECRET within seven days."
    )
    show({"asked": True, "sentence": sentence}, [sentence], as_json)


@amazon.command("rotate-keys")
@as_json
def rotate_keys_command(as_json: bool) -> None:
    """Encrypt anew with the first key what an older key encrypted.  It may be stopped and run again."""
    from flask_amazon_channel.sync.rotate_keys import rotate

    counts = list(rotate(prepared()))
    lines = [
        f"{one.column}: {one.renewed} of {one.total} encrypted anew"
        + (f", {one.unreadable} open with no configured key." if one.unreadable else ".")
        for one in counts
    ]
    lost = any(one.unreadable for one in counts)
    lines.append("Keep the old key: something could not be read." if lost else "The old key can be removed.")
    show([one._asdict() for one in counts], lines, as_json)
    if lost:
        raise SystemExit(1)
