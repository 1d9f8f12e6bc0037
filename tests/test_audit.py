"""The hash chain names the first entry that was touched."""

import pytest

from matchmaker.audit import GENESIS, Link, first_break, seal


def chain(count: int) -> list[Link]:
    links, previous = [], GENESIS
    for number in range(count):
        content = {"number": number, "said": "意向"}
        previous = seal(previous, content)
        links.append(Link(str(number), content, previous))
    return links


def test_an_untouched_chain_holds() -> None:
    links = chain(5)

    assert first_break(links, head=links[-1].seal) is None


def test_an_edited_entry_is_named() -> None:
    links = chain(5)
    links[2] = Link("2", {"number": 2, "said": "合同"}, links[2].seal)

    assert first_break(links) == "2"


@pytest.mark.parametrize(("change", "named"), [(lambda x: x.pop(1), "2"), (lambda x: x.reverse(), "4")])
def test_a_removed_or_reordered_entry_is_named(change, named) -> None:
    links = chain(5)
    change(links)

    assert first_break(links) == named


def test_a_chain_cut_short_is_seen_from_its_head() -> None:
    links = chain(5)

    assert first_break(links[:-1], head=links[-1].seal) == "after 3"
