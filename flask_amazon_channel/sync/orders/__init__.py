"""The journey of an Amazon order into the shop, and of its packages back.

read_orders        what changed at Amazon since the last reading
import_orders      those of a span, or one, because somebody asks
audit_orders       all of them counted a second time, against Amazon's report
keep_order         one order: its rows, its stock, its shop order, in one commit
order_rows         its rows and its personal data
stock              the ledger
shipments          what the shop reports as sent
confirm_shipments  what Amazon is told, until it shows it
personal_data      what is deleted when its time is over
"""
