"""The words of the demonstration are the words of the tables."""

from enum import Enum

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.deals.models import DealKind, EntryType, Party
from matchmaker.demo.records import Province
from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseKind,
    EnterpriseSize,
    EnterpriseState,
    NeedKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.events.models import EventState, RegistrationState, Side
from matchmaker.meetings.models import MeetingOutcome, MeetingState, RequestState


def _values(kind: type[Enum]) -> set[str]:
    return {str(member.value) for member in kind}


def test_registers_use_the_tables_words(province: Province):
    assert {firm.state for firm in province.enterprises} == _values(EnterpriseState)
    assert {firm.kind for firm in province.enterprises} == _values(EnterpriseKind)
    assert {firm.size for firm in province.enterprises} - {None} == _values(EnterpriseSize)
    assert {line.state for line in province.capabilities} == _values(CapabilityState)
    assert {need.state for need in province.needs} == _values(NeedState)
    assert {need.kind for need in province.needs} == _values(NeedKind)
    assert {need.visibility for need in province.needs} == _values(NeedVisibility)


def test_events_and_meetings_use_the_tables_words(province: Province):
    assert {event.state for event in province.events} <= _values(EventState)
    assert {row.state for row in province.registrations} == _values(RegistrationState)
    assert {row.side for row in province.registrations} == _values(Side)
    assert {row.request_state for row in province.meetings} == _values(RequestState)
    assert {row.state for row in province.meetings} - {None} == _values(MeetingState)
    assert {row.outcome for row in province.meetings} - {None} == _values(MeetingOutcome)


def test_deals_and_accounts_use_the_tables_words(province: Province):
    entries = [entry for deal in province.deals for entry in deal.entries]

    assert {deal.kind for deal in province.deals} == _values(DealKind)
    assert {entry.type for entry in entries} == _values(EntryType) - {"merge", "unmerge"}
    assert {entry.by for entry in entries} == _values(Party)
    assert {account.role for account in province.accounts} == _values(Role)
    assert {office.level for office in province.offices} == _values(OfficeLevel)
