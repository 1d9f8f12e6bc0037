"""Where the lines of the waiting curve and of the split bar go."""

from __future__ import annotations

from matchmaker.web.charts.waiting import SplitPart, split_bar, waiting_curve


def test_the_curve_begins_at_nothing_and_ends_with_its_share_at_the_longest_wait():
    drawn = waiting_curve([(0, 0.0), (30, 0.25), (60, 0.5)], 100).wide

    assert drawn.line == "M56.0 250.0H207.2V137.0H358.4V24.0H560.0V24.0"
    assert [text.text for text in drawn.days] == ["0", "20", "40", "60", "80", "100"]
    assert [text.text for text in drawn.grid] == ["0%", "10%", "20%", "30%", "40%", "50%"]
    assert (drawn.dot, drawn.dot_text.text) == ((560.0, 24.0), "50.0%")


def test_a_curve_of_nothing_lies_on_its_axis():
    drawn = waiting_curve([(0, 0.0)], 0).narrow

    assert drawn.dot[1] == drawn.frame.bottom
    assert drawn.dot_text.text == "0.0%"


def test_the_parts_of_a_bar_fill_it_in_order_and_parts_of_nothing_are_left_out():
    assert split_bar([("a", 1), ("b", 0), ("c", 3)]) == (SplitPart("a", 0, 250), SplitPart("c", 250, 750))
    assert split_bar([("a", 0)]) == ()
