"""Load a product graph as learned knowledge, see which is in use, take it out again, from a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from matchmaker.matching.indexing import current_edition
from matchmaker.matching.product_graph import LoadedGraph, UnreadableGraph, graph_in_use, load_graph, remove_graph
from matchmaker.settings import Settings

_KINDS = {"up": "made from", "down": "becomes", "sub": "kind of"}
_NEXT = "run `matchmaker reindex` to build the index {how}"


class NoGraph(click.ClickException):
    """One clear line on standard error and exit status 2."""

    exit_code = 2


@click.group("graph")
def graph_group() -> None:
    """Knowledge of which product is made from which, beside the chains."""


@graph_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was loaded as JSON.")
def load_command(file: Path, as_json: bool) -> None:
    """Take FILE, JSON or gzipped JSON of [product, other, "up" | "down" | "sub"], into use from the next index on.

    up: the product is made from the other; down: it becomes the other; sub: the other is a kind of it.
    """
    try:
        loaded = load_graph(Settings().data_dir, file)
    except UnreadableGraph as problem:
        raise NoGraph(str(problem)) from None
    _say(loaded, as_json=as_json, more=_NEXT.format(how="with it"))


@graph_group.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show_command(as_json: bool) -> None:
    """Which graph is in use, and whether the current index knows it."""
    settings = Settings()
    loaded, edition = graph_in_use(settings.data_dir), current_edition(settings.data_dir)
    if loaded is None:
        raise NoGraph("no product graph is loaded")
    is_indexed = edition is not None and edition.graph == loaded.version
    more = "the current index was built with it" if is_indexed else _NEXT.format(how="with it")
    _say(loaded, as_json=as_json, more=more)


@graph_group.command("remove")
def remove_command() -> None:
    """Have the next index built from the chains alone."""
    removed = remove_graph(Settings().data_dir)
    if removed is None:
        raise NoGraph("no product graph is loaded")
    click.echo(f"graph {removed.version} is no longer in use; {_NEXT.format(how='without it')}")


def _say(loaded: LoadedGraph, *, as_json: bool, more: str) -> None:
    if as_json:
        click.echo(json.dumps(asdict(loaded), ensure_ascii=False))
        return
    counted = ", ".join(f"{count:,} {_KINDS[kind]}" for kind, count in loaded.kinds.items())
    click.echo(f"graph {loaded.version} from {loaded.file_name}, loaded {loaded.loaded_at[:16]}: {counted}; {more}")
