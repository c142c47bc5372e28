"""Words of product types in German, by their English form.  What has no translation stays English."""

GERMAN: dict[str, str] = {}
LOCALES = (
    "DEFAULT", "ar", "ar_AE", "de", "de_DE", "en", "en_AE", "en_AU", "en_CA", "en_GB", "en_IN", "en_SG", "en_US", "es",
    "es_ES", "es_MX", "es_US", "fr", "fr_CA", "fr_FR", "it", "it_IT", "ja", "ja_JP", "nl", "nl_NL", "pl", "pl_PL", "pt",
    "pt_BR", "pt_PT", "sv", "sv_SE", "tr", "tr_TR", "zh", "zh_CN", "zh_TW",
)  # fmt: skip


def translate(english: str, locale: str) -> str:
    """Assumed: Display texts exist in English and German; other locales show English."""
    return GERMAN.get(english, english) if locale.startswith("de") else english
