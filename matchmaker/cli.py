"""The `matchmaker` command: every verb an operator needs."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click
from pydantic import ValidationError

from matchmaker import __version__

COMMANDS = {
    "count": "matchmaker.deals.cli:count_command",
    "demo": "matchmaker.demo.cli:demo_command",
    "doctor": "matchmaker.operations.cli:doctor_command",
    "duplicates": "matchmaker.enterprises.cli:duplicates_command",
    "evidence": "matchmaker.deals.evidence.cli:evidence_command",
    "export": "matchmaker.operations.exporting.cli:export_command",
    "graph": "matchmaker.matching.cli.graph:graph_group",
    "import": "matchmaker.imports.cli:import_command",
    "rank": "matchmaker.matching.cli.rank:rank_group",
    "recount": "matchmaker.progress.cli:recount_command",
    "reindex": "matchmaker.matching.cli.lists:reindex_command",
    "sample": "matchmaker.deals.auditing.cli:sample_command",
    "serve": "matchmaker.serving:serve_command",
    "suggest": "matchmaker.matching.cli.lists:suggest_command",
    "timetable": "matchmaker.meetings.cli:timetable_command",
    "upgrade": "matchmaker.operations.cli:upgrade_command",
    "user": "matchmaker.accounts.cli:user_group",
    "verify": "matchmaker.operations.verifying.cli:verify_command",
    "worker": "matchmaker.serving:worker_command",
}


class Commands(click.Group):
    """Reads a command's module only when it is called, so that `count` needs no server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _separator, name = COMMANDS[cmd_name].partition(":")
        command: Any = getattr(importlib.import_module(module), name)
        return command  # type: ignore[no-any-return]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def matchmaker() -> None:
    """Run the supply-chain matchmaking platform."""


def main() -> None:
    """Run a command; a wrong setting is one clear line, not a traceback."""
    try:
        matchmaker(prog_name="matchmaker")
    except ValidationError as wrong:
        for error in wrong.errors():
            field = ".".join(str(part) for part in error["loc"]) or "settings"
            click.echo(f"matchmaker: {field}: {error['msg']}", err=True)
        sys.exit(2)
