"""`flask amazon doctor` and `flask amazon check-shop`: what is wrong, in words, each with the remedy."""

from __future__ import annotations

import click

from flask_amazon_channel.cli.group import amazon, as_json, show


@amazon.command("check-shop")
@as_json
def check_shop_command(as_json: bool) -> None:
    """Check the shop's own implementation of the port.  Everything that it does is rolled back."""
    from flask_amazon_channel.channel import current
    from flask_amazon_channel.testing import check_shop

    findings = check_shop(current())
    lines = [f"{finding.check}: {finding.sentence}\n  {finding.remedy}" for finding in findings]
    document = [
        {"check": finding.check, "sentence": finding.sentence, "remedy": finding.remedy} for finding in findings
    ]
    show(document, lines or ["The shop keeps to the port."], as_json)
    if findings:
        raise SystemExit(1)


@amazon.command("doctor")
@as_json
def doctor_command(as_json: bool) -> None:
    """Look at configuration, database, broker, worker, timetable and accounts."""
    from flask_amazon_channel.channel import current
    from flask_amazon_channel.cli.doctor import examine

    findings = examine(current())
    lines = []
    for finding in findings:
        lines.append(f"{click.style(*_MARKS[finding.grade])}  {finding.about}: {finding.sentence}")
        if finding.remedy:
            lines.append(f"        {finding.remedy}")
    document = [
        {
            "about": finding.about,
            "grade": finding.grade,
            "sentence": finding.sentence,
            "remedy": finding.remedy,
        }
        for finding in findings
    ]
    show(document, lines, as_json)
    if any(finding.grade == "wrong" for finding in findings):
        raise SystemExit(1)


_MARKS = {"good": ("good ", "green"), "note": ("note ", "yellow"), "wrong": ("WRONG", "red")}
