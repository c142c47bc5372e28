"""Whatever happens in whatever order: Hypothesis puts rules together and looks for an order that breaks a promise."""
