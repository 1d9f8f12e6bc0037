"""The `verify` command: an export proved anywhere, or the seals of this installation's own database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from matchmaker.deals.cli import OneLineCommand, Refused
from matchmaker.money import yi
from matchmaker.operations.verifying.faults import Altered, Unreadable
from matchmaker.operations.verifying.proving import Proof, prove
from matchmaker.operations.verifying.restating import Restated


@click.command("verify", cls=OneLineCommand)
@click.argument("export", metavar="[EXPORT.zip]", required=False, type=click.Path(path_type=Path))
@click.option("--through", metavar="SEAL", help="Insist that the exported ledger bears this seal, noted earlier.")
@click.option("--json", "as_json", is_flag=True, help="Print what was proved, or what was altered, as JSON.")
def verify_command(export: Path | None, through: str | None, as_json: bool) -> None:
    """Prove a published table from an export, with no server, no database and no settings.

    Exits 1 with one line that names the first altered row, 2 when the file is no export. Without a file it
    checks the seals of this installation's database and names the first entry that was touched.
    """
    if export is None:
        if through is not None:
            raise Refused("--through needs an export")
        _check_database(as_json)
        return
    try:
        proof = prove(export, through=through)
    except Unreadable as fault:
        raise Refused(f"{export}: {fault}") from fault
    except Altered as fault:
        if as_json:
            click.echo(json.dumps({"holds": False} | _named(fault), ensure_ascii=False))
        raise click.ClickException(" ".join(f"{export}: {fault}".split())) from fault
    click.echo(_json(proof) if as_json else _text(proof))


def _check_database(as_json: bool) -> None:
    from matchmaker.operations.checking import checked_chains  # noqa: PLC0415 -- a proof of a file needs no database

    found = []
    for chain in checked_chains():
        if chain.broken is not None:
            raise click.ClickException(f"{chain.name} is broken at {chain.broken}")
        found.append({"name": chain.name, "count": chain.count, "seal": chain.seal})
        if not as_json:
            click.echo(f"{chain.name} holds: {chain.count} entries, last seal {chain.seal}")
    if as_json:
        click.echo(json.dumps({"holds": True, "chains": found}))


def _named(fault: Altered) -> dict[str, Any]:
    return {"member": fault.member, "line": fault.line, "entry": fault.entry, "differs": fault.differs}


def _json(proof: Proof) -> str:
    known: dict[str, Any] = msgspec.to_builtins(proof)
    return json.dumps({"holds": True} | known, ensure_ascii=False)


def _month(month: Restated) -> str:
    """A published month, and whether the ledger of its day still gives every value of it."""
    said = f"{month.month} is as published as of {month.as_of}, digest {month.digest}; "
    if month.is_exact:
        return said + f"the ledger of that day gives it again to the yuan: {month.deals} deals"
    told = f" (first {month.unlike[0]})" if month.unlike else ""
    return said + (
        f"of {month.deals} deals {len(month.unlike)} are told otherwise today{told}: events, duplicates or the "
        "register changed since"
    )


def _text(proof: Proof) -> str:
    """What was proved, a line a claim."""
    lines = [
        f"programme {proof.programme} as of {proof.as_of}, rules {proof.rule_version}: net {yi(proof.net)} 亿元",
        f"audit record holds: {proof.audit.count} entries, last seal {proof.audit.seal}",
        f"ledger holds: {proof.ledger.count} entries, last seal {proof.ledger.seal}",
        f"FACTS.json follows from the ledger: {proof.deals} deals; recounted, it gives result.json",
        f"published months hold: {proof.published.count}, last seal {proof.published.seal}",
        *(_month(each) for each in proof.months),
        f"issued files are as issued: {proof.issued_files}",
        f"manifest {proof.manifest}",
    ]
    return "\n".join(lines)
