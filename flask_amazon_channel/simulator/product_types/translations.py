"""Words of product types in German, by their English form.  What has no translation stays English."""

GERMAN: dict[str, str] = {}


def translate(english: str, locale: str) -> str:
    return GERMAN.get(english, english) if locale.startswith("de") else english
