"""Product types: declarations, the JSON Schemas made from them, and what these find wrong with a listing.

declaration                the words: fields, attributes, groups, rules, product types
lists                      values that depend on the marketplace: units, currency, channels
identity, offers, compliance, variations   attributes that product types share
coffee_maker, shirt, household             the product types
catalogue, versions        which versions exist, and at which a world is
selection, parentage       what a schema holds and demands: by requirements, country, parentage level
schema, meta_schema        JSON Schema documents in the shape of Amazon's
documents, searching, translations         what the API serves
keywords, validation, issues   holding a listing against its schema
examples                   valid listings
"""
