"""`AmazonChannel`: all that a host calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, appcontext_pushed
from sqlalchemy.orm.attributes import InstrumentedAttribute

from flask_amazon_channel import config
from flask_amazon_channel.channel import NAME, Channel, current
from flask_amazon_channel.encryption import Keyring
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import Base, Store
from flask_amazon_channel.shop import Shop
from flask_amazon_channel.sync import product_changes

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy

Authorize = Callable[[str, Store | None], Any]
Actor = Callable[[], tuple[str, str] | None]


class AmazonChannel:
    """The Amazon sales channel of one or several Flask apps.

    What it was given lies in `app.extensions["amazon_channel"]`, so one object may serve several apps.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        db: SQLAlchemy | None = None,
        shop: Shop | None = None,
        authorize: Authorize | None = None,
        actor: Actor | None = None,
    ) -> None:
        self._watched: dict[type, product_changes.Key] = {}
        if app is not None:
            if db is None or shop is None:
                raise TypeError("AmazonChannel(app, ...) needs db= (your SQLAlchemy object) and shop= (your Shop).")
            self.init_app(app, db=db, shop=shop, authorize=authorize, actor=actor)

    def init_app(
        self,
        app: Flask,
        *,
        db: SQLAlchemy,
        shop: Shop,
        authorize: Authorize | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Install the channel into the app: its pages, its commands, its tables in `db`'s database, its hooks.

        `authorize(permission, store)` decides who may `view`, `operate` and `administer`; without it every page answers
        403.  `actor()` says who is acting: `(id, name)` or None.
        """
        if NAME in app.extensions:
            raise RuntimeError("An AmazonChannel is already installed in this app. Use that one instead.")
        settings = config.read(app.config)
        app.extensions[NAME] = Channel(
            config=settings,
            db=db,
            shop=shop,
            keys=Keyring(settings.encryption_keys),
            authorize=authorize,
            actor=actor,
            watched=self._watched,
            ring=_ring,
            bulk_steps=_bulk_steps,
        )
        product_changes.listen(db.session)
        _hide_tables_from_autogenerate(app)
        _register_pages(app, settings)
        _register_commands(app)

    def watch(self, model: type, key: InstrumentedAttribute[Any] | Callable[[Any], Any] | None = None) -> None:
        """See the changes of a model: a product, or something of a product, such as its stock.

        `key` is the product's id: a mapped column (default: the model's primary key), or a callable that reads loaded
        columns of a row; with a callable, a bulk statement on the model means that every product is looked at again.
        """
        bind = getattr(model, "__bind_key__", None) or sa.inspect(model).local_table.metadata.info.get("bind_key")
        ours = Base.metadata.info.get("bind_key")
        if bind != ours:
            raise ConfigurationError(
                f"{model.__name__} lies in the database of bind {bind!r}, the channel's tables in that of {ours!r}. "
                "They must share one database, so that a product and the note of its change commit together."
            )
        self._watched[model] = product_changes.key_name(model, key)

    def product_changed(self, *product_ids: object) -> None:
        """Say that products changed, for SQL that no hook sees; inside the caller's transaction."""
        channel = current()
        changed = {str(product_id) for product_id in product_ids}
        if changed and channel.has_tables(channel.db.session.connection()):
            product_changes.write(channel.db.session(), changed)

    def order_shipped(
        self,
        shop_order_id: object,
        *,
        carrier: str,
        tracking_number: str,
        items: Mapping[str, int] | None = None,
        package: str | None = None,
    ) -> bool:
        """Say that the shop sent a package; inside the caller's transaction.

        `items` maps line ids (`NewShopOrderLine.id`) to quantities, None: all that is left.  The same `package`
        (default: carrier and tracking number) again edits the package.  Returns False for an order that is not
        Amazon's; raises ValueError, before anything is written, for quantities that are not in the order.
        """
        from flask_amazon_channel.sync.orders import shipments

        return shipments.order_shipped(
            current(),
            str(shop_order_id),
            carrier=carrier,
            tracking_number=tracking_number,
            items=items,
            package=package,
        )


def _ring() -> None:
    from flask_amazon_channel import jobs

    jobs.ring()


def _bulk_steps(asked: Any) -> Any:
    """Say which rows a bulk action is about and what it does: the pages know, and the worker does it."""
    from flask_amazon_channel.admin.grid.bulk import steps

    return steps(asked)


def _hide_tables_from_autogenerate(app: Flask) -> None:
    """Keep the host's `flask db migrate` from dropping our tables: it does not know them, so it must not see them.

    Flask-Migrate may be installed after us, therefore this waits for the first application context.
    """

    def hide(sender: Flask, **_: object) -> None:
        migrate = sender.extensions.get("migrate")
        if migrate is None:
            return
        appcontext_pushed.disconnect(hide, sender)
        previous = migrate.configure_args.get("include_name")

        def include_name(name: str | None, kind: str, parents: Any) -> bool:
            if kind == "table" and name is not None and is_ours(name):
                return False
            return bool(previous(name, kind, parents)) if previous else True

        migrate.configure_args["include_name"] = include_name

    appcontext_pushed.connect(hide, app, weak=False)


def is_ours(table: str) -> bool:
    """Say whether a table is the channel's (for `include_name` in a host's own `env.py`)."""
    return table in Base.metadata.tables or table == "amazon_alembic_version"


def _register_pages(app: Flask, settings: config.Config) -> None:
    from flask_amazon_channel.admin import make_blueprint
    from flask_amazon_channel.admin.for_the_host import amazon_listing, amazon_order

    app.register_blueprint(make_blueprint(), url_prefix=settings.url_prefix)
    app.jinja_env.globals.update(amazon_listing=amazon_listing, amazon_order=amazon_order)


def _register_commands(app: Flask) -> None:
    from flask_amazon_channel.cli import amazon

    app.cli.add_command(amazon)
