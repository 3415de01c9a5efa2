"""`studyapp stats`: where you stand, as text, JSON or CSV."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import Any


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `stats` to the command line."""
    stats = subparsers.add_parser(
        "stats",
        help="say where you stand: days, what comes due, mastery, readiness, exams, misconceptions",
        description="Say where you stand in a pack: what you did on which day, what comes due, how much is recalled, "
        "whether you are right as often as you are sure, mastery by objective, readiness, exams, misconceptions.",
    )
    stats.add_argument(
        "pack", nargs="?", metavar="PACK", help="the id of a pack, or a folder (default: the first pack)"
    )
    stats.add_argument(
        "--format", choices=("text", "json", "csv"), default="text", help="how it is told (default: text)"
    )
    stats.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Tell the statistics. Gives 0, or 2 when they cannot be read."""
    from studyapp.cli.terminal import columns, shows_unicode
    from studyapp.conduct.charts import ASCII, FULL
    from studyapp.conduct.statistics import statistics
    from studyapp.conduct.table_words import told
    from studyapp.conduct.tables import tables
    from studyapp.packs.problems import visible
    from studyapp.store.errors import StoreError
    from studyapp.wiring import PackRefused, make_services

    try:
        with make_services() as services:
            pack = services.open_pack(given.pack)
            found = statistics(services, pack, services.now())
            facts = services.facts
    except (PackRefused, StoreError) as error:
        print(visible(f"studyapp stats: {error}"), file=sys.stderr)
        return 2
    found_tables = tables(found, pack, facts)
    if given.format == "json":
        print(
            json.dumps(
                {"pack": pack.id, "day": found.today.isoformat(), **{each.name: each.rows for each in found_tables}}
            )
        )
    elif given.format == "csv":
        from studyapp.packs.interchange.sheet import harmless

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("table", "row", "column", "value"))
        for table in found_tables:
            for number, row in enumerate(table.rows, start=1):
                for column, value in row.items():
                    cell = "" if value is None else harmless(visible(str(value)))
                    writer.writerow((table.name, number, column, cell))
    else:
        print(visible(f"{pack.title}, {found.today.isoformat()}"))
        for line in told(found_tables, found.today, columns(), FULL if shows_unicode() else ASCII):
            print(visible(line))
    return 0
