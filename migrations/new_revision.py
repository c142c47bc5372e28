"""Write the next revision: what the models have and the revisions so far do not.

    python -m migrations.new_revision 0002 "Add feeds"

To be read and corrected before it is committed: a renamed column looks like a dropped and an added one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.operations import ops

FOLDER = Path(__file__).parent


def write(number: str, message: str) -> Path:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/empty.db")
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=number, process_revision_directives=_simplify)
        engine.dispose()
    written = next((FOLDER / "versions").glob(f"{number}_*.py"))
    lines = [line for line in written.read_text().splitlines() if not line.lstrip().startswith("# ###")]
    written.write_text("\n".join(lines) + "\n")
    return written


def _simplify(context: object, revision: object, directives: list[Any]) -> None:
    """Take the indexes of new tables out of batches, and drop a table together with its indexes.

    MariaDB refuses to drop an index that a foreign key needs while the table still has the key.  It, and SQLite, keep
    what was made by an upgrade that died: the next one goes on from there.
    """
    up, down = directives[0].upgrade_ops, directives[0].downgrade_ops
    new = {step.table_name for step in up.ops if isinstance(step, ops.CreateTableOp)}
    up.ops = list(_of_new_tables(up.ops, new))
    for step in up.ops:
        if isinstance(step, ops.CreateTableOp | ops.CreateIndexOp):
            step.if_not_exists = True
    down.ops = [step for step in down.ops if not (isinstance(step, ops.ModifyTableOps) and step.table_name in new)]


def _of_new_tables(steps: list[Any], new: set[str]) -> Iterator[Any]:
    for step in steps:
        if isinstance(step, ops.ModifyTableOps) and step.table_name in new:
            yield from step.ops
        else:
            yield step


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    write(sys.argv[1], sys.argv[2])
