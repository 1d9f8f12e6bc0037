from __future__ import annotations

import re

from matchmaker.chains.proposing import Certainty, placings, segment_proposals
from matchmaker.chains.queries import find_segment, reference_edition


def codes(session, text):
    return [proposal.segment.code for proposal in segment_proposals(session, text)]


def test_a_text_is_placed_with_the_words_that_led_there(session):
    first = segment_proposals(session, "锂电池隔膜 9um")[0]

    assert (first.segment.code, first.words, first.is_clear) == ("battery.sep", ("电池隔膜",), True)


def test_too_little_text_and_words_of_no_trade_propose_nothing(session):
    assert codes(session, "") == []
    assert codes(session, " 模 ") == []
    assert codes(session, "2026 12 31") == []


def test_a_bare_number_is_no_alloy(session):
    assert codes(session, "铝合金压铸模 12 套，7 月底前交付")[0] == "auto.mould"


def test_the_edition_of_the_chains_has_a_name(session):
    assert reference_edition(session)


def checked(page):
    return re.findall(r'value="([\w.]+)" checked', page.text)


def test_a_clear_proposal_is_offered_as_chosen_and_follows_the_text(make, sign_in):
    browser = sign_in(make.user())

    first = browser.get("/segments/propose", query_string={"text": "锂电池隔膜"})
    assert checked(first) == ["battery.sep"]
    after = browser.get(
        "/segments/propose", query_string={"product": "磷酸一铵", "segment": "battery.sep", "proposed": "battery.sep"}
    )

    assert checked(after) == ["phos.fert"]


def test_a_choice_of_ones_own_stays_while_the_text_changes(make, sign_in):
    browser = sign_in(make.user())

    def ask(**query):
        return checked(browser.get("/segments/propose", query_string={"text": "锂电池隔膜"} | query))

    assert ask(segment="none", proposed="battery.sep") == ["none"]
    assert ask(segment="auto.cast", proposed="battery.sep") == ["auto.cast"]
    assert ask(segment="no.such", proposed="battery.sep") == []


def test_hostile_text_is_shown_as_text(make, sign_in):
    page = sign_in(make.user()).get("/segments/propose", query_string={"text": "<script>隔膜</script>" * 500})

    assert page.status_code == 200
    assert "<script>" not in page.text


def test_a_line_is_told_with_its_runners_up_unless_a_person_chose_otherwise(session):
    mould, fibre = find_segment(session, "auto.mould"), find_segment(session, "opto.fiber")
    text = "铝合金压铸模 12 套，7 月底前交付"
    proposed, unplaced, chosen = placings(session, [(text, mould), (text, None), (text, fibre)])

    assert (proposed.own.segment, proposed.own.certainty) == (mould, Certainty.POSSIBLE)
    assert [other.segment.code for other in proposed.others] == ["auto.cast"]
    assert [other.segment.code for other in unplaced.others] == ["auto.mould", "auto.cast"]
    assert (chosen.own, chosen.others) == (None, ())


def test_the_own_page_tells_how_sure_a_segment_is_and_a_tap_opens_the_form_with_the_runner_up(make, session, sign_in):
    firm = make.enterprise()
    need = make.need(enterprise=firm, text="铝合金压铸模 12 套", segment=find_segment(session, "auto.mould"))
    browser = sign_in(make.user(enterprise=firm))

    page = browser.get("/enterprises/mine").text
    link = re.search(r'href="(/needs/[^"]+/edit\?segment=auto\.cast)"', page)

    assert need.public_id in link[1]
    assert checked(browser.get(link[1])) == ["auto.cast"]
