"""An address is typed on a phone, confirmed from its letter without signing in, and mailed to only from then on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import matchmaker.enterprises.scopes
import matchmaker.matching.scopes  # noqa: F401 -- who sees what
from matchmaker.accounts.models import User
from matchmaker.app import job_handlers, letter_writers
from matchmaker.enterprises.models import Enterprise, LineChange, LineKind, Need
from matchmaker.jobs import services as jobs
from matchmaker.matching import services
from matchmaker.matching.indexing import rebuild
from matchmaker.matching.models import Frequency
from matchmaker.notices.delivering import deliver_mail
from tests.journeys.conftest import DESKTOP, PHONE, Visit
from tests.notices.postbox import Postbox

pytestmark = pytest.mark.browser
TYPO, ADDRESS = "buyre@example.com", "buyer@example.com"
PUBLIC = "https://match.example.org"


@dataclass(frozen=True, slots=True)
class Market:
    """A buyer who looks out for moulds."""

    buyer: User
    need: Need


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    yield box
    box.close()


@pytest.fixture
def mailing(app, settings, postbox, monkeypatch):
    """The settings of an installation whose mail server is the test's postbox."""
    values = {"smtp_host": "127.0.0.1", "smtp_port": postbox.port, "smtp_tls": "none", "public_url": PUBLIC}
    changed = settings.model_copy(update={**values, "smtp_from": "notice@example.org"})
    monkeypatch.setitem(app.extensions, "settings", changed)
    return changed


@pytest.fixture
def market(session, make) -> Market:
    need = make.need(make.enterprise("十堰试样汽车有限公司", region="420300"), "铝合金压铸模 12 套")
    buyer = make.user(enterprise=need.enterprise)
    services.watch_line(session, line=need, actor=buyer, frequency=Frequency.AT_ONCE)
    session.commit()
    return Market(buyer, need)


@pytest.fixture
def news(session, make, mailing) -> Callable[[Enterprise], None]:
    """Publish a maker's line and have the worker look for news."""

    def publish(firm: Enterprise) -> None:
        line = make.capability(firm, "铝合金压铸模")
        session.add(LineChange(kind=LineKind.CAPABILITY, line_id=line.id))
        session.commit()
        rebuild(session, mailing.data_dir, lambda _done, _total, _message: True)
        session.commit()
        job = services.promise_look(session)
        session.commit()
        jobs.run(session, job.id, job_handlers(mailing))
        session.commit()

    return publish


@pytest.fixture
def arrived(engine, mailing, postbox) -> Callable[[], list[tuple[str, str]]]:
    """Send what is due; whom letters went to since the last time, and their words."""

    def send() -> list[tuple[str, str]]:
        before = len(postbox.letters)
        deliver_mail(engine, server=mailing.mail, writers=letter_writers(mailing), out_of_time=lambda: False)
        return [(each["To"], each.get_body(("plain",)).get_content()) for each in postbox.letters[before:]]

    return send


def link_in(words: str) -> str:
    return re.search(rf"{PUBLIC}(/alerts/mail/confirm/\S+)", words)[1]


def test_mail_goes_to_an_address_once_it_is_confirmed_and_not_before(market, visit, make, news, arrived) -> None:
    news(make.enterprise("襄阳试样模具有限公司"))  # the first look sets the scene
    buyer = visit(market.buyer, PHONE)
    give(buyer, TYPO)
    give(buyer, ADDRESS)
    news(make.enterprise("武汉试样模具有限公司"))

    [(to, words)] = arrived()  # nothing is written to the mistyped address, and no news to anybody
    assert to == ADDRESS
    confirm(visit(viewport=PHONE), link_in(words))

    buyer.open("/alerts")
    expect(buyer.page.locator("#mail")).to_contain_text(f"提醒邮件发到 {ADDRESS}")
    assert buyer.overflow() <= 0
    news(make.enterprise("宜昌试样模具有限公司"))
    [(to, words)] = arrived()
    assert to == ADDRESS
    assert "宜昌试样模具有限公司" in words


def give(buyer: Visit, address: str) -> None:
    """Type an address; the page says that it waits."""
    buyer.open("/alerts")
    buyer.page.get_by_label("收提醒邮件的邮箱").fill(address)
    buyer.page.get_by_role("button", name="保存邮箱").click()
    expect(buyer.page.locator("#mail")).to_contain_text(f"等待确认：{address}")
    assert buyer.overflow() <= 0


def confirm(window: Visit, link: str) -> None:
    """From the letter, without signing in: one button, and afterwards the link still says what it did."""
    window.open(link)
    expect(window.page.locator("main")).to_contain_text("b***@example.com")
    assert window.page.locator("main button").count() == 1
    assert window.overflow() <= 0
    window.page.get_by_role("button", name="确认这个邮箱").click()
    expect(window.page.locator("h1")).to_have_text("邮箱已确认")
    window.open(link)
    expect(window.page.locator("h1")).to_have_text("邮箱已确认")


def test_a_waiting_address_is_given_up_and_its_link_says_so(market, visit, arrived) -> None:
    buyer = visit(market.buyer, DESKTOP)
    give(buyer, ADDRESS)
    [(_to, words)] = arrived()
    expect(buyer.page.locator("#mail").get_by_role("button", name="再发一次")).to_be_visible()
    buyer.page.locator("#mail").get_by_role("button", name="取消").click()
    expect(buyer.page.locator("main")).to_contain_text("已取消，提醒只出现在站内通知里。")
    expect(buyer.page.get_by_label("收提醒邮件的邮箱")).to_have_value("")

    answer = buyer.page.request.get(f"{buyer.address}{link_in(words)}")
    assert answer.status == 410
    assert "这个链接已经作废" in answer.text()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_of_an_address_are_usable_by_everybody(market, visit, arrived, viewport) -> None:
    buyer, reader = visit(market.buyer, viewport), visit(viewport=viewport)
    give(buyer, ADDRESS)
    [(_to, words)] = arrived()
    reader.open(link_in(words))

    for window in (buyer, reader):
        assert Axe().run(window.page).response["violations"] == []
        assert window.overflow() <= 0
