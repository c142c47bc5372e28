"""Messages of issues in the language that was asked for, where there is one."""

import re

from flask_amazon_channel.simulator.product_types.issues import Issue

_REQUIRED = re.compile(r"'(.+)' is required but not supplied\.")
_TRANSLATED = {
    "de": "'{}' ist erforderlich, wurde aber nicht angegeben.",
    "fr": "« {} » est obligatoire, mais n'a pas été fourni.",
    "es": "'{}' es obligatorio, pero no se ha indicado.",
    "it": "'{}' è obbligatorio, ma non è stato indicato.",
    "ja": "「{}」は必須ですが、入力されていません。",
}


def localized(issues: list[Issue], locale: str) -> list[Issue]:
    """Assumed: only messages of missing attributes (90220) are translated; the others stay in English."""
    template = _TRANSLATED.get(locale[:2])
    if template is None:
        return issues
    return [
        {**issue, "message": _REQUIRED.sub(lambda it: template.format(it[1]), issue["message"])} for issue in issues
    ]
