"""The macros every page is made of, and what holds for all templates and styles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, Form, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from matchmaker import money
from matchmaker.matching.engine.values import Part, PartScore
from matchmaker.web import charts, formats
from matchmaker.web.forms import WanField
from matchmaker.web.pagination import Page

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
Render = Callable[..., str]


def address(endpoint: str, **parts: Any) -> str:
    """What Flask's url_for does, in order and without quoting."""
    given = [(name, value[0] if isinstance(value, list) else value) for name, value in parts.items()]
    return f"/{endpoint}?" + "&".join(f"{name}={value}" for name, value in given if value is not None)


def environment() -> jinja2.Environment:
    """Templates as the application sees them, without the application."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    arguments = SimpleNamespace(to_dict=lambda **_flat: {"q": ["压铸"], "page": ["2"]})
    env.globals.update(
        csrf_token=lambda: "token", form_key=lambda: "key-12345678", static_url=lambda name: f"/static/{name}",
        get_flashed_messages=lambda **_categories: [],
        request=SimpleNamespace(endpoint="list", args=arguments, view_args={}, method="GET", full_path="/list?q=1"),
        url_for=address,
    )  # fmt: skip
    env.filters.update(
        count=formats.count, percent=formats.percent, points=formats.points, moment=lambda at: at, wan=money.wan,
        words=money.words, yi=money.yi, money_line=money.money_line,
    )  # fmt: skip
    return env


@pytest.fixture
def render() -> Render:
    """Render a template given as text, without the blanks between tags."""
    env = environment()

    def rendered(source: str, **values: Any) -> str:
        return re.sub(r"\s*\n\s*", "", env.from_string(source).render(**values))

    return rendered


PARTS = (
    PartScore(Part.SEGMENT, 2800, 3000, "汽车 › 铸造", "同一环节"),
    PartScore(Part.WORDING, 2225, 2500, "铝合金变速箱壳体压铸模", "铝合金压铸模设计", ("铝合金", "压铸模")),
    PartScore(Part.CERTIFICATE, 0, 0),
)


def test_the_parts_of_a_score_are_shown_with_their_maximum_and_their_sum(render: Render):
    page = render('{% import "macros/suggestions.html" as s %}{{ s.parts_table(parts) }}', parts=PARTS)

    points = re.findall(r"<b>([\d.]+)</b><span class=\"dim\"> / ([\d.]+)</span>", page)
    total = re.search(r'<tfoot>.*<td class="pt">([\d.]+)<span class="dim"> / ([\d.]+)</span>', page)
    assert points == [("28", "30"), ("22.25", "25")]
    assert total is not None
    assert total.groups() == ("50.25", "55")


def test_a_part_nobody_could_compare_is_named_and_not_scored(render: Render):
    page = render('{% import "macros/suggestions.html" as s %}{{ s.parts_table(parts) }}', parts=PARTS)

    assert page.count("资质") == 1
    assert "双方未填，未参与比较：资质" in page


def test_the_words_that_matched_are_marked_in_both_texts(render: Render):
    marked = render(
        '{% import "macros/suggestions.html" as s %}{{ s.marked(text, words) }}',
        text="IATF<铝合金>压铸模", words=["iatf", "压铸", "压铸模", "没有"],
    )  # fmt: skip

    assert marked == "<mark>IATF</mark>&lt;铝合金&gt;<mark>压铸模</mark>"


def test_the_bar_of_a_score_ends_where_its_points_end(render: Render):
    bar = render('{% import "macros/suggestions.html" as s %}{{ s.score_bar(parts, 5025, 10000) }}', parts=PARTS)

    assert re.findall(r'x="(\d+)" y="0" width="(\d+)"', bar) == [("0", "2750"), ("2800", "2175")]
    assert 'aria-label="匹配分 50.25，由 2 项相加"' in bar


class NeedForm(Form):  # type: ignore[misc]
    name = StringField("统一社会信用代码", [InputRequired("请填写。"), Length(max=18)])
    kind = SelectField("类型", [InputRequired()], choices=[SelectChoice("purchase", "采购")])
    seen_by = RadioField(
        "可见范围",
        [InputRequired("请选择。")],
        choices=[SelectChoice("public", "公开"), SelectChoice("matched", "仅匹配方")],
    )
    is_taxed = BooleanField("含税")
    amount = WanField("金额")
    file = FileField("附件")


def test_a_field_is_wired_to_its_hint_and_its_error(render: Render):
    form = NeedForm(MultiDict({"kind": "purchase", "seen_by": "public"}))
    form.validate()

    field = render('{% import "macros/forms.html" as f %}{{ f.field(form.name, hint="18 位") }}', form=form)
    assert 'aria-describedby="name-hint name-error"' in field
    assert 'aria-invalid="true"' in field
    assert '<p class="field__hint" id="name-hint">18 位</p>' in field
    assert '<p class="field__error" id="name-error">' in field
    assert "<span>请填写。</span>" in field


def test_a_group_of_choices_is_named_as_a_group(render: Render):
    group = render('{% import "macros/forms.html" as f %}{{ f.field(form.seen_by) }}', form=NeedForm())

    assert '<div class="field" role="group" aria-labelledby="seen_by-label">' in group
    assert group.count('type="radio"') == 2


def test_only_what_may_be_left_out_is_said_to_be_optional(render: Render):
    source = '{% import "macros/forms.html" as f %}{{ f.field(form.name) }}|{{ f.field(form.file) }}'

    name, file = render(source, form=NeedForm()).split("|")
    assert "选填" not in name
    assert "选填" in file


def test_the_summary_of_errors_leads_to_each_field_and_to_the_first_choice_of_a_group(render: Render):
    form = NeedForm(MultiDict({"kind": "purchase"}))
    form.validate()

    summary = render('{% import "macros/forms.html" as f %}{{ f.error_summary(form) }}', form=form)
    assert "有 2 处需要修改，内容尚未保存。" in summary
    assert re.findall(r'<a href="(.*?)">(.*?)</a>', summary) == [
        ("#name", "统一社会信用代码：请填写。"), ("#seen_by-0", "可见范围：请选择。"),
    ]  # fmt: skip


def test_a_form_without_errors_has_no_summary(render: Render):
    assert render('{% import "macros/forms.html" as f %}{{ f.error_summary(form) }}', form=NeedForm()) == ""


def test_an_amount_already_known_is_spelled_by_the_server(render: Render):
    field = render(
        '{% import "macros/forms.html" as f %}{{ f.amount_field(form.amount) }}', form=NeedForm(amount=30_000_000)
    )

    assert 'value="3000"' in field
    assert "<b>三千万元整</b>3,000 万元 = 0.30 亿元 = 30,000,000 元</output>" in field


def test_every_post_button_carries_the_token_and_the_key(render: Render):
    button = render(
        '{% import "macros/forms.html" as f %}{{ f.post_button("/x", "撤回", "no", fields={"note": "<b>"}) }}'
    )

    assert re.findall(r'name="(\w+)" value="(.*?)"', button) == [
        ("csrf_token", "token"), ("form_key", "key-12345678"), ("note", "&lt;b&gt;"),
    ]  # fmt: skip
    assert '<button class="btn btn-no" type="submit">撤回</button>' in button


def test_a_sortable_head_turns_its_order_around_and_drops_the_page(render: Render):
    source = """{% import "macros/tables.html" as t %}
        {{- t.heading({"label": "营收", "sort": "revenue", "num": true}, sorted_by) }}"""

    assert 'href="/list?q=压铸&amp;sort=revenue"' in render(source, sorted_by="name")
    upward = render(source, sorted_by="revenue")
    assert 'href="/list?q=压铸&amp;sort=-revenue"' in upward
    assert 'aria-sort="ascending"' in upward
    assert 'aria-sort="descending"' in render(source, sorted_by="-revenue")


def test_the_pager_keeps_the_filters_and_says_where_one_is(render: Render):
    pager = render('{% import "macros/tables.html" as t %}{{ t.pager(page, "家") }}', page=Page([1] * 20, 2, 20, 100))

    assert "第 21—40，共 100 家" in pager
    assert re.findall(r'href="(.*?)"', pager)[0] == "/list?q=压铸&amp;page=1"
    assert '<span class="p" aria-current="page">2</span>' in pager


def test_an_empty_list_has_a_pager_without_pages(render: Render):
    pager = render('{% import "macros/tables.html" as t %}{{ t.pager(page, "家") }}', page=Page([], 1, 20, 0))

    assert "共 0 家" in pager
    assert "href" not in pager


def test_a_ratio_below_eight_shows_only_its_counts(render: Render):
    source = '{% import "macros/tables.html" as t %}{{ t.ratio(1, 11, 0) }}|{{ t.ratio(1, 7) }}|{{ t.ratio(4, 8) }}'

    assert render(source).split("|") == ["9.1%（1 / 11），缺 0", "1 / 7", "50.0%（4 / 8）"]


def test_figures_say_as_of_when_by_which_rule_in_which_unit(render: Render):
    foot = render('{% import "macros/tables.html" as t %}{{ t.figures_foot("2024-09-30 24:00", 1, "亿元") }}')

    assert re.findall(r"<span>(.*?)</span>", foot) == [
        "截至 2024-09-30 24:00", "口径第 1 版", "单位：亿元", "部门工作统计",
    ]  # fmt: skip


def states_of_the_models() -> list[tuple[str, Any]]:
    from matchmaker.deals.models import Assurance, DealStage
    from matchmaker.enterprises.models import CapabilityState, EnterpriseState, NeedState
    from matchmaker.events.models import EventState, RegistrationState
    from matchmaker.imports.models import ImportState
    from matchmaker.jobs.models import JobState
    from matchmaker.meetings.models import MeetingOutcome, MeetingState, RequestState, TimetableState
    from matchmaker.programmes.models import PeriodState

    of = {
        "assurance": Assurance, "deal": DealStage, "capability": CapabilityState, "enterprise": EnterpriseState,
        "need": NeedState, "event": EventState, "registration": RegistrationState, "import": ImportState,
        "job": JobState, "outcome": MeetingOutcome, "meeting": MeetingState, "request": RequestState,
        "timetable": TimetableState, "period": PeriodState,
    }  # fmt: skip
    return [(name, member) for name, members in of.items() for member in members]


def test_every_state_a_row_can_have_is_shown_by_a_word(render: Render):
    source = '{% import "macros/tags.html" as t %}{{ t.state(of, value) }}'
    shown = {
        (of, member): re.sub(r"<.*?>", "", render(source, of=of, value=member)) for of, member in states_of_the_models()
    }

    assert {key for key, word in shown.items() if word == key[1].value} == set()
    assert len(shown) > 80


def test_a_flash_with_an_undo_offers_to_take_it_back():
    env = environment()
    env.globals["get_flashed_messages"] = lambda **_categories: [
        ("undo:/needs/1/undo", "已发布。"),
        ("danger", "没有保存。"),
    ]

    page = env.from_string('{% import "macros/shell.html" as s %}{{ s.flashes() }}').render()
    assert '<form method="post" action="/needs/1/undo">' in page
    assert page.count('role="alert"') == 1
    assert page.count("撤销") == 1


def test_the_bottom_bar_of_a_phone_has_at_most_five_items(render: Render):
    items = [SimpleNamespace(url=f"/{at}", label=str(at), icon="home", current=at == 1, count=at) for at in range(7)]
    bar = render('{% import "macros/shell.html" as s %}{{ s.bottom(items) }}', items=items)

    assert re.findall(r'<a href="(.*?)"', bar) == ["/0", "/1", "/2", "/3", "/4"]
    assert bar.count('aria-current="page"') == 1
    assert re.findall(r'<span class="cnt">(\d+)</span>', bar) == ["1", "2", "3", "4"]


def test_running_work_asks_for_itself_and_finished_work_does_not(render: Render):
    source = """{% from "macros/progress_job.html" import progress_job %}
        {{- progress_job("j", "导入", 40, 100, running, "/jobs/j", "行", 14) }}"""

    running = render(source, running=True)
    assert 'hx-get="/jobs/j" hx-trigger="every 1s" hx-swap="outerHTML"' in running
    assert 'max="100" value="40"' in running
    assert "约剩 14 秒。" in running
    assert "hx-" not in render(source, running=False)


def test_a_hexagon_says_name_value_and_band_and_leads_to_its_place(render: Render):
    drawing = charts.hexmap([charts.HexCell("420300", "十堰", 0, 0, "62.1%", 4, "/regions/shiyan")])
    drawn = render('{% import "macros/charts.html" as c %}{{ c.hexmap(drawing, "五色图") }}', drawing=drawing)

    assert '<a href="/regions/shiyan" aria-label="十堰 62.1% 橙">' in drawn
    assert 'fill="url(#p4)"' in drawn
    assert "六边形示意图，不是地图，不表示行政区划界线。" in drawn


def test_a_place_without_a_target_has_no_band(render: Render):
    drawing = charts.hexmap([charts.HexCell("429021", "神农架", 0, 0, "未下达", 0)])
    drawn = render('{% import "macros/charts.html" as c %}{{ c.hexmap(drawing, "五色图") }}', drawing=drawing)

    assert 'class="hex0"' in drawn
    assert "fill=" not in drawn


def test_a_chain_map_names_its_problems_in_words(render: Render):
    drawing = charts.chain_map([charts.ChainNode("a", "隔膜", "up", "1 家", "single", "/a")], [], selected="a")
    drawn = render('{% import "macros/charts.html" as c %}{{ c.chain_map(drawing, "电池") }}', drawing=drawing)

    assert "<title>隔膜，单一来源</title>" in drawn
    assert 'class="nd single sel" aria-current="true"' in drawn


def test_a_free_slot_and_a_break_stay_readable_without_colour(render: Render):
    columns = [SimpleNamespace(label="1 号桌", sub="楚风")]
    cell = SimpleNamespace(title="恒昌模具", sub="压铸模", url="/m", marks="pin")
    rows = [
        SimpleNamespace(time="09:40", cells=[cell]), SimpleNamespace(time="10:00", cells=[None]),
        SimpleNamespace(time="11:40", cells=None, note="午间"),
    ]  # fmt: skip
    board = render(
        '{% import "macros/timetable.html" as t %}{{ t.board(columns, rows, "排期") }}', columns=columns, rows=rows
    )

    assert '<span class="vh"><span class="tag">已锁定</span></span>' in board
    assert '<span class="mt free"><b class="vh">空</b></span>' in board
    assert '<td colspan="1">午间</td>' in board


def test_an_event_card_shows_its_day_large(render: Render):
    card = render(
        '{% import "macros/events.html" as e %}{{ e.card("/e", "专场", day, ["十堰"]) }}', day=date(2024, 3, 20)
    )

    assert '<div class="dt"><b>20</b><span>3 月</span></div>' in card


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_each_failure_says_what_happened_and_what_to_do_with_its_number(status: int):
    env = environment()
    page = env.get_template(f"errors/{status}.html").render(
        request_id="5F2C-91AD", moment="2024-09-30 14:06", demo=False
    )

    said = [re.sub(r"<.*?>", "", text).strip() for text in re.findall(r"<(?:h1|p)[ >].*?</(?:h1|p)>", page, re.DOTALL)]
    assert [len(text) > 3 for text in said] == [True] * 4
    assert said[3] == "编号：5F2C-91AD\u3000时间：2024-09-30 14:06"


def test_the_words_of_a_refusal_take_the_place_of_the_general_ones():
    page = environment().get_template("errors/403.html").render(message="您的权限范围是十堰市。")

    assert "您的权限范围是十堰市。" in page
    assert "它不在您的权限范围内" not in page


def test_a_stale_page_says_who_changed_what_and_keeps_what_was_typed():
    page = (
        environment()
        .get_template("errors/stale.html")
        .render(
            who="王敏",
            changed_at="14:02",
            changes=[("余量", "18 套", "12 套")],
            kept=[("余量", "16 套")],
            open_url="/n/1",
            url="/n/1/edit",
        )
    )

    assert "把“余量”由 18 套 改为 12 套" in page
    assert "<dd>16 套</dd>" in page
    assert 'action="/n/1/edit"' in page


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_holds_a_style_a_script_or_a_handler(template: Path):
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(r"\sstyle\s*=|<style\b|\s(?:hx-)?on[a-z:-]+\s*=\s*[\"']|javascript:|\"js:", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_icon_and_file_a_template_names_exists(template: Path):
    text = template.read_text(encoding="utf-8")
    icons = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))

    assert set(re.findall(r'\bicon\("([\w-]+)"|icon_name="([\w-]+)"', text)) <= {(name, "") for name in icons} | {
        ("", name) for name in icons
    }
    files = re.findall(r'static_url\("([^"]+)"\)', text)
    assert [name for name in files if not (ROOT / "static" / name).is_file()] == []


@pytest.mark.parametrize("template", sorted((ROOT / "templates/macros").glob("*.html")), ids=lambda path: path.stem)
def test_every_macro_is_explained_by_a_comment_before_it(template: Path):
    text = template.read_text(encoding="utf-8")
    explained = re.findall(r"#\}\n(?:\{% macro \w+.*?\{%-? endmacro %\}\n)*?\{% macro (\w+)", text, re.DOTALL)

    assert set(re.findall(r"\{% macro (\w+)", text)) - set(explained) <= {"lacking", "flag"}


def test_only_the_token_file_holds_colours():
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgba?\(")
    others = [sheet for sheet in SHEETS if sheet.name != "tokens.css"]

    assert {sheet.name: colour.findall(sheet.read_text(encoding="utf-8")) for sheet in others} == {
        sheet.name: [] for sheet in others
    }


def test_the_copies_of_the_dark_and_the_light_tokens_agree():
    text = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    blocks = [re.sub(r"\s+", " ", block) for block in re.findall(r"\{([^{}]*color-scheme: \w+;)\s*\}", text)]
    light, dark, auto, paper = blocks

    assert auto == dark
    assert paper == light


def test_every_token_a_sheet_reads_is_defined():
    tokens = set(re.findall(r"(--[\w-]+):", (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")))
    read = {name for sheet in SHEETS for name in re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8"))}

    assert {name for name in read if not name.startswith("--bs-")} - tokens == set()
