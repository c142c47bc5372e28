"""The columns of the listings reports, and their names in the languages of the marketplaces.

Seller accounts outside the English marketplaces get translated names for most columns and English ones for
the rest. The translations are assumed from public parsers of such reports.
"""

LISTING_COLUMNS = (
    "item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date",
    "image-url",
    "item-is-marketplace", "product-id-type", "zshop-shipping-fee", "item-note", "item-condition",
    "zshop-category1", "zshop-browse-path", "zshop-storefront-feature", "asin1", "asin2", "asin3",
    "will-ship-internationally", "expedited-shipping", "zshop-boldface", "product-id",
    "bid-for-featured-placement", "add-delete", "pending-quantity", "fulfillment-channel",
    "merchant-shipping-group", "status",
)  # fmt: skip

_TRANSLATIONS = {
    "en": {},
    "de": {
        "item-name": "Artikelbezeichnung", "item-description": "Artikelbeschreibung",
        "listing-id": "Angebotsnummer",
        "seller-sku": "Händler-SKU", "price": "Preis", "quantity": "Menge", "open-date": "Erstellungsdatum",
        "product-id-type": "Produkt-ID-Typ", "item-note": "Anmerkung zum Artikel",
        "item-condition": "Artikelzustand",
        "asin1": "ASIN 1", "asin2": "ASIN 2", "asin3": "ASIN 3",
        "will-ship-internationally": "Internationaler Versand",
        "expedited-shipping": "Expressversand", "product-id": "Produkt-ID",
        "fulfillment-channel": "Versender",
        "pending-quantity": "Anzahl Bestellungen", "merchant-shipping-group": "Händlerversandgruppe",
        "status": "Status",
    },
    "fr": {
        "item-name": "nom-produit", "seller-sku": "sku-vendeur", "price": "prix", "quantity": "quantité",
        "open-date": "date-ouverture", "product-id-type": "type-id-produit", "item-condition": "état-produit",
        "asin1": "ASIN1", "product-id": "id-produit", "fulfillment-channel": "canal-traitement",
        "status": "état",
    },
    "it": {
        "item-name": "Nome dell'articolo", "seller-sku": "SKU venditore", "price": "Prezzo",
        "quantity": "Quantità",
        "open-date": "Data di creazione", "product-id-type": "Tipo di identificativo del prodotto",
        "item-condition": "Condizione dell'articolo", "asin1": "ASIN 1",
        "product-id": "Identificativo del prodotto", "fulfillment-channel": "Canale di gestione",
        "status": "stato",
    },
    "es": {
        "item-name": "Título del producto", "seller-sku": "SKU del vendedor", "price": "Precio",
        "quantity": "Cantidad", "open-date": "Fecha de creación", "asin1": "ASIN 1",
        "product-id-type": "Tipo de identificador de producto", "item-condition": "Estado del producto",
        "product-id": "Identificador del producto", "fulfillment-channel": "Canal de gestión logística",
        "status": "estado",
    },
    "ja": {
        "item-name": "商品名", "listing-id": "出品ID", "seller-sku": "出品者SKU", "price": "価格",
        "quantity": "数量",
        "open-date": "出品日", "product-id-type": "商品IDタイプ", "item-note": "コンディション説明",
        "item-condition": "コンディション", "asin1": "ASIN 1", "asin2": "ASIN 2", "asin3": "ASIN 3",
        "will-ship-internationally": "国外へ配送可", "expedited-shipping": "迅速な配送",
        "product-id": "商品ID",
        "pending-quantity": "在庫数", "fulfillment-channel": "フルフィルメント・チャンネル",
        "status": "ステータス",
    },
}  # fmt: skip


def listing_headers(language: str) -> list[str]:
    names: dict[str, str] = _TRANSLATIONS[language]
    return [names.get(column, column) for column in LISTING_COLUMNS]
