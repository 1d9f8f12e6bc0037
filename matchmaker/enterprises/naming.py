"""What an enterprise can be found by."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.text import fold, fold_name, fold_spaced, initials, pinyin

SEPARATOR = "\n"
_MOST_WORDS = 6


def search_text_of(name: str, short_name: str, former_names: Iterable[str], credit_code: str) -> str:
    """One folded text that holds every name, its pinyin and initials, and the code, a line each."""
    names = [each for each in dict.fromkeys((name, short_name, *former_names)) if each]
    spoken = [fold_name(name)]
    if fold(short_name) not in spoken[0]:
        spoken.append(short_name)
    parts = [fold(each) for each in names]
    parts += [bare for bare, full in zip(map(fold_name, names), parts, strict=True) if bare not in full]
    parts += [pinyin(each) for each in spoken]
    parts += [initials(each) for each in spoken]
    return SEPARATOR.join(dict.fromkeys([*parts, credit_code.lower()]))


def search_pattern(text: str) -> str:
    """The LIKE pattern that finds a typed text in a search text; a backslash is its escape."""
    return f"%{_literal(fold(text))}%"


def word_patterns(text: str) -> list[str]:
    """A LIKE pattern for each word a person typed, all of which must be found; a backslash is the escape."""
    return [f"%{_literal(word)}%" for word in fold_spaced(text).split()[:_MOST_WORDS]]


def _literal(folded: str) -> str:
    return folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
