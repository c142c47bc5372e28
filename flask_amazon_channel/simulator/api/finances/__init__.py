"""Finances 2024-06-19: transactions, balances, summaries."""

from flask_amazon_channel.simulator.api.finances import balances, posting, transactions

__all__ = ["balances", "posting", "transactions"]
