"""Product Pricing: v0 and 2022-05-01."""
