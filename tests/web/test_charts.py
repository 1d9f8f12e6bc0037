"""Where the lines of the charts go, on inputs small enough to check by hand."""

from __future__ import annotations

import re

from matchmaker.web.charts import (
    ChainLink,
    ChainNode,
    Forecast,
    FunnelRow,
    HexCell,
    TargetBar,
    chain_map,
    curve,
    funnel,
    hexmap,
    solve_curve,
    target_bar,
)
from matchmaker.web.charts.drawing import fitted, path, round_step, spread, stairs


def test_a_target_bar_begins_at_zero_and_the_target_is_its_whole_width():
    assert target_bar(71, 100, 75, low=91, high=100, forecast=96) == TargetBar(400, 284, 300, 364, 400, 384)


def test_a_target_bar_makes_room_for_a_forecast_beyond_the_target():
    assert target_bar(80, 100, 50, low=100, high=160, forecast=120) == TargetBar(400, 200, 125, 250, 400, 300)


def test_a_target_bar_without_a_forecast_has_no_whisker():
    assert target_bar(3, 4, None) == TargetBar(400, 300, None, None, None, None)


def test_a_target_bar_of_nothing_at_all_is_empty():
    assert target_bar(0, 0, 0) == TargetBar(400, 0, 0, None, None, None)


def test_money_in_yuan_gives_the_same_bar_as_the_same_money_in_yi():
    assert target_bar(143_296_000_000, 200_000_000_000, 150_000_000_000) == target_bar(1432.96, 2000, 1500)


def test_funnel_bars_share_one_scale_and_unknown_stands_behind_known():
    drawing = funnel([FunnelRow("申报", 690), FunnelRow("确认", 345, 115)])

    first, second = drawing.bars
    assert (first.y, first.width, first.unknown_width, first.text_x) == (8, 690, 0, 850)
    assert (second.y, second.width, second.unknown_x, second.unknown_width, second.text_x) == (60, 345, 495, 115, 620)
    assert (drawing.width, drawing.height) == (1180, 94)


def test_the_longest_funnel_bar_counts_its_unknown_part():
    bars = funnel([FunnelRow("申报", 100), FunnelRow("确认", 60, 140)]).bars

    assert [(bar.width, bar.unknown_width) for bar in bars] == [(345, 0), (207, 483)]


def test_a_funnel_without_figures_draws_empty_bars():
    assert [(bar.width, bar.unknown_width) for bar in funnel([FunnelRow("申报", 0)]).bars] == [(0, 0)]


def test_the_curve_starts_the_year_at_nothing_and_ends_at_the_last_known_month():
    wide = curve([100, 300], [100.0 * month for month in range(1, 13)]).wide

    assert wide.line == "M56.0 356.0L94.7 335.6L133.3 294.8"
    assert wide.dot == (133.3, 294.8)
    assert wide.plan.startswith("M56.0 356.0L94.7 335.6")
    assert wide.plan.endswith("L520.0 111.2")
    assert [line.text for line in wide.grid] == ["0", "500", "1,000", "1,500"]
    assert [name.text for name in wide.months] == ["1", "3", "5", "7", "9", "11"]


def test_a_phone_gets_a_drawing_of_its_own():
    pair = curve([100], [100.0 * month for month in range(1, 13)])

    assert (pair.wide.frame.width, pair.narrow.frame.width) == (640, 360)
    assert [name.text for name in pair.narrow.months] == ["3", "6", "9", "12"]


def test_the_forecast_fan_opens_from_the_last_known_point_and_closes():
    known = [10.0] * 11
    wide = curve(known, [10.0] * 12, forecast=Forecast((8.0,), (10.0,), (12.0,))).wide

    start, top, bottom = re.fullmatch(r"M(\S+ \S+)L(\S+ \S+)L(\S+ \S+)Z", wide.fan).groups()
    assert start == "481.3 152.0"
    assert (top, bottom) == ("520.0 111.2", "520.0 192.8")
    assert wide.expected == "M481.3 152.0L520.0 152.0"


def test_a_finished_year_has_no_forecast_to_draw():
    wide = curve([5.0] * 12, [5.0] * 12, forecast=Forecast((5.0,), (5.0,), (5.0,))).wide

    assert (wide.fan, wide.expected) == ("", "")


def test_labels_that_would_touch_are_kept_apart():
    wide = curve([1.0], [12.0] * 12, forecast=Forecast((11.0,) * 11, (11.9,) * 11, (12.0,) * 11)).wide

    assert (wide.plan_label.y, wide.expected_label.y) == (111.2, 129.2)


def test_the_axis_counts_in_its_unit_and_the_label_may_be_more_exact():
    wide = curve([143_296_000_000], [200_000_000_000] * 12, unit=100_000_000, say=lambda yi: f"{yi:,.2f}").wide

    assert [line.text for line in wide.grid] == ["0", "500", "1,000", "1,500", "2,000"]
    assert wide.dot_text.text == "1,432.96"


def test_a_year_without_months_yet_still_shows_its_plan():
    wide = curve([], [1.0] * 12).wide

    assert (wide.line, wide.dot, wide.dot_text) == ("", None, None)
    assert wide.plan.startswith("M56.0 356.0")


def test_the_solver_curve_holds_each_value_until_the_next():
    drawing = solve_curve([(0, 2400), (20, 2800)], [(0, 3000), (40, 2900)])

    assert drawing.value == "M44.0 118.0H172.0V48.7H300.0V48.7"
    assert drawing.bound == "M44.0 14.0H300.0V31.3H300.0V31.3"
    assert [line.text for line in drawing.grid] == ["2,400", "2,600", "2,800", "3,000"]
    assert (drawing.value_text.text, drawing.bound_text.text) == ("2,800", "2,900")


def test_a_solver_that_has_proved_its_value_is_drawn_too():
    drawing = solve_curve([(0, 7)], [(0, 7)])

    assert drawing.dot == (300, 118)


def test_even_rows_of_hexagons_stand_half_a_column_to_the_right():
    drawing = hexmap([HexCell("b", "荆门", 0, 1, "76.4%", 2), HexCell("a", "十堰", 0, 0, "62.1%", 4)])

    assert [(tile.cell.name, tile.x, tile.name_y) for tile in drawing.tiles] == [("十堰", 97.8, 52), ("荆门", 51, 133)]
    assert drawing.tiles[0].points == "97.8,6.0 142.8,32.0 142.8,84.0 97.8,110.0 52.8,84.0 52.8,32.0"
    assert (drawing.width, drawing.height) == (148.8, 197)


def test_hexagons_are_read_row_by_row_whatever_the_order_given():
    cells = [HexCell(str(index), str(index), index % 3, index // 3, "", 0) for index in (5, 1, 3, 0, 4, 2)]

    assert [tile.cell.code for tile in hexmap(cells).tiles] == ["0", "1", "2", "3", "4", "5"]


def small_chain() -> tuple[list[ChainNode], list[ChainLink]]:
    nodes = [
        ChainNode("lithium", "锂盐", "up"),
        ChainNode("separator", "隔膜", "up", flag="single"),
        ChainNode("cell", "电芯", "mid", flag="gap"),
        ChainNode("car", "新能源汽车", "down"),
        ChainNode("test", "检测", "support"),
    ]
    links = [ChainLink("lithium", "cell"), ChainLink("separator", "cell"), ChainLink("cell", "car")]
    return nodes, [*links, ChainLink("test", "cell"), ChainLink("cell", "nowhere")]


def test_stages_stand_left_to_right_and_what_supports_them_below():
    drawing = chain_map(*small_chain())

    assert [(box.stage, box.x, box.width) for box in drawing.stages] == [
        ("up", 6, 170), ("mid", 196, 170), ("down", 386, 170), ("support", 6, 550),
    ]  # fmt: skip
    places = {box.node.code: (box.x, box.y) for box in drawing.boxes}
    assert places == {
        "lithium": (16, 52), "separator": (16, 116.5), "cell": (206, 84.2), "car": (396, 84.2), "test": (16, 229),
    }  # fmt: skip


def test_links_run_from_the_suppliers_right_side_to_the_buyers_left():
    drawing = chain_map(*small_chain())

    paths = {(drawn.link.supplier, drawn.link.buyer): drawn.path for drawn in drawing.links}
    assert paths["cell", "car"] == "M356 109.2C380 109.2 372 109.2 396 109.2"


def test_only_links_of_the_selected_segment_are_strong_and_drawn_last():
    drawing = chain_map(*small_chain(), selected="lithium")

    assert [(drawn.link.supplier, drawn.is_hot) for drawn in drawing.links] == [
        ("separator", False), ("cell", False), ("lithium", True),
    ]  # fmt: skip
    assert [box.node.code for box in drawing.boxes if box.is_selected] == ["lithium"]


def test_links_of_supporting_segments_are_drawn_only_when_selected():
    nodes, links = small_chain()

    assert "test" not in {drawn.link.supplier for drawn in chain_map(nodes, links).links}
    assert "test" in {drawn.link.supplier for drawn in chain_map(nodes, links, selected="test").links}


def test_an_unknown_selection_selects_nothing():
    assert chain_map(*small_chain(), selected="gone").selected is None


def test_lists_for_phones_put_problems_first():
    nodes, links = small_chain()

    lists = chain_map(
        [ChainNode("salt", "钠盐", "up"), *nodes, ChainNode("foil", "铜箔", "up", flag="gap")], links
    ).lists
    assert [(stage, [node.code for node in members]) for stage, members in lists] == [
        ("up", ["foil", "separator", "salt", "lithium"]), ("mid", ["cell"]), ("down", ["car"]), ("support", ["test"]),
    ]  # fmt: skip


def test_what_feeds_its_own_stage_stands_to_the_left_once_a_stage_is_full():
    nodes = [ChainNode(f"raw{index}", "原料", "up") for index in range(4)]
    nodes += [ChainNode(f"made{index}", "材料", "up") for index in range(3)]
    links = [ChainLink(f"raw{index}", f"made{index}") for index in range(3)]

    columns = {box.node.code: box.x for box in chain_map(nodes, links).boxes}
    assert {columns[f"raw{index}"] for index in range(4)} == {16}
    assert {columns[f"made{index}"] for index in range(3)} == {196}


def test_a_circle_within_a_stage_is_drawn_all_the_same():
    nodes = [ChainNode(code, code, "mid") for code in "abcdefg"]
    links = [ChainLink("a", "b"), ChainLink("b", "a")]

    assert len(chain_map(nodes, links).boxes) == 7


def test_crossing_links_are_untangled_whatever_the_order_of_the_segments():
    nodes = [ChainNode(f"u{index}", "上", "up") for index in range(3)]
    nodes += [ChainNode(f"m{index}", "中", "mid") for index in range(3)]
    links = [ChainLink("u0", "m2"), ChainLink("u1", "m1"), ChainLink("u2", "m0")]

    heights = {box.node.code: box.y for box in chain_map(nodes, links).boxes}
    assert [heights[f"u{index}"] for index in range(3)] == [heights[f"m{2 - index}"] for index in range(3)]


def test_two_segments_of_one_column_are_joined_around_its_right_side():
    nodes = [ChainNode("a", "甲", "up"), ChainNode("b", "乙", "up")]

    (drawn,) = chain_map(nodes, [ChainLink("a", "b")]).links
    assert drawn.path == "M166 77C180 77 180 141.5 166 141.5"


def test_a_long_name_is_cut_where_its_box_ends_and_the_whole_one_is_kept():
    (box,) = chain_map([ChainNode("a", "电动船舶与工程机械及其他", "down")], []).boxes

    assert box.label == "电动船舶与工程…"
    assert box.node.name == "电动船舶与工程机械及其他"


def test_steps_of_an_axis_are_round():
    assert [round_step(span, 4) for span in (0, 3, 8, 10, 71, 2000, 2001)] == [1, 1, 2, 2.5, 20, 500, 1000]


def test_labels_keep_their_order_when_they_are_spread():
    assert spread([50, 10, 12], 18) == [50, 10, 28]


def test_paths_are_written_with_one_decimal():
    assert path([(0, 1), (2.04, 3)], closed=True) == "M0.0 1.0L2.0 3.0Z"
    assert stairs([(0, 1), (2, 3)]) == "M0.0 1.0H2.0V3.0"


def test_latin_letters_take_less_room_than_han_characters():
    assert fitted("模组与PACK", 75, 12) == "模组与PACK"
    assert fitted("模组与配件", 50, 12) == "模组…"
