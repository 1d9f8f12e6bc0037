from __future__ import annotations

import html
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from matchmaker.accounts.models import AuditEntry, MailConfirmation, Role
from matchmaker.db import utcnow
from matchmaker.enterprises.models import CapabilityState
from matchmaker.matching import services
from matchmaker.matching.models import Frequency, StopLink, Watch, WatchFind, WatchKind, WatchSides
from matchmaker.notices.models import OutboxMessage
from matchmaker.notices.services import tell


def page(answer):
    return html.unescape(answer.get_data(as_text=True))


@pytest.fixture
def user(make, market):
    return make.user(enterprise=market.buyer)


@pytest.fixture
def buyer(user, sign_in):
    return sign_in(user)


@pytest.fixture
def watch(session, user, market):
    """A running watch of the buyer's need."""
    watch = services.watch_line(session, line=market.need, actor=user)
    session.commit()
    return watch


@pytest.fixture
def stranger(make, market, sign_in):
    return sign_in(make.user(enterprise=market.rival))


def reread(session, row):
    """The row as the application left it; the reading ends at once, for it would hold up the next request."""
    session.rollback()
    found = session.get_one(type(row), row.id, populate_existing=True)
    session.commit()
    return found


def only(session, model):
    found = session.scalars(select(model)).one()
    session.commit()
    return found


def test_a_search_is_saved_in_one_tap_and_the_page_then_says_so(buyer, session, publish):
    publish()
    assert "保存这个搜索" in page(buyer.get("/search?q=压铸模"))

    answer = buyer.post("/alerts", data={"text": "压铸模", "sides": "supply"})

    assert answer.status_code == 302
    shown = page(buyer.get(answer.location))
    assert "已保存。有新的匹配时每天 8 点提醒。" in shown
    assert "保存这个搜索" not in shown
    assert "管理提醒" in shown
    saved = session.scalars(select(Watch)).one()
    assert (saved.text, saved.sides, saved.frequency) == ("压铸模", WatchSides.SUPPLY, Frequency.DAILY)


def test_a_search_saved_twice_is_one_and_one_saved_again_starts_again(buyer, session, publish):
    for _ in range(2):
        buyer.post("/alerts", data={"text": "压铸模", "sides": "both"})
    watch = only(session, Watch)
    buyer.post(f"/alerts/{watch.public_id}/stop")
    buyer.post("/alerts", data={"text": "压铸模", "sides": "both"})

    assert reread(session, watch).stopped_at is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"text": "", "sides": "both"}, "请先输入要找的内容"),
        ({"text": " ", "sides": "both"}, "请先输入要找的内容"),
        ({"text": "x" * 101, "sides": "both"}, "最多 100 个字。"),
        ({"text": "压铸模", "sides": "top"}, "没有这个选项。"),
    ],
)
def test_a_search_that_cannot_be_kept_is_refused_with_the_reason(buyer, session, data, reason):
    answer = buyer.post("/alerts", data=data)

    assert answer.status_code == 422
    assert reason in page(answer)
    assert session.scalars(select(Watch)).all() == []


def test_only_so_many_searches_are_kept(buyer, session, user, monkeypatch):
    monkeypatch.setattr(services.alerting, "MOST_SEARCHES", 1)
    buyer.post("/alerts", data={"text": "压铸模", "sides": "both"})

    answer = buyer.post("/alerts", data={"text": "螺栓", "sides": "both"})

    assert answer.status_code == 422
    assert "已保存 1 个搜索" in page(answer)


def test_a_page_without_watches_says_how_to_make_the_first(buyer):
    shown = page(buyer.get("/alerts"))

    assert "还没有关注任何内容" in shown
    assert "贵公司已发布的需求和能力会自动加入。" in shown
    assert "本平台尚未设置邮件服务" in shown


def test_the_page_lists_what_is_watched_with_its_last_match(buyer, session, market, watch, make):
    now = utcnow()
    watch.looked_at = watch.told_at = now
    line = {"enterprise_id": market.maker.id, "line_number": 2 * market.mould.id, "score": 9_000}
    session.add(WatchFind(watch_id=watch.id, key="firm:1", told_at=now, **line))
    session.commit()

    shown = page(buyer.get("/alerts"))
    assert "铝合金压铸模 12 套" in shown
    assert f"：{market.maker.name}" in shown

    market.mould.state = CapabilityState.WITHDRAWN
    session.commit()
    assert market.maker.name not in page(buyer.get("/alerts"))


def test_how_often_is_changed_by_one_button(buyer, session, watch):
    answer = buyer.post(f"/alerts/{watch.public_id}/frequency", data={"frequency": "weekly"})

    assert answer.location == "/alerts"
    assert reread(session, watch).frequency is Frequency.WEEKLY
    assert 'value="weekly" aria-pressed="true"' in page(buyer.get("/alerts"))
    assert buyer.post(f"/alerts/{watch.public_id}/frequency", data={"frequency": "hourly"}).status_code == 422


def test_stopping_offers_its_undoing(buyer, session, watch):
    answer = buyer.post(f"/alerts/{watch.public_id}/stop")

    assert reread(session, watch).stopped_at is not None
    assert f'action="/alerts/{watch.public_id}/restart"' in page(buyer.get(answer.location))

    buyer.post(f"/alerts/{watch.public_id}/restart")
    assert reread(session, watch).stopped_at is None


def test_what_somebody_watches_is_nobody_elses_to_see_or_stop(buyer, stranger, session, market, watch, make, sign_in):
    services.save_search(session, text="绝密新品", sides=WatchSides.BOTH, actor=watch.membership.user)
    session.commit()
    secret = session.scalars(select(Watch).where(Watch.kind == WatchKind.TEXT)).one()
    session.commit()
    colleague, official = sign_in(make.user(enterprise=market.buyer)), sign_in(make.user(Role.OFFICIAL))
    assert "绝密新品" in page(buyer.get("/alerts"))

    for other in (stranger, colleague, official):
        assert "绝密新品" not in page(other.get("/alerts"))
        assert other.get(f"/alerts/{secret.public_id}/stop").status_code == 404
        assert other.post(f"/alerts/{secret.public_id}/stop").status_code == 404
        assert other.post(f"/alerts/{secret.public_id}/restart").status_code == 404
        assert other.post(f"/alerts/{secret.public_id}/frequency", data={"frequency": "weekly"}).status_code == 404
    assert reread(session, secret).stopped_at is None


def test_a_need_is_watched_until_its_firm_says_otherwise(buyer, session, market, publish):
    publish()
    address = f"/suggestions?need={market.need.public_id}"
    assert "有新匹配时提醒：开" in page(buyer.get(address))

    answer = buyer.post(f"/alerts/needs/{market.need.public_id}", data={"watch": "off"})

    assert answer.location == address
    assert "有新匹配时提醒：关" in page(buyer.get(address))
    watch = only(session, Watch)
    assert watch.stopped_at is not None
    buyer.post(f"/alerts/needs/{market.need.public_id}", data={"watch": "on"})
    assert reread(session, watch).stopped_at is None


def test_a_capability_is_switched_too(make, market, session, sign_in, publish):
    publish()
    maker = sign_in(make.user(enterprise=market.maker))

    maker.post(f"/alerts/capabilities/{market.mould.public_id}", data={"watch": "off"})

    assert "有新匹配时提醒：关" in page(maker.get(f"/suggestions?capability={market.mould.public_id}"))


def test_nobody_watches_the_line_of_another_firm(stranger, session, market):
    assert stranger.post(f"/alerts/needs/{market.need.public_id}", data={"watch": "on"}).status_code == 404
    assert stranger.post(f"/alerts/capabilities/{market.mould.public_id}", data={"watch": "on"}).status_code == 404
    assert session.scalars(select(Watch)).all() == []


def test_a_notice_of_news_carries_the_way_out_and_opening_it_changes_nothing(buyer, session, user, watch):
    tell(session, title="有新的供方", path="/suggestions", stop_path=f"/alerts/{watch.public_id}/stop", user_id=user.id)
    session.commit()
    assert f'href="/alerts/{watch.public_id}/stop"' in page(buyer.get("/notices"))

    answer = buyer.get(f"/alerts/{watch.public_id}/stop")

    assert "停止提醒“铝合金压铸模 12 套”？" in page(answer)
    assert reread(session, watch).stopped_at is None


# Mail


def test_without_a_mail_server_an_address_is_not_asked_for(buyer):
    assert 'name="address"' not in page(buyer.get("/alerts"))


@pytest.fixture
def mailing(app, settings, monkeypatch):
    """The application of an installation with a mail server."""
    values = {"smtp_host": "127.0.0.1", "smtp_from": "notice@example.org", "public_url": "https://match.example.org"}
    monkeypatch.setitem(app.extensions, "settings", settings.model_copy(update=values))


def test_an_address_waits_until_it_is_confirmed_and_nobody_writes_it_down(buyer, session, user, mailing):
    answer = buyer.post("/alerts/mail", data={"address": "buyer@example.com"})

    assert answer.location == "/alerts"
    shown = page(buyer.get("/alerts"))
    assert 'value="buyer@example.com"' in shown
    assert "确认邮件已发出，点开信里的链接确认以后才会收到提醒。" in shown
    assert "等待确认：buyer@example.com" in shown
    assert (reread(session, user).email, user.email_asked) == (None, "buyer@example.com")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "ask to confirm mail address")).one()
    session.commit()
    assert entry.detail == {}

    buyer.post("/alerts/mail", data={"address": ""})
    assert (reread(session, user).email, user.email_asked) == (None, None)
    assert "等待确认" not in page(buyer.get("/alerts"))


def test_a_confirmed_address_is_shown_as_such_and_kept_while_another_waits(buyer, session, user, mailing):
    user.email = "former@example.com"
    session.commit()
    shown = page(buyer.get("/alerts"))
    assert "提醒邮件发到 former@example.com" in shown
    assert 'value="former@example.com"' in shown

    buyer.post("/alerts/mail", data={"address": "buyer@example.com"})

    shown = page(buyer.get("/alerts"))
    assert "等待确认：buyer@example.com" in shown
    assert "现在的提醒仍发到 former@example.com。" in shown
    assert reread(session, user).email == "former@example.com"


def test_a_waiting_address_is_given_up_by_one_button(buyer, session, user, mailing):
    user.email = "former@example.com"
    session.commit()
    buyer.post("/alerts/mail", data={"address": "buyer@example.com"})

    answer = buyer.post("/alerts/mail/cancel")

    assert "已取消，提醒仍发到原来的邮箱。" in page(buyer.get(answer.location))
    assert (reread(session, user).email, user.email_asked) == ("former@example.com", None)


def test_the_letter_is_sent_again_only_after_a_pause_and_the_page_says_when(buyer, session, user, mailing):
    buyer.post("/alerts/mail", data={"address": "buyer@example.com"})

    early = buyer.post("/alerts/mail/again")
    session.execute(update(MailConfirmation).values(asked_at=utcnow() - timedelta(minutes=11)))
    session.commit()
    later = buyer.post("/alerts/mail/again")

    assert early.status_code == 429
    assert "每 10 分钟最多一封" in page(early)
    assert later.location == "/alerts"
    assert "确认邮件已再发一次" in page(buyer.get("/alerts"))
    assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_a_button_pressed_twice_sends_one_letter(buyer, session, mailing):
    key = {"Idempotency-Key": "the-key-of-this-form"}
    answers = [buyer.post("/alerts/mail", data={"address": "buyer@example.com"}, headers=key) for _time in range(2)]

    assert [answer.location for answer in answers] == ["/alerts", "/alerts"]
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_a_link_that_ran_out_unused_is_told_on_the_page(buyer, session, mailing):
    buyer.post("/alerts/mail", data={"address": "buyer@example.com"})
    session.execute(update(MailConfirmation).values(expires_at=utcnow() - timedelta(seconds=1)))
    session.commit()

    shown = page(buyer.get("/alerts"))
    assert "buyer@example.com 的确认链接已过期" in shown
    assert 'action="/alerts/mail/again"' in shown


def test_nobody_else_sees_which_address_waits(buyer, stranger, session, mailing):
    buyer.post("/alerts/mail", data={"address": "buyer@example.com"})

    assert "buyer@example.com" not in page(stranger.get("/alerts"))
    assert stranger.post("/alerts/mail/again").status_code == 409


def test_without_a_mail_server_an_address_sent_all_the_same_is_refused(buyer, session, user):
    answer = buyer.post("/alerts/mail", data={"address": "buyer@example.com"})

    assert answer.status_code == 422
    assert "本平台尚未设置邮件服务，暂时不能填写邮箱" in page(answer)
    assert reread(session, user).email_asked is None


@pytest.mark.parametrize(
    "address", ["buyer", "a@b", "a b@example.com", "a@example.com\r\nBcc: x@y.zz", "a@x.com,b@x.com"]
)
def test_what_is_no_address_is_refused_and_kept_in_the_box(buyer, session, user, mailing, address):
    answer = buyer.post("/alerts/mail", data={"address": address})

    assert answer.status_code == 422
    assert "这不像一个邮箱地址" in page(answer)
    assert (reread(session, user).email, user.email_asked) == (None, None)


# The way out of a letter


@pytest.fixture
def open_link(session, settings, user):
    def make_link(watch):
        token = services.open_stop_link(
            session, membership_id=user.memberships[0].id, watch=watch, secret=settings.secret
        )
        session.commit()
        return f"/alerts/out/{token}"

    return make_link


def test_opening_a_stop_link_changes_nothing_for_mail_scanners_open_all_links(client, session, watch, open_link):
    answer = client.get(open_link(watch))

    assert answer.status_code == 200
    assert "停止提醒“铝合金压铸模 12 套”？" in page(answer)
    assert reread(session, watch).stopped_at is None


def test_the_button_stops_without_signing_in_and_can_be_undone(client, session, watch, open_link):
    link = open_link(watch)

    left = client.post(link)
    assert "已停止提醒“铝合金压铸模 12 套”" in page(left)
    assert reread(session, watch).stopped_at is not None
    assert f'action="{link}/back"' in page(left)

    assert "已恢复提醒“铝合金压铸模 12 套”" in page(client.post(f"{link}/back"))
    assert reread(session, watch).stopped_at is None


def test_a_mail_programs_own_button_needs_neither_cookie_nor_form_token(app, session, watch, open_link):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post(open_link(watch), data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert reread(session, watch).stopped_at is not None


def test_other_writes_still_need_the_token_of_their_page(app, buyer, watch):
    app.config["WTF_CSRF_ENABLED"] = True

    assert buyer.post(f"/alerts/{watch.public_id}/stop").status_code == 400


def test_a_link_for_all_mail_stops_mail_and_leaves_the_watches_running(
    client, buyer, session, user, watch, open_link, mailing
):
    user.email = "buyer@example.com"
    session.commit()
    link = open_link(None)

    assert "已停收提醒邮件" in page(client.post(link))
    assert reread(session, user).mail_stopped_at is not None
    assert reread(session, watch).stopped_at is None
    assert "您已通过邮件里的链接停收邮件" in page(buyer.get("/alerts"))

    buyer.post("/alerts/mail", data={"address": "buyer@example.com", "resume": "1"})
    assert reread(session, user).mail_stopped_at is None


def test_the_address_of_a_way_out_is_told_to_nobody(client, watch, open_link):
    headers = client.get(open_link(watch)).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_the_database_keeps_only_the_digest_of_a_token(session, watch, open_link):
    token = open_link(watch).rpartition("/")[2]
    kept = session.scalars(select(StopLink)).one()

    assert len(token.partition(".")[0]) == 32  # 192 bits
    assert token.partition(".")[0] not in str(vars(kept))


def another_signature(token):
    random, _dot, signature = token.partition(".")
    return f"{random}.{signature[::-1]}"


def no_signature(token):
    return token.partition(".")[0]


def something_else(_token):
    return "x"


@pytest.mark.parametrize("spoil", [another_signature, no_signature, something_else])
def test_a_token_nobody_was_sent_opens_nothing(client, session, watch, open_link, spoil):
    token = open_link(watch).rpartition("/")[2]

    assert client.get(f"/alerts/out/{spoil(token)}").status_code == 404
    assert client.post(f"/alerts/out/{spoil(token)}").status_code == 404
    assert reread(session, watch).stopped_at is None
