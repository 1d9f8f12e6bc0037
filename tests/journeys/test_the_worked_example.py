"""The worked example of the counting rules says 5.80 亿元 on the page, through the API and in the offline command."""

from __future__ import annotations

import html
import json
import re

from click.testing import CliRunner

from matchmaker.accounts.models import Role
from matchmaker.deals.cli import count_command
from tests.deals.worked_example import write_worked_example


def test_page_interface_and_command_say_five_point_eight_yi(make, session, sign_in, as_program, tmp_path) -> None:
    write_worked_example(session, make)
    official = make.user(Role.OFFICIAL)
    session.commit()
    browser = sign_in(official)

    page = browser.get("/progress?year=2026&as_of=2026-11-01").get_data(as_text=True)
    answer = as_program(official).get("/api/v1/progress?year=2026&as_of=2026-11-01").json
    facts = tmp_path / "FACTS.json"
    facts.write_bytes(browser.get("/progress/facts.json?year=2026").data)
    counted = CliRunner().invoke(count_command, [str(facts), "--as-of", "2026-11-01", "--json"])

    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    assert "申报口径 13.50 6 − 待对方确认 0.50 1 − 重复 3.00 1" in words
    assert "− 年限折算 4.00 1 − 撤回 0.20 1 净意向额 5.80 3" in words
    assert (answer["declared"]["amount"], answer["net"]["amount"]) == (1_350_000_000, 580_000_000)
    offline = json.loads(counted.stdout)
    assert (offline["gross"], offline["withdrawn"], offline["net"]) == (600_000_000, 20_000_000, 580_000_000)
    assert offline["by_kind"]["investment"] == 4_000_000_000
