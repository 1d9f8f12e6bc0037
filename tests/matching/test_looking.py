"""The rounds of the worker: who is told what, once, and never of what they may not see."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.accounts.models import Role
from matchmaker.app import job_handlers, letter_writers
from matchmaker.db import utcnow
from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseState,
    LineChange,
    LineKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.jobs import services as jobs
from matchmaker.jobs.models import Job, JobState
from matchmaker.matching import services
from matchmaker.matching.models import Frequency, StopLink, Verdict, Watch, WatchFind, WatchKind, WatchSides
from matchmaker.matching.queries import runs
from matchmaker.matching.services import looking, note_rounds, promise_look
from matchmaker.matching.services.stopping import prune_stop_links
from matchmaker.notices.delivering import deliver_mail
from matchmaker.notices.models import Notice, OutboxMessage
from tests.notices.postbox import Postbox

SMTP = {
    "smtp_host": "127.0.0.1",
    "smtp_tls": "none",
    "smtp_from": "notice@example.org",
    "public_url": "https://match.example.org",
}


def mark(session, line, kind=LineKind.CAPABILITY):
    """As the register marks a line that was published or edited."""
    session.add(LineChange(kind=kind, line_id=line.id))
    session.commit()


@pytest.fixture
def look(session, settings, publish):
    """Publish the registers as they are and let the due watches look, as the worker does."""

    def run(*, edition=True, handlers=None, **values):
        if edition:
            publish()
        session.rollback()
        job = promise_look(session)
        session.commit()
        handlers = handlers or job_handlers(settings.model_copy(update=values))
        jobs.run(session, job.id, handlers)
        session.expire_all()
        return session.get_one(Job, job.id)

    return run


@pytest.fixture
def buyer(make, session, market):
    """Somebody of the firm that needs a mould, told at once."""
    return make.user(enterprise=market.buyer)


@pytest.fixture
def watch(session, market, buyer, look):
    """Their watch of the need, which has looked once."""
    kept = services.watch_line(session, line=market.need, actor=buyer, frequency=Frequency.AT_ONCE)
    session.commit()
    look()
    return kept


@pytest.fixture
def newcomer(make, session, market):
    """Publish a capability that answers the market's need."""

    def publish_line(name="黄石试样压铸有限公司", **values):
        firm = make.enterprise(name, **values.pop("firm", {}))
        defaults = {"segment": market.need.segment, "certificates": ["IATF16949"]}
        line = make.capability(firm, "铝合金压铸模", **(defaults | values))
        mark(session, line)
        return line

    return publish_line


def notices(session):
    return list(session.scalars(select(Notice).order_by(Notice.id)))


def titles(session):
    return [notice.title for notice in notices(session)]


def test_what_firms_have_published_is_watched_for_each_of_their_people(session, make, market, look):
    first, second = make.user(enterprise=market.buyer), make.user(enterprise=market.buyer)
    make.user(Role.ORGANISER)

    look()

    watches = session.scalars(select(Watch).order_by(Watch.id)).all()
    assert [(each.membership_id, each.kind, each.need_id, each.frequency) for each in watches] == [
        (user.memberships[0].id, WatchKind.NEED, market.need.id, Frequency.DAILY) for user in (first, second)
    ]


def test_a_capability_is_watched_too_and_a_draft_is_not(session, make, market, look):
    user = make.user(enterprise=market.maker)
    make.capability(market.maker, "草稿产品", state=CapabilityState.DRAFT)

    look()

    assert [each.capability_id for each in session.scalars(select(Watch))] == [market.mould.id]
    assert session.scalars(select(Watch)).one().membership_id == user.memberships[0].id


def test_the_first_look_tells_nothing_of_what_its_person_has_seen_already(session, market, watch):
    assert notices(session) == []
    assert [each.key for each in session.scalars(select(WatchFind))] == [f"firm:{market.maker.id}"]
    assert watch.looked_at is not None


def test_a_new_match_for_a_need_is_told_with_how_many_the_best_and_the_way_to_the_list(
    session, market, buyer, watch, newcomer, look
):
    newcomer()
    newcomer("荆州试样压铸有限公司", spec="备注")

    job = look()

    [notice] = notices(session)
    assert notice.user_id == buyer.id
    assert notice.title == "“铝合金压铸模 12 套”有 2 家新的供方"
    assert "黄石试样压铸有限公司，铝合金压铸模（匹配分 " in notice.body
    assert notice.path == f"/suggestions?need={market.need.public_id}"
    assert notice.stop_path == f"/alerts/{watch.public_id}/stop"
    assert job.result == {"memberships": 1, "news": 2}


def test_nobody_is_told_twice_however_often_a_line_is_edited(session, watch, newcomer, look):
    line = newcomer()
    look()
    line.spec = "改过一次"
    mark(session, line)
    look()

    assert len(notices(session)) == 1


def test_a_worker_that_dies_while_telling_tells_once_when_it_comes_back(
    session, make, market, watch, newcomer, look, settings, monkeypatch
):
    newcomer()
    second = make.user(enterprise=market.buyer)
    services.watch_line(session, line=market.need, actor=second, frequency=Frequency.AT_ONCE)
    session.execute(update(Watch).values(looked_at=utcnow(), last_change=0))
    session.commit()
    settle, calls = looking._settle, []

    def die_at_the_second(*args):
        calls.append(args)
        told = settle(*args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return told

    with monkeypatch.context() as patch:
        patch.setattr(looking, "_settle", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            look()
    told_before = [notice.user_id for notice in notices(session)]
    job = session.scalars(select(Job).where(Job.state == JobState.RUNNING)).one()
    job.state = JobState.QUEUED  # as the sweep does with lost work
    session.commit()
    jobs.run(session, job.id, job_handlers(settings))

    people = [watch.membership.user_id, second.id]
    assert told_before == people[:1]
    assert [notice.user_id for notice in notices(session)] == people


def test_two_workers_in_the_same_moment_tell_once(session, engine, watch, newcomer, publish, monkeypatch):
    newcomer()
    membership_id, published, now = watch.membership_id, publish(), utcnow()
    session.commit()
    asked, both = looking.ask_engine, threading.Barrier(2)

    def ask_together(*args):
        found = list(asked(*args))
        both.wait()
        return found

    monkeypatch.setattr(looking, "ask_engine", ask_together)

    def work(_number):
        try:
            return looking.look_of(engine, membership_id, published=published, now=now, has_mail=False)
        except (StaleDataError, IntegrityError):  # as the round passes over it
            return 0

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(work, range(2)))

    assert sorted(told) == [0, 1]
    assert len(notices(session)) == 1


def test_a_firm_that_fails_a_hard_condition_is_not_told(session, watch, newcomer, look):
    newcomer(certificates=[])
    look()

    assert notices(session) == []


def hide_line(session, line):
    line.state = CapabilityState.WITHDRAWN


def hide_firm(session, line):
    line.enterprise.state = EnterpriseState.SUSPENDED


@pytest.mark.parametrize("hide", [hide_line, hide_firm])
def test_what_is_withdrawn_after_the_index_was_built_is_never_told(session, watch, newcomer, look, publish, hide):
    line, other = newcomer(), newcomer("荆州试样压铸有限公司", spec="备注")
    publish()
    hide(session, line)
    session.commit()

    look(edition=False)

    [notice] = notices(session)
    assert notice.title == "“铝合金压铸模 12 套”有 1 家新的供方"
    assert line.enterprise.name not in notice.title + notice.body
    assert session.scalars(select(WatchFind.key).where(WatchFind.told_at.is_not(None))).all() == [
        f"firm:{other.enterprise_id}"
    ]


@pytest.mark.parametrize("visibility", [NeedVisibility.ORGANISERS, NeedVisibility.MATCHED])
def test_a_need_its_reader_may_not_see_is_never_told_nor_counted(session, make, market, look, publish, visibility):
    user = make.user(enterprise=market.rival)
    market.rival_mould.segment = None  # “matched” means supplying the same segment
    services.watch_line(session, line=market.rival_mould, actor=user, frequency=Frequency.AT_ONCE)
    services.save_search(session, text="压铸模", sides=WatchSides.BOTH, actor=user, frequency=Frequency.AT_ONCE)
    session.commit()
    look()
    hidden = make.need(make.enterprise("宜昌试样汽车有限公司"), "压铸模具 8 副", segment=market.need.segment)
    mark(session, hidden, LineKind.NEED)
    publish()
    hidden.visibility = visibility
    session.commit()

    look(edition=False)
    assert notices(session) == []

    hidden.visibility = NeedVisibility.PUBLIC
    mark(session, hidden, LineKind.NEED)
    look()
    assert set(titles(session)) == {"“压铸模具”有 1 条新的需求", "“压铸模”有 1 条新的需求"}


def test_a_partner_and_a_firm_put_away_are_no_news(session, market, buyer, watch, newcomer, look):
    line = newcomer(state=CapabilityState.WITHDRAWN)
    rival_run = session.scalars(select(runs.MatchRun)).one()
    suggestion = rival_run.suggestions[0]
    services.answer_suggestion(session, suggestion=suggestion, verdict=Verdict.PARTNERS, actor=buyer)
    suggestion.enterprise_id = line.enterprise_id  # they said so of this firm
    line.state = CapabilityState.STATED
    mark(session, line)

    look()

    assert notices(session) == []


def test_a_second_need_of_a_known_buyer_is_news(session, make, market, look):
    user = make.user(enterprise=market.maker)
    services.watch_line(session, line=market.mould, actor=user, frequency=Frequency.AT_ONCE)
    session.commit()
    look()
    market.need.state = NeedState.MET
    again = make.need(market.buyer, "铝合金压铸模 30 套", segment=market.need.segment)
    mark(session, again, LineKind.NEED)

    look()

    [notice] = notices(session)
    assert notice.title == "“铝合金压铸模”有 1 条新的需求"
    assert notice.path == f"/suggestions?capability={market.mould.public_id}"


def test_a_saved_search_is_told_of_makers_and_needs_but_not_of_ones_own(session, make, market, look):
    user = make.user(enterprise=market.maker)
    services.save_search(session, text="压铸模", sides=WatchSides.BOTH, actor=user, frequency=Frequency.AT_ONCE)
    session.commit()
    look()
    mine = make.capability(market.maker, "压铸模")
    theirs = make.capability(make.enterprise("黄石试样压铸有限公司"), "压铸模")
    wanted = make.need(make.enterprise("宜昌试样汽车有限公司"), "压铸模 3 副")
    mark(session, mine)
    mark(session, theirs)
    mark(session, wanted, LineKind.NEED)

    look()

    [notice] = notices(session)
    assert notice.title == "“压铸模”有 1 家新的供方、1 条新的需求"
    assert notice.path == "/search?q=%E5%8E%8B%E9%93%B8%E6%A8%A1"
    assert market.maker.name not in notice.body


def test_a_search_for_needs_only_is_not_told_of_makers(session, make, market, newcomer, look):
    user = make.user(enterprise=market.rival)
    services.save_search(session, text="压铸模", sides=WatchSides.DEMAND, actor=user, frequency=Frequency.AT_ONCE)
    session.commit()
    look()
    newcomer()

    look()

    assert notices(session) == []


def test_a_stopped_watch_does_not_look_and_is_not_made_anew(session, watch, newcomer, look):
    services.stop_watch(session, watch=watch)
    session.commit()
    newcomer()

    look()

    assert notices(session) == []
    assert len(session.scalars(select(Watch)).all()) == 1


def test_a_watch_falls_silent_with_the_membership_of_its_person(session, watch, newcomer, look):
    watch.membership.ends_on = date(2024, 1, 1)
    session.commit()
    newcomer()

    look()

    assert notices(session) == []
    assert watch.stopped_at is not None


def test_a_need_that_is_taken_back_is_not_looked_after_until_it_is_out_again(session, market, watch, newcomer, look):
    market.need.state = NeedState.WITHDRAWN
    session.commit()
    newcomer()
    look()
    assert notices(session) == []

    market.need.state = NeedState.PUBLISHED
    mark(session, market.need, LineKind.NEED)
    look()
    assert titles(session) == ["“铝合金压铸模 12 套”有 1 家新的供方"]


def test_a_daily_watch_waits_for_its_round(session, watch, newcomer, look, monkeypatch):
    watch.frequency = Frequency.DAILY
    session.commit()
    morning = datetime(2031, 3, 3, 0, 0, tzinfo=UTC)  # eight o'clock in Shanghai, a Monday
    newcomer()

    monkeypatch.setattr(looking, "utcnow", lambda: morning - timedelta(hours=7))
    look()
    told_at_one = titles(session)
    newcomer("荆州试样压铸有限公司", spec="备注")
    monkeypatch.setattr(looking, "utcnow", lambda: morning - timedelta(minutes=1))
    look()
    told_before_eight = titles(session)
    monkeypatch.setattr(looking, "utcnow", lambda: morning)
    look(edition=False)

    assert told_at_one == told_before_eight == ["“铝合金压铸模 12 套”有 1 家新的供方"]
    assert titles(session) == told_at_one * 2


def test_a_round_is_promised_once_when_the_clock_or_a_new_index_makes_it_due(
    session, watch, newcomer, publish, data_dir
):
    assert note_rounds(session, data_dir=data_dir) is None

    newcomer()
    publish()
    job = note_rounds(session, data_dir=data_dir)
    session.commit()

    assert job.kind == services.LOOK
    assert note_rounds(session, data_dir=data_dir) is None


def test_after_each_new_index_a_round_is_promised(session, market, buyer, app, run_jobs):
    services.watch_line(session, line=market.need, actor=buyer)
    services.promise_reindex(session)
    session.commit()

    run_jobs()

    done = session.scalars(select(Job).order_by(Job.id)).all()
    assert [(job.kind, job.state.value) for job in done] == [("reindex", "done"), ("look for news", "done")]
    assert session.scalars(select(Watch)).one().looked_at is not None


def test_without_an_index_nobody_looks(session, market, buyer, look):
    services.watch_line(session, line=market.need, actor=buyer)
    session.commit()

    assert look(edition=False).result == {"memberships": 0, "news": 0}


# Mail


@pytest.fixture
def mailed(session, buyer, watch, newcomer, look):
    """News for a buyer who wants mail, waiting in the outbox."""
    buyer.email = "buyer@example.com"
    session.commit()
    line = newcomer()
    look(**SMTP)
    return line


def write(session, settings):
    message = session.scalars(select(OutboxMessage)).one()
    return letter_writers(settings.model_copy(update=SMTP))["alerts"](session, message.payload)


def test_the_outbox_holds_ids_and_no_address(session, watch, mailed):
    message = session.scalars(select(OutboxMessage)).one()
    find = session.scalars(select(WatchFind).where(WatchFind.told_at.is_not(None))).one()

    assert message.kind == "mail"
    assert message.payload == {"letter": "alerts", "membership": watch.membership_id, "finds": [find.id]}


def test_without_a_mail_server_or_an_address_no_letter_is_even_written_down(session, buyer, watch, newcomer, look):
    newcomer()
    look(**SMTP)
    buyer.email = "buyer@example.com"
    session.commit()
    newcomer("荆州试样压铸有限公司", spec="备注")
    look()

    assert len(notices(session)) == 2
    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_person_who_has_stopped_mail_gets_notices_only(session, buyer, watch, newcomer, look):
    buyer.email, buyer.mail_stopped_at = "buyer@example.com", utcnow()
    session.commit()
    newcomer()
    look(**SMTP)

    assert len(notices(session)) == 1
    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_letter_says_what_is_new_where_to_look_and_how_to_stop(session, settings, market, mailed):
    letter = write(session, settings)

    assert letter.to == "buyer@example.com"
    assert letter.subject == "供应链对接：“铝合金压铸模 12 套”有 1 家新的供方"
    for words in (letter.text, letter.html):
        assert "黄石试样压铸有限公司" in words
        assert f"https://match.example.org/suggestions?need={market.need.public_id}" in words
        assert words.count("https://match.example.org/alerts/out/") == 2
    assert letter.stop_url in letter.text


def test_one_letter_tells_the_news_of_all_watches(session, settings, buyer, watch, newcomer, look):
    buyer.email = "buyer@example.com"
    services.save_search(session, text="压铸模", sides=WatchSides.SUPPLY, actor=buyer, frequency=Frequency.AT_ONCE)
    session.commit()
    look()
    newcomer()
    look(**SMTP)

    letter = write(session, settings)

    assert letter.subject == "供应链对接：2 条新匹配"
    assert letter.text.count("黄石试样压铸有限公司") == 2


def test_a_name_with_marks_of_html_is_only_text_in_a_letter(session, settings, mailed):
    mailed.enterprise.name = "<b>黄石</b>&试样"
    session.commit()

    letter = write(session, settings)

    assert "<b>黄石</b>&试样" in letter.text
    assert "&lt;b&gt;黄石&lt;/b&gt;&amp;试样" in letter.html


def withdraw(session, line, watch):
    line.state = CapabilityState.WITHDRAWN


def suspend(session, line, watch):
    line.enterprise.state = EnterpriseState.SUSPENDED


def stop(session, line, watch):
    services.stop_watch(session, watch=watch)


def close(session, line, watch):
    watch.need.state = NeedState.MET


def leave(session, line, watch):
    watch.membership.user.left_at = utcnow()


def stop_all(session, line, watch):
    watch.membership.user.mail_stopped_at = utcnow()


@pytest.mark.parametrize("change", [withdraw, suspend, stop, close, leave, stop_all])
def test_what_is_no_longer_so_when_a_letter_is_sent_is_not_in_it(session, settings, watch, mailed, change):
    change(session, mailed, watch)
    session.commit()

    assert write(session, settings) is None


def test_news_reaches_the_reader_by_mail_and_its_way_out_works(session, app, settings, engine, watch, mailed, client):
    server = settings.model_copy(update=SMTP | {"smtp_port": (postbox := Postbox()).port})
    writers = letter_writers(server)
    session.commit()

    sent = deliver_mail(engine, server=server.mail, writers=writers, out_of_time=lambda: False)
    postbox.close()

    assert sent == 1
    [letter] = postbox.letters
    assert letter["Subject"] == "供应链对接：“铝合金压铸模 12 套”有 1 家新的供方"
    out = letter["List-Unsubscribe"].strip("<>").removeprefix("https://match.example.org")
    assert client.post(out, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.expire_all()
    assert watch.membership.user.mail_stopped_at is not None


def test_ways_out_of_letters_of_long_ago_are_forgotten(session, make):
    user, now = make.user(), utcnow()
    ages = {"old": timedelta(days=401), "young": timedelta(days=399)}
    for token, age in ages.items():
        session.add(StopLink(token_hash=token, membership_id=user.memberships[0].id, created_at=now - age))
    session.flush()

    assert prune_stop_links(session, now=now) == 1
    assert [link.token_hash for link in session.scalars(select(StopLink))] == ["young"]
