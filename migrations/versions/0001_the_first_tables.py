# ruff: noqa: E501
"""The first tables."""

import sqlalchemy as sa
from alembic import op

from flask_amazon_channel.models import base as columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amazon_client_secret",
        sa.Column("client_id", sa.String(length=191), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=True),
        sa.Column("expiry_told", sa.Integer(), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_client_secret")),
        sa.UniqueConstraint("client_id", "fingerprint", name=op.f("uq_amazon_client_secret_client_id_fingerprint")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_instance",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=191), nullable=False),
        sa.Column("adopted_at", columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_amazon_instance_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_instance")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_preparation",
        sa.Column("begun_at", columns.UtcDateTime(), nullable=True),
        sa.Column("after", sa.String(length=191), nullable=True),
        sa.Column("counts", columns.ExactJson(), nullable=True),
        sa.Column("found", columns.ExactJson(), nullable=True),
        sa.Column("found_at", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_preparation")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_preparation_due_at"), "amazon_preparation", ["due_at"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_product_change",
        sa.Column("product_id", sa.String(length=191), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_product_change")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_purge_position",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("position", columns.BigId, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_amazon_purge_position")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("idle_name", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("process", sa.String(length=191), nullable=False),
        sa.Column("began", columns.UtcDateTime(), nullable=False),
        sa.Column("seen_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended", columns.UtcDateTime(), nullable=True),
        sa.Column("worked_on", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("progress", columns.ExactJson(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'idle', 'out_of_time', 'failed', 'killed')", name=op.f("ck_amazon_run_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_run")),
        sa.UniqueConstraint("idle_name", name=op.f("uq_amazon_run_idle_name")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_run_began"), "amazon_run", ["began"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_run_state"), "amazon_run", ["state"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_seller_account",
        sa.Column("seller_id", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("connected_at", columns.UtcDateTime(), nullable=False),
        sa.Column("authorised_at", columns.UtcDateTime(), nullable=True),
        sa.Column("expiry_told", sa.Integer(), nullable=True),
        sa.Column("refresh_token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("access_token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("access_token_expires_at", columns.UtcDateTime(), nullable=True),
        sa.Column("maximum_quantity", sa.Integer(), nullable=False),
        sa.Column("buffer", sa.Integer(), nullable=False),
        sa.Column("unmanaged_quantity", sa.Integer(), nullable=False),
        sa.Column("identifier_attributes", columns.ExactJson(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("frozen_at", columns.UtcDateTime(), nullable=True),
        sa.Column("frozen_by", sa.String(length=191), nullable=True),
        sa.Column("frozen_reason", sa.String(length=255), nullable=True),
        sa.Column("alert_email", sa.String(length=254), nullable=True),
        sa.Column("alert_webhook", sa.String(length=500), nullable=True),
        sa.Column("health_mail", sa.Boolean(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("region IN ('na', 'eu', 'fe')", name=op.f("ck_amazon_seller_account_region")),
        sa.CheckConstraint(
            "state IN ('connected', 'needs_secret', 'disconnected')", name=op.f("ck_amazon_seller_account_state")
        ),
        sa.CheckConstraint(
            "maximum_quantity >= 0 AND buffer >= 0 AND unmanaged_quantity >= 0",
            name=op.f("ck_amazon_seller_account_quantities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_seller_account")),
        sa.UniqueConstraint("seller_id", "region", name=op.f("uq_amazon_seller_account_seller_id_region")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_slot",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("next_run", columns.UtcDateTime(), nullable=False),
        sa.Column("last_run", columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_amazon_slot")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_call_error",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=True),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("request_id", sa.String(length=100), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", columns.UtcDateTime(), nullable=False),
        sa.Column("last_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["amazon_seller_account.id"],
            name=op.f("fk_amazon_call_error_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_call_error")),
        sa.UniqueConstraint("bucket", name=op.f("uq_amazon_call_error_bucket")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_call_error_account", "amazon_call_error", ["account_id", "last_at"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_call_error_last_at"), "amazon_call_error", ["last_at"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_feed",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("aspect", sa.String(length=16), nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("document_id", sa.String(length=255), nullable=True),
        sa.Column("amazon_feed_id", sa.String(length=64), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("uploaded_at", columns.UtcDateTime(), nullable=True),
        sa.Column("submitted_at", columns.UtcDateTime(), nullable=True),
        sa.Column("finished_at", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('intent', 'uploaded', 'submitted', 'stuck', 'done', 'fatal', 'cancelled')",
            name=op.f("ck_amazon_feed_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'stuck', 'done') OR amazon_feed_id IS NOT NULL",
            name=op.f("ck_amazon_feed_known"),
        ),
        sa.CheckConstraint(
            "messages >= 0 AND accepted >= 0 AND refused >= 0 AND missing >= 0", name=op.f("ck_amazon_feed_counts")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_feed_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_feed")),
        sa.UniqueConstraint("account_id", "amazon_feed_id", name=op.f("uq_amazon_feed_account_id_amazon_feed_id")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_feed_account_id"), "amazon_feed", ["account_id"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_feed_due_at"), "amazon_feed", ["due_at"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_hint",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=False),
        sa.Column("subject", columns.ExactText(100), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('order', 'sku', 'offers', 'feed', 'report')", name=op.f("ck_amazon_hint_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_hint_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_hint")),
        sa.UniqueConstraint(
            "account_id",
            "kind",
            "marketplace_id",
            "subject",
            name=op.f("uq_amazon_hint_account_id_kind_marketplace_id_subject"),
        ),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_hint_due_at"), "amazon_hint", ["due_at"], unique=False, if_not_exists=True)
    op.create_index("ix_amazon_hint_kind", "amazon_hint", ["kind", "due_at"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_logged_call",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=True),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=100), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=True),
        sa.Column("answered", sa.Text(), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_logged_call_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_logged_call")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_logged_call_account", "amazon_logged_call", ["account_id", "id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_logged_call_at"), "amazon_logged_call", ["at"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_notification",
        sa.Column("notification_id", columns.ExactText(64), nullable=False),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("received_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("outcome IN ('taken', 'ignored', 'dropped')", name=op.f("ck_amazon_notification_outcome")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_notification_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_notification")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_amazon_notification_notification_id")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_notification_last",
        "amazon_notification",
        ["account_id", "type", "received_at"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_notification_received_at"),
        "amazon_notification",
        ["received_at"],
        unique=False,
        if_not_exists=True,
    )
    op.create_table(
        "amazon_notification_subscription",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("subscription_id", columns.ExactText(64), nullable=False),
        sa.Column("destination_id", sa.String(length=255), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_notification_subscription_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_notification_subscription")),
        sa.UniqueConstraint("account_id", "type", name=op.f("uq_amazon_notification_subscription_account_id_type")),
        sa.UniqueConstraint("subscription_id", name=op.f("uq_amazon_notification_subscription_subscription_id")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_onboarding_mark",
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=191), nullable=True),
        sa.Column("actor_name", sa.String(length=191), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("state IN ('done', 'skipped')", name=op.f("ck_amazon_onboarding_mark_state")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["amazon_seller_account.id"],
            name=op.f("fk_amazon_onboarding_mark_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_onboarding_mark")),
        sa.UniqueConstraint("account_id", "item", name=op.f("uq_amazon_onboarding_mark_account_id_item")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_sku",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("sku", columns.ExactText(100), nullable=False),
        sa.Column("product_id", sa.String(length=191), nullable=True),
        sa.Column("matched_by", sa.String(length=16), nullable=True),
        sa.Column("match_problem", sa.String(length=32), nullable=True),
        sa.Column("match_candidates", columns.ExactJson(), nullable=True),
        sa.Column("fulfilled_by", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.String(length=32), nullable=True),
        sa.Column("product_type", sa.String(length=120), nullable=True),
        sa.Column("observed_quantity", sa.Integer(), nullable=True),
        sa.Column("observed_quantity_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ever_live", sa.Boolean(), nullable=False),
        sa.Column("wanted_quantity", sa.Integer(), nullable=True),
        sa.Column("quantity_override", sa.Integer(), nullable=True),
        sa.Column("quantity_override_until", columns.UtcDateTime(), nullable=True),
        sa.Column("quantity_override_reason", sa.String(length=255), nullable=True),
        sa.Column("quantity_owner", sa.String(length=16), server_default="shop", nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("fulfilled_by IN ('merchant', 'amazon')", name=op.f("ck_amazon_sku_fulfilled_by")),
        sa.CheckConstraint(
            "quantity_owner IN ('shop', 'amazon', 'repricer', 'person')", name=op.f("ck_amazon_sku_quantity_owner")
        ),
        sa.CheckConstraint(
            "quantity_override IS NULL OR quantity_override >= 0", name=op.f("ck_amazon_sku_quantity_override")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_sku_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_sku")),
        sa.UniqueConstraint("account_id", "sku", name=op.f("uq_amazon_sku_account_id_sku")),
        if_not_exists=True,
    )
    op.create_index("ix_amazon_sku_condition", "amazon_sku", ["condition"], unique=False, if_not_exists=True)
    op.create_index("ix_amazon_sku_fulfilled_by", "amazon_sku", ["fulfilled_by"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_sku_product_id"), "amazon_sku", ["product_id"], unique=False, if_not_exists=True)
    op.create_index("ix_amazon_sku_quantity_owner", "amazon_sku", ["quantity_owner"], unique=False, if_not_exists=True)
    op.create_index(
        "ix_amazon_sku_wanted_quantity", "amazon_sku", ["wanted_quantity"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_store",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("storefront", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("activated_at", columns.UtcDateTime(), nullable=True),
        sa.Column("imported_at", columns.UtcDateTime(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("price_source", sa.String(length=64), nullable=False),
        sa.Column("vat_percent", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("price_minimum_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_maximum_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_greatest_step_percent", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("publishes_price", sa.Boolean(), nullable=False),
        sa.Column("publishes_quantity", sa.Boolean(), nullable=False),
        sa.Column("on_drift_price", sa.String(length=8), server_default="assert", nullable=False),
        sa.Column("on_drift_quantity", sa.String(length=8), server_default="assert", nullable=False),
        sa.Column("debug_until", columns.UtcDateTime(), nullable=True),
        sa.Column("imports_orders", sa.Boolean(), nullable=False),
        sa.Column("reserves_pending", sa.Boolean(), nullable=False),
        sa.Column("orders_without_product", sa.String(length=16), nullable=False),
        sa.Column("order_numbers", sa.String(length=16), nullable=False),
        sa.Column("customers", sa.String(length=16), nullable=False),
        sa.Column("look_back_days", sa.Integer(), nullable=False),
        sa.Column("listing_rule", columns.ExactJson(), nullable=True),
        sa.Column("chosen_at", columns.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("frozen_at", columns.UtcDateTime(), nullable=True),
        sa.Column("frozen_by", sa.String(length=191), nullable=True),
        sa.Column("frozen_reason", sa.String(length=255), nullable=True),
        sa.Column("alert_email", sa.String(length=254), nullable=True),
        sa.Column("alert_webhook", sa.String(length=500), nullable=True),
        sa.Column("health_mail", sa.Boolean(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "on_drift_price IN ('assert', 'adopt', 'ignore')", name=op.f("ck_amazon_store_on_drift_price")
        ),
        sa.CheckConstraint(
            "on_drift_quantity IN ('assert', 'adopt', 'ignore')", name=op.f("ck_amazon_store_on_drift_quantity")
        ),
        sa.CheckConstraint(
            "state IN ('inactive', 'active', 'archived', 'deleting')", name=op.f("ck_amazon_store_state")
        ),
        sa.CheckConstraint("threshold >= 0", name=op.f("ck_amazon_store_threshold")),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_store_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_store")),
        sa.UniqueConstraint("account_id", "marketplace_id", name=op.f("uq_amazon_store_account_id_marketplace_id")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_store_account_id"), "amazon_store", ["account_id"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_bulk_action",
        sa.Column("grid", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("stores", columns.ExactJson(), nullable=False),
        sa.Column("chosen", columns.ExactJson(), nullable=True),
        sa.Column("arguments", sa.String(length=4000), nullable=False),
        sa.Column("options", columns.ExactJson(), nullable=False),
        sa.Column("last_key", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_why", columns.ExactJson(), nullable=False),
        sa.Column("actor_id", sa.String(length=191), nullable=True),
        sa.Column("actor_name", sa.String(length=191), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("began_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('previewed', 'running', 'done', 'stopped')", name=op.f("ck_amazon_bulk_action_state")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_bulk_action_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_bulk_action")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_bulk_action_created_at"), "amazon_bulk_action", ["created_at"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_bulk_action_due_at"), "amazon_bulk_action", ["due_at"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_bulk_action_store_id"), "amazon_bulk_action", ["store_id"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_grid_view",
        sa.Column("grid", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=191), nullable=False),
        sa.Column("owner_name", sa.String(length=191), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", sa.String(length=4000), nullable=False),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_grid_view_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_grid_view")),
        sa.UniqueConstraint("grid", "owner_id", "name", name=op.f("uq_amazon_grid_view_grid_owner_id_name")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_grid_view_store", "amazon_grid_view", ["store_id", "grid"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_listing",
        sa.Column("store_id", columns.BigId, nullable=False),
        sa.Column("sku_id", columns.BigId, nullable=False),
        sa.Column("seller_sku", columns.ExactText(100), nullable=False),
        sa.Column("asin", sa.String(length=16), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("on_amazon", sa.Boolean(), nullable=False),
        sa.Column("amazon_status", sa.String(length=64), nullable=False),
        sa.Column("observed_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("shown_quantity", sa.Integer(), nullable=True),
        sa.Column("observed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("amazon_updated_at", columns.UtcDateTime(), nullable=True),
        sa.Column("offer_read", columns.ExactJson(), nullable=True),
        sa.Column("offer_read_at", columns.UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=32), nullable=True),
        sa.Column("wanted_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("product_fingerprint", sa.BigInteger(), nullable=True),
        sa.Column("price_override_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_override_until", columns.UtcDateTime(), nullable=True),
        sa.Column("price_override_reason", sa.String(length=255), nullable=True),
        sa.Column("price_owner", sa.String(length=16), server_default="shop", nullable=False),
        sa.Column("released_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "price_owner IN ('shop', 'amazon', 'repricer', 'person')", name=op.f("ck_amazon_listing_price_owner")
        ),
        sa.CheckConstraint(
            "state IN ('active', 'ready_to_list', 'inactive', 'ineligible', 'incomplete', 'ended', 'new_third_party', 'not_listed')",
            name=op.f("ck_amazon_listing_state"),
        ),
        sa.CheckConstraint(
            "price_override_minor IS NULL OR price_override_minor > 0", name=op.f("ck_amazon_listing_price_override")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["amazon_sku.id"], name=op.f("fk_amazon_listing_sku_id")),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_listing_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_listing")),
        sa.UniqueConstraint("sku_id", "store_id", name=op.f("uq_amazon_listing_sku_id_store_id")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_listing_all_by_sku",
        "amazon_listing",
        ["store_id", "seller_sku", "id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index("ix_amazon_listing_asin", "amazon_listing", ["asin", "store_id"], unique=False, if_not_exists=True)
    op.create_index(
        "ix_amazon_listing_price",
        "amazon_listing",
        ["store_id", "state", "observed_price_minor", "id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_listing_price_override",
        "amazon_listing",
        ["store_id", "price_override_minor"],
        unique=False,
        sqlite_where=sa.text("price_override_minor IS NOT NULL"),
        postgresql_where=sa.text("price_override_minor IS NOT NULL"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_listing_price_owner", "amazon_listing", ["store_id", "price_owner"], unique=False, if_not_exists=True
    )
    op.create_index(
        "ix_amazon_listing_quantity",
        "amazon_listing",
        ["store_id", "state", "shown_quantity", "id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_listing_seller_sku",
        "amazon_listing",
        ["store_id", "state", "seller_sku", "id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_listing_title",
        "amazon_listing",
        ["store_id", "state", "title", "id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_listing_wanted_price",
        "amazon_listing",
        ["store_id", "wanted_price_minor"],
        unique=False,
        if_not_exists=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            r"CREATE INDEX IF NOT EXISTS ix_amazon_listing_title_words ON amazon_listing USING gin (array_to_tsvector("
            r"array_remove(regexp_split_to_array(lower(title), "
            r"'[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\u2000-\u206f\u3000-\u303f]+'), '')))"
        )
    op.create_table(
        "amazon_mass_change",
        sa.Column("aspect", sa.String(length=16), nullable=False),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("noticed_at", columns.UtcDateTime(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(aspect = 'quantity' AND account_id IS NOT NULL AND store_id IS NULL) OR (aspect = 'price' AND account_id IS NULL AND store_id IS NOT NULL)",
            name=op.f("ck_amazon_mass_change_subject"),
        ),
        sa.CheckConstraint("aspect IN ('quantity', 'price')", name=op.f("ck_amazon_mass_change_aspect")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_mass_change_account_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_mass_change_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_mass_change")),
        sa.UniqueConstraint("account_id", name=op.f("uq_amazon_mass_change_account_id")),
        sa.UniqueConstraint("store_id", name=op.f("uq_amazon_mass_change_store_id")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_order",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("amazon_order_id", sa.String(length=64), nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("fulfilled_by", sa.String(length=16), nullable=False),
        sa.Column("purchased_at", columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(), nullable=False),
        sa.Column("fetched_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ship_by", columns.UtcDateTime(), nullable=True),
        sa.Column("deliver_by", columns.UtcDateTime(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("details", columns.ExactJson(), nullable=False),
        sa.Column("has_stock_effect", sa.Boolean(), nullable=False),
        sa.Column("wants_shop_order", sa.Boolean(), nullable=False),
        sa.Column("shop_order_id", sa.String(length=191), nullable=True),
        sa.Column("imported_at", columns.UtcDateTime(), nullable=True),
        sa.Column("shop_cancelled_at", columns.UtcDateTime(), nullable=True),
        sa.Column("cancellation_requested_at", columns.UtcDateTime(), nullable=True),
        sa.Column("oversold_at", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("fulfilled_by IN ('merchant', 'amazon')", name=op.f("ck_amazon_order_fulfilled_by")),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_order_account_id")),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_order_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_order")),
        sa.UniqueConstraint("account_id", "amazon_order_id", name=op.f("uq_amazon_order_account_id_amazon_order_id")),
        sa.UniqueConstraint("shop_order_id", name=op.f("uq_amazon_order_shop_order_id")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_order_amazon_order_id"), "amazon_order", ["amazon_order_id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_order_due_at"), "amazon_order", ["due_at"], unique=False, if_not_exists=True)
    op.create_index(
        "ix_amazon_order_purchased",
        "amazon_order",
        ["store_id", "purchased_at", "id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_order_sales",
        "amazon_order",
        ["store_id", "purchased_at", "status", "currency", "total_minor"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index("ix_amazon_order_ship_by", "amazon_order", ["status", "ship_by"], unique=False, if_not_exists=True)
    op.create_index(
        "ix_amazon_order_updated", "amazon_order", ["account_id", "updated_at"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_run_part",
        sa.Column("run_id", columns.BigId, nullable=False),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("journey", sa.String(length=32), nullable=False),
        sa.Column("worked_on", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_run_part_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["amazon_run.id"], name=op.f("fk_amazon_run_part_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_run_part_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_run_part")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_run_part_account", "amazon_run_part", ["account_id", "run_id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_run_part_run_id"), "amazon_run_part", ["run_id"], unique=False, if_not_exists=True)
    op.create_index(
        "ix_amazon_run_part_store", "amazon_run_part", ["store_id", "run_id"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_stream",
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("position", columns.UtcDateTime(), nullable=True),
        sa.Column("complete_at", columns.UtcDateTime(), nullable=True),
        sa.Column("report_id", sa.String(length=64), nullable=True),
        sa.Column("report_asked_at", columns.UtcDateTime(), nullable=True),
        sa.Column("paging", columns.ExactJson(), nullable=True),
        sa.Column("rows_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=True),
        sa.Column("rows_new", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_seen", sa.Integer(), nullable=True),
        sa.Column("rows_refused", sa.Integer(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(name IN ('orders', 'orders_report') AND account_id IS NOT NULL AND store_id IS NULL) OR (name NOT IN ('orders', 'orders_report') AND account_id IS NULL AND store_id IS NOT NULL)",
            name=op.f("ck_amazon_stream_subject"),
        ),
        sa.CheckConstraint(
            "name IN ('orders', 'orders_report', 'listings', 'listings_report', 'catalogue', 'products', 'deletion')",
            name=op.f("ck_amazon_stream_name"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_stream_account_id")),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_stream_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_stream")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_amazon_stream_account_id_name")),
        sa.UniqueConstraint("store_id", "name", name=op.f("uq_amazon_stream_store_id_name")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_stream_due_at"), "amazon_stream", ["due_at"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_activity",
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("sku_id", columns.BigId, nullable=True),
        sa.Column("listing_id", columns.BigId, nullable=True),
        sa.Column("order_id", columns.BigId, nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.String(length=1000), nullable=False),
        sa.Column("actor_id", sa.String(length=191), nullable=True),
        sa.Column("actor_name", sa.String(length=191), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_activity_account_id")
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["amazon_listing.id"], name=op.f("fk_amazon_activity_listing_id")),
        sa.ForeignKeyConstraint(["order_id"], ["amazon_order.id"], name=op.f("fk_amazon_activity_order_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["amazon_sku.id"], name=op.f("fk_amazon_activity_sku_id")),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_activity_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_activity")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_activity_account_id"), "amazon_activity", ["account_id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_activity_at"), "amazon_activity", ["at"], unique=False, if_not_exists=True)
    op.create_index(
        op.f("ix_amazon_activity_listing_id"), "amazon_activity", ["listing_id"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_activity_order_id"), "amazon_activity", ["order_id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_activity_sku_id"), "amazon_activity", ["sku_id"], unique=False, if_not_exists=True)
    op.create_index(
        op.f("ix_amazon_activity_store_id"), "amazon_activity", ["store_id"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_alert",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("known_key", sa.String(length=120), nullable=False),
        sa.Column("open_key", sa.String(length=120), nullable=True),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("order_id", columns.BigId, nullable=True),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("facts", columns.ExactJson(), nullable=False),
        sa.Column("see", sa.String(length=32), nullable=False),
        sa.Column("since", columns.UtcDateTime(), nullable=False),
        sa.Column("seen_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended", columns.UtcDateTime(), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("severity IN ('bad', 'warn', 'info')", name=op.f("ck_amazon_alert_severity")),
        sa.CheckConstraint("(open_key IS NULL) = (ended IS NOT NULL)", name=op.f("ck_amazon_alert_open")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_alert_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["amazon_order.id"], name=op.f("fk_amazon_alert_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_alert_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_alert")),
        sa.UniqueConstraint("open_key", name=op.f("uq_amazon_alert_open_key")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_alert_account_id"), "amazon_alert", ["account_id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_alert_ended"), "amazon_alert", ["ended"], unique=False, if_not_exists=True)
    op.create_index("ix_amazon_alert_known", "amazon_alert", ["known_key", "id"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_alert_order_id"), "amazon_alert", ["order_id"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_alert_store_id"), "amazon_alert", ["store_id"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_aspect",
        sa.Column("account_id", columns.BigId, nullable=False),
        sa.Column("sku_id", columns.BigId, nullable=True),
        sa.Column("listing_id", columns.BigId, nullable=True),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("drastic_at", columns.UtcDateTime(), nullable=True),
        sa.Column("drastic_value", sa.BigInteger(), nullable=True),
        sa.Column("released_value", sa.BigInteger(), nullable=True),
        sa.Column("verified_value", sa.BigInteger(), nullable=True),
        sa.Column("verified_at", columns.UtcDateTime(), nullable=True),
        sa.Column("drift_since", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(name = 'quantity' AND sku_id IS NOT NULL AND listing_id IS NULL) OR (name <> 'quantity' AND sku_id IS NULL AND listing_id IS NOT NULL)",
            name=op.f("ck_amazon_aspect_subject"),
        ),
        sa.CheckConstraint("name IN ('quantity', 'price')", name=op.f("ck_amazon_aspect_name")),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_aspect_account_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["amazon_listing.id"], name=op.f("fk_amazon_aspect_listing_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["amazon_sku.id"], name=op.f("fk_amazon_aspect_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_aspect")),
        sa.UniqueConstraint("listing_id", "name", name=op.f("uq_amazon_aspect_listing_id_name")),
        sa.UniqueConstraint("sku_id", "name", name=op.f("uq_amazon_aspect_sku_id_name")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_aspect_account_id"), "amazon_aspect", ["account_id"], unique=False, if_not_exists=True
    )
    op.create_index(
        "ix_amazon_aspect_drastic",
        "amazon_aspect",
        ["account_id", "name", "drastic_at"],
        unique=False,
        sqlite_where=sa.text("drastic_at IS NOT NULL"),
        postgresql_where=sa.text("drastic_at IS NOT NULL"),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_aspect_due_at"), "amazon_aspect", ["due_at"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_change",
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=191), nullable=True),
        sa.Column("actor_name", sa.String(length=191), nullable=True),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_name", sa.String(length=191), nullable=False),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("sku_id", columns.BigId, nullable=True),
        sa.Column("listing_id", columns.BigId, nullable=True),
        sa.Column("setting", sa.String(length=64), nullable=False),
        sa.Column("old", columns.ExactJson(), nullable=True),
        sa.Column("new", columns.ExactJson(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.String(length=32), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["amazon_seller_account.id"], name=op.f("fk_amazon_change_account_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["amazon_listing.id"], name=op.f("fk_amazon_change_listing_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["amazon_sku.id"], name=op.f("fk_amazon_change_sku_id")),
        sa.ForeignKeyConstraint(["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_change_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_change")),
        if_not_exists=True,
    )
    op.create_index("ix_amazon_change_account", "amazon_change", ["account_id", "id"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_change_at"), "amazon_change", ["at"], unique=False, if_not_exists=True)
    op.create_index(
        op.f("ix_amazon_change_listing_id"), "amazon_change", ["listing_id"], unique=False, if_not_exists=True
    )
    op.create_index(op.f("ix_amazon_change_set_id"), "amazon_change", ["set_id"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_change_sku_id"), "amazon_change", ["sku_id"], unique=False, if_not_exists=True)
    op.create_index("ix_amazon_change_store", "amazon_change", ["store_id", "id"], unique=False, if_not_exists=True)
    op.create_index(op.f("ix_amazon_change_undoes"), "amazon_change", ["undoes"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_order_item",
        sa.Column("order_id", columns.BigId, nullable=False),
        sa.Column("order_item_id", sa.String(length=64), nullable=False),
        sa.Column("sku", columns.ExactText(100), nullable=True),
        sa.Column("asin", sa.String(length=16), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("product_id", sa.String(length=191), nullable=True),
        sa.Column("quantity_ordered", sa.Integer(), nullable=False),
        sa.Column("fulfilled", sa.Integer(), nullable=True),
        sa.Column("unfulfilled", sa.Integer(), nullable=True),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.Column("in_shop_order", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "quantity_ordered >= 0 AND sold >= 0 AND posted >= 0", name=op.f("ck_amazon_order_item_quantities")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["amazon_order.id"], name=op.f("fk_amazon_order_item_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_order_item")),
        sa.UniqueConstraint("order_id", "order_item_id", name=op.f("uq_amazon_order_item_order_id_order_item_id")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_amazon_order_item_product",
        "amazon_order_item",
        ["product_id", "sold", "posted"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_order_item_sku"), "amazon_order_item", ["sku"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_order_person",
        sa.Column("order_id", columns.BigId, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("purge_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["amazon_order.id"], name=op.f("fk_amazon_order_person_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_amazon_order_person")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_order_person_purge_at"), "amazon_order_person", ["purge_at"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_package",
        sa.Column("order_id", columns.BigId, nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("shop_package", sa.String(length=191), nullable=False),
        sa.Column("carrier_code", sa.String(length=64), nullable=False),
        sa.Column("carrier_name", sa.String(length=120), nullable=True),
        sa.Column("tracking_number", sa.String(length=120), nullable=False),
        sa.Column("shipped_at", columns.UtcDateTime(), nullable=False),
        sa.Column("sent_at", columns.UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("deadline_told", sa.Integer(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("reference > 0", name=op.f("ck_amazon_package_reference")),
        sa.ForeignKeyConstraint(["order_id"], ["amazon_order.id"], name=op.f("fk_amazon_package_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_package")),
        sa.UniqueConstraint("order_id", "reference", name=op.f("uq_amazon_package_order_id_reference")),
        sa.UniqueConstraint("order_id", "shop_package", name=op.f("uq_amazon_package_order_id_shop_package")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_amazon_package_due_at"), "amazon_package", ["due_at"], unique=False, if_not_exists=True)
    op.create_table(
        "amazon_alert_message",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("event", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("alert_id", columns.BigId, nullable=True),
        sa.Column("account_id", columns.BigId, nullable=True),
        sa.Column("store_id", columns.BigId, nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("sent_at", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("generation", columns.BigId, server_default="0", nullable=False),
        sa.Column("lease_epoch", columns.BigId, server_default="0", nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("event IN ('raised', 'ended', 'health')", name=op.f("ck_amazon_alert_message_event")),
        sa.CheckConstraint("way IN ('mail', 'webhook')", name=op.f("ck_amazon_alert_message_way")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["amazon_seller_account.id"],
            name=op.f("fk_amazon_alert_message_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["amazon_alert.id"], name=op.f("fk_amazon_alert_message_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["amazon_store.id"], name=op.f("fk_amazon_alert_message_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_alert_message")),
        sa.UniqueConstraint("key", name=op.f("uq_amazon_alert_message_key")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_alert_message_account_id"),
        "amazon_alert_message",
        ["account_id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_alert_message_alert_id"), "amazon_alert_message", ["alert_id"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_alert_message_created_at"),
        "amazon_alert_message",
        ["created_at"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_alert_message_due_at"), "amazon_alert_message", ["due_at"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_alert_message_store_id"), "amazon_alert_message", ["store_id"], unique=False, if_not_exists=True
    )
    op.create_table(
        "amazon_package_item",
        sa.Column("package_id", columns.BigId, nullable=False),
        sa.Column("order_item_id", columns.BigId, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_amazon_package_item_quantity")),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["amazon_order_item.id"], name=op.f("fk_amazon_package_item_order_item_id")
        ),
        sa.ForeignKeyConstraint(["package_id"], ["amazon_package.id"], name=op.f("fk_amazon_package_item_package_id")),
        sa.PrimaryKeyConstraint("package_id", "order_item_id", name=op.f("pk_amazon_package_item")),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_stock_ledger",
        sa.Column("order_item_id", columns.BigId, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=191), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('sale', 'release', 'return')", name=op.f("ck_amazon_stock_ledger_kind")),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_amazon_stock_ledger_delta")),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["amazon_order_item.id"], name=op.f("fk_amazon_stock_ledger_order_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_stock_ledger")),
        sa.UniqueConstraint("order_item_id", "sequence", name=op.f("uq_amazon_stock_ledger_order_item_id_sequence")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_stock_ledger_product_id"),
        "amazon_stock_ledger",
        ["product_id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_table(
        "amazon_submission",
        sa.Column("aspect_id", columns.BigId, nullable=False),
        sa.Column("open_aspect_id", columns.BigId, nullable=True),
        sa.Column("generation", columns.BigId, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("marketplace_id", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("sellable", sa.Integer(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("patches", columns.ExactJson(), nullable=False),
        sa.Column("feed_id", columns.BigId, nullable=True),
        sa.Column("message_id", columns.BigId, nullable=True),
        sa.Column("overtook_id", columns.BigId, nullable=True),
        sa.Column("amazon_submission_id", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("answered_at", columns.UtcDateTime(), nullable=True),
        sa.Column("live_at", columns.UtcDateTime(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_sent_at", columns.UtcDateTime(), nullable=True),
        sa.Column("against_drift", sa.Boolean(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(open_aspect_id IS NOT NULL AND state IN ('intent', 'unknown')) OR (open_aspect_id IS NULL AND state NOT IN ('intent', 'unknown'))",
            name=op.f("ck_amazon_submission_open"),
        ),
        sa.CheckConstraint(
            "state IN ('intent', 'unknown', 'accepted', 'not_applied', 'live', 'invalid', 'lost', 'superseded')",
            name=op.f("ck_amazon_submission_state"),
        ),
        sa.CheckConstraint("(feed_id IS NULL) = (message_id IS NULL)", name=op.f("ck_amazon_submission_message")),
        sa.CheckConstraint("price_minor IS NULL OR price_minor > 0", name=op.f("ck_amazon_submission_price")),
        sa.CheckConstraint(
            "quantity IS NULL OR (quantity >= 0 AND quantity <= sellable)", name=op.f("ck_amazon_submission_quantity")
        ),
        sa.ForeignKeyConstraint(["aspect_id"], ["amazon_aspect.id"], name=op.f("fk_amazon_submission_aspect_id")),
        sa.ForeignKeyConstraint(["feed_id"], ["amazon_feed.id"], name=op.f("fk_amazon_submission_feed_id")),
        sa.ForeignKeyConstraint(
            ["open_aspect_id"], ["amazon_aspect.id"], name=op.f("fk_amazon_submission_open_aspect_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_submission")),
        sa.UniqueConstraint("feed_id", "message_id", name=op.f("uq_amazon_submission_feed_id_message_id")),
        sa.UniqueConstraint("open_aspect_id", name=op.f("uq_amazon_submission_open_aspect_id")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_submission_aspect_id"), "amazon_submission", ["aspect_id"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_submission_created_at"), "amazon_submission", ["created_at"], unique=False, if_not_exists=True
    )
    op.create_index(
        "ix_amazon_submission_trouble",
        "amazon_submission",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('invalid', 'not_applied')"),
        postgresql_where=sa.text("state IN ('invalid', 'not_applied')"),
        if_not_exists=True,
    )
    op.create_table(
        "amazon_listing_issue",
        sa.Column("listing_id", columns.BigId, nullable=False),
        sa.Column("submission_id", columns.BigId, nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("categories", columns.ExactJson(), nullable=False),
        sa.Column("attribute_names", columns.ExactJson(), nullable=False),
        sa.Column("actions", columns.ExactJson(), nullable=False),
        sa.Column("seen_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigId, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["amazon_listing.id"], name=op.f("fk_amazon_listing_issue_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["amazon_submission.id"], name=op.f("fk_amazon_listing_issue_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amazon_listing_issue")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_listing_issue_code"), "amazon_listing_issue", ["code"], unique=False, if_not_exists=True
    )
    op.create_index(
        op.f("ix_amazon_listing_issue_listing_id"),
        "amazon_listing_issue",
        ["listing_id"],
        unique=False,
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_amazon_listing_issue_submission_id"),
        "amazon_listing_issue",
        ["submission_id"],
        unique=False,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("amazon_listing_issue")
    op.drop_table("amazon_submission")
    op.drop_table("amazon_stock_ledger")
    op.drop_table("amazon_package_item")
    op.drop_table("amazon_alert_message")
    op.drop_table("amazon_package")
    op.drop_table("amazon_order_person")
    op.drop_table("amazon_order_item")
    op.drop_table("amazon_change")
    op.drop_table("amazon_aspect")
    op.drop_table("amazon_alert")
    op.drop_table("amazon_activity")
    op.drop_table("amazon_stream")
    op.drop_table("amazon_run_part")
    op.drop_table("amazon_order")
    op.drop_table("amazon_mass_change")
    op.drop_table("amazon_listing")
    op.drop_table("amazon_grid_view")
    op.drop_table("amazon_bulk_action")
    op.drop_table("amazon_store")
    op.drop_table("amazon_sku")
    op.drop_table("amazon_onboarding_mark")
    op.drop_table("amazon_notification_subscription")
    op.drop_table("amazon_notification")
    op.drop_table("amazon_logged_call")
    op.drop_table("amazon_hint")
    op.drop_table("amazon_feed")
    op.drop_table("amazon_call_error")
    op.drop_table("amazon_slot")
    op.drop_table("amazon_seller_account")
    op.drop_table("amazon_run")
    op.drop_table("amazon_purge_position")
    op.drop_table("amazon_product_change")
    op.drop_table("amazon_preparation")
    op.drop_table("amazon_instance")
    op.drop_table("amazon_client_secret")
