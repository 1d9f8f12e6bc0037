"""The addresses under which the registers and the chains live, and the ways from an address to a row."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.enterprises.queries.picking import own_enterprise
from matchmaker.web.database import get_session
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible

bp = Blueprint("enterprises", __name__)
chain_bp = Blueprint("chains", __name__, url_prefix="/chains")


def own_firm() -> Enterprise:
    """The enterprise the signed-in person speaks for."""
    firm = own_enterprise(get_session(), get_user())
    if firm is None:
        raise NotFound
    return firm


def find_enterprise(enterprise_id: str) -> Enterprise:
    """An enterprise this person sees, or “no such page”."""
    statement = visible(Enterprise, get_user())
    return find_or_404(statement.options(joinedload(Enterprise.region), joinedload(Enterprise.badges)), enterprise_id)


def find_own_capability(capability_id: str) -> Capability:
    """One of the firm's own capabilities; another's is as absent as any."""
    user = get_user()
    statement = visible(Capability, user).where(Capability.enterprise_id == user.enterprise_id)
    return find_or_404(
        statement.options(joinedload(Capability.enterprise), joinedload(Capability.segment)), capability_id
    )


def find_need(need_id: str) -> Need:
    """A need this person sees."""
    statement = visible(Need, get_user())
    firm = joinedload(Need.enterprise).joinedload(Enterprise.region)
    return find_or_404(statement.options(firm, joinedload(Need.segment)), need_id)


def find_own_need(need_id: str) -> Need:
    """One of the firm's own needs; another's is as absent as any."""
    need = find_need(need_id)
    if need.enterprise_id != get_user().enterprise_id:
        raise NotFound
    return need
