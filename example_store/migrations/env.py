"""How Alembic reaches the shop's database.

`configure_args` is passed on: through it Flask-Migrate's options, and the Amazon channel's filter that keeps
its tables out of `flask db migrate`, come into effect.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from example_store.database import UTCDateTime, db


def render_item(_type: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Write plain columns into migrations, so that they do not depend on the shop's code."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False


def write_no_empty_revision(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives and directives[0].upgrade_ops and directives[0].upgrade_ops.is_empty():
        directives.clear()


options: dict[str, Any] = {
    "render_as_batch": True,
    "render_item": render_item,
    "target_metadata": db.metadata,
}
if getattr(context.config.cmd_opts, "autogenerate", False):
    options["process_revision_directives"] = write_no_empty_revision
options |= current_app.extensions["migrate"].configure_args

if context.is_offline_mode():
    url = db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    with db.engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
