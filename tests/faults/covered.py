"""Tests that are about a fault, and say so in words instead of by its number."""

COVERED = {
    2: ("tests/journeys/test_orders.py::test_a_page_that_cannot_be_relied_on_loses_no_order",),
    3: (
        "tests/spapi/test_against_simulator.py::test_a_write_that_was_applied_but_not_answered_has_an_unknown_outcome",
        "tests/processes/test_failures.py::"
        "test_a_worker_killed_between_the_call_to_amazon_and_its_commit_sends_nothing_twice",
    ),
    4: ("tests/processes/test_failures.py::test_a_worker_killed_before_the_patch_was_applied_sends_the_newest_price",),
    5: (
        "tests/spapi/test_transport.py::test_a_body_that_ends_early_is_no_answer_even_if_it_parses",
        "tests/spapi/test_transport.py::test_a_chunked_body_that_ends_early_is_no_answer",
    ),
    8: (
        "tests/spapi/test_transport.py::test_an_answer_that_is_not_what_was_due_is_no_empty_page",
        "tests/journeys/test_orders.py::test_a_page_that_cannot_be_relied_on_loses_no_order",
    ),
    10: ("tests/spapi/test_calls.py::test_the_token_is_renewed_once_and_the_call_made_again",),
    12: ("tests/spapi/test_calls.py::test_a_refusal_carries_amazons_code_words_and_request_id",),
    13: (
        "tests/spapi/test_transport.py::test_headers_that_drip_are_cut_at_the_total_time_limit",
        "tests/spapi/test_transport.py::test_a_body_that_drips_is_cut_at_the_total_time_limit",
    ),
    14: ("tests/spapi/test_transport.py::test_a_certificate_nobody_vouches_for_is_refused",),
    15: ("tests/spapi/test_transport.py::test_a_redirect_is_not_followed_so_the_token_stays_here",),
    17: ("tests/spapi/test_transport.py::test_an_answer_larger_than_allowed_is_not_kept",),
    18: ("tests/spapi/test_transport.py::test_proxies_and_netrc_of_the_environment_are_ignored",),
    20: ("tests/spapi/test_tokens.py::test_anything_else_is_no_disconnection_and_no_token",),
    23: ("tests/journeys/test_orders.py::test_withheld_personal_data_is_a_state_and_no_dummy_text",),
    25: ("tests/admin/test_connecting.py::test_an_account_is_connected_again_only_as_the_same_seller",),
    42: (
        "tests/spapi/test_against_simulator.py::test_an_address_of_a_document_that_has_expired_is_asked_for_again",
        "tests/spapi/test_documents.py::test_an_address_that_has_expired_is_asked_for_again",
    ),
    43: (
        "tests/spapi/test_listings_report.py::test_a_row_that_makes_no_sense_is_counted_and_left_out",
        "tests/spapi/test_listings_report.py::test_more_than_one_row_in_a_hundred_refuses_the_report",
    ),
    44: (
        "tests/spapi/test_listings_report.py::test_each_store_may_name_the_columns_in_its_language",
        "tests/spapi/test_listings_report.py::test_a_report_without_a_needed_column_is_refused",
    ),
    45: (
        "tests/spapi/test_documents.py::test_text_is_decoded_by_what_is_declared_and_what_it_is",
        "tests/spapi/test_documents.py::test_text_that_does_not_fit_its_character_set_is_refused",
        "tests/spapi/test_listings_report.py::test_a_question_mark_in_a_sku_is_a_lost_character_outside_utf8",
    ),
    46: ("tests/spapi/test_documents.py::test_a_damaged_compressed_document_is_refused_before_a_line_is_read",),
    47: ("tests/spapi/test_documents.py::test_a_document_that_unpacks_to_a_thousand_times_its_size_is_refused",),
    48: (
        "tests/spapi/test_parse_orders.py::test_junk_anywhere_in_an_order_raises_nothing_but_unreadable",
        "tests/spapi/test_parse_orders.py::test_half_a_character_and_nul_do_not_reach_a_database",
    ),
    54: ("tests/journeys/test_orders.py::test_a_pending_order_reserves_stock_but_creates_no_shop_order",),
    56: ("tests/spapi/test_parse_orders.py::test_a_date_to_ship_by_that_makes_no_sense_is_ignored",),
    57: ("tests/journeys/test_orders.py::test_a_line_that_becomes_smaller_gives_back_only_its_part",),
    58: (
        "tests/journeys/test_orders.py::test_an_order_cancelled_before_it_was_seen_touches_nothing",
        "tests/journeys/test_orders.py::test_a_cancelled_order_gives_its_stock_back_and_cancels_the_shop_order",
        "tests/journeys/test_shipments.py::test_a_shipment_of_an_order_that_amazon_cancelled_is_not_sent_and_says_so",
    ),
    59: ("tests/journeys/test_orders.py::test_a_buyer_who_asks_to_cancel_is_told_of_and_nothing_is_done",),
    62: (
        "tests/rules/test_shop_orders.py::test_the_parts_must_add_up_to_the_total",
        "tests/rules/test_shop_orders.py::test_each_part_must_add_up_from_its_lines",
    ),
    64: ("tests/journeys/test_orders.py::test_an_unmatched_line_quarantines_its_order_until_somebody_matches_it",),
    65: (
        "tests/journeys/test_orders.py::test_an_order_that_amazon_ships_takes_no_stock_and_comes_when_it_was_shipped",
    ),
    66: ("tests/journeys/test_orders.py::test_stock_may_go_below_zero_and_it_is_said",),
    70: ("tests/admin/test_safety.py::test_what_amazon_and_buyers_write_is_shown_as_text",),
    75: ("tests/journeys/test_shipments.py::test_an_unknown_outcome_is_read_back_and_adds_no_second_package",),
    76: ("tests/journeys/test_shipments.py::test_two_packages_split_a_line_and_the_same_report_twice_adds_nothing",),
    77: ("tests/journeys/test_shipments.py::test_the_same_package_with_another_number_edits_it",),
    78: (
        "tests/journeys/test_shipments.py::"
        "test_quantities_that_are_not_in_the_order_are_refused_before_anything_is_written",
    ),
    79: ("tests/rules/test_shipments.py::test_carriers_by_amazons_codes",),
    81: (
        "tests/journeys/test_shipments.py::test_a_shipment_of_an_order_that_amazon_cancelled_is_not_sent_and_says_so",
    ),
    84: (
        "tests/processes/test_failures.py::"
        "test_a_broker_that_is_down_when_the_shop_saves_costs_no_exception_and_loses_nothing",
    ),
    85: ("tests/processes/test_failures.py::test_a_flushed_broker_loses_nothing",),
    86: ("tests/processes/test_failures.py::test_workers_killed_again_and_again_import_every_order_once",),
    90: ("tests/models/test_due.py::test_a_claimed_row_is_nobody_elses",),
    94: ("tests/spapi/test_transport.py::test_a_forked_worker_does_not_share_its_parents_connections",),
    105: ("tests/models/test_due.py::test_a_naive_time_is_refused",),
    106: (
        "tests/journeys/test_orders.py::test_a_stock_hook_that_fails_is_tried_again_and_books_once",
        "tests/journeys/test_orders.py::test_a_shop_that_commits_inside_our_transaction_is_noticed",
        "tests/journeys/test_publishing.py::test_a_shop_that_does_not_answer_sends_nothing",
    ),
    107: ("tests/journeys/test_publishing.py::test_a_product_that_goes_from_the_shop_is_no_longer_for_sale",),
    108: ("tests/journeys/test_reading_listings.py::test_i01_the_daily_comparison_finds_what_raw_sql_did",),
    109: ("tests/journeys/test_publishing.py::test_a_change_that_is_rolled_back_is_not_sent",),
    112: (
        "tests/spapi/test_calls.py::test_a_sku_survives_the_whole_way_to_the_server",
        "tests/journeys/test_importing.py::test_skus_that_differ_only_in_case_are_different_skus",
        "tests/journeys/test_publishing.py::test_a_sku_with_odd_characters_arrives_under_its_own_name",
    ),
    119: (
        "tests/journeys/test_orders.py::test_an_unknown_status_is_quarantined_and_leaves_the_stock_alone",
        "tests/spapi/test_parse_orders.py::test_a_status_of_next_year_is_kept_as_it_is",
    ),
    120: (
        "tests/test_installing.py::test_two_apps_do_not_see_each_others_configuration",
        "tests/test_installing.py::test_two_apps_do_not_see_each_others_products",
    ),
}
