"""The way in, and the page each role lands on."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import login_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts import services as accounts
from matchmaker.accounts.forms import SignInForm
from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import ROLE_NAMES
from matchmaker.accounts.viewer import SignedIn, find_user, get_user
from matchmaker.accounts.views import next_page
from matchmaker.deals.evidence.wording import ATTEMPTS
from matchmaker.errors import RuleViolation
from matchmaker.portal import queries
from matchmaker.web.api.describing import document_of
from matchmaker.web.database import get_session
from matchmaker.web.policies import anyone, policy, signed_in

bp = Blueprint("portal", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@policy(anyone, keyed=False)
def sign_in() -> str | AnyResponse:
    """Sign in by name and password."""
    session, form = get_session(), SignInForm()
    if find_user() is not None and request.method == "GET":
        return redirect(next_page())
    if form.validate_on_submit():
        try:
            _row, token = accounts.sign_in(
                session,
                sign_in_name=form.sign_in_name.data.strip(),
                password=form.password.data,
                address=request.remote_addr or "",
                lasting=_lasting(),
            )
        except RuleViolation as violation:
            session.commit()  # the refused attempt is remembered
            form.form_errors.append(violation.message)
        else:
            session.commit()
            return _enter(token)
    status = 422 if form.is_submitted() else 200
    return Response(render_template("portal/sign_in.html", form=form, demo_accounts=_demo_accounts()), status)


@bp.post("/sign-in/demo/<public_id:user_id>")
@policy(anyone, keyed=False)
def sign_in_demo(user_id: str) -> AnyResponse:
    """Enter as one of the demo accounts; in demo mode only."""
    session = get_session()
    user = next((each for each in _demo_accounts() if each.user.public_id == user_id), None)
    if user is None:
        raise NotFound
    _row, token = accounts.open_sign_in_for(session, user=user.user, lasting=_lasting())
    session.commit()
    return _enter(token)


@bp.get("/")
@policy(anyone)
def today() -> str | AnyResponse:
    """Answer “what should I do now?” for whoever signed in; an official's day begins with the totals."""
    user = find_user()
    if user is None or user.role is None:
        return redirect(url_for(".sign_in"))
    if user.role is Role.OFFICIAL:
        return redirect(url_for("progress.overview"))
    return render_template(
        "portal/today.html",
        reader=user,
        role=user.role.value,
        home=_home(user),
        role_names=ROLE_NAMES,
        refused_words=ATTEMPTS,
    )


def _home(user: User) -> object:
    session = get_session()
    if user.enterprise_id is not None:
        return queries.enterprise_home(session, user, user.enterprise_id)
    if user.role is Role.ORGANISER:
        return queries.organiser_home(session, user)
    if user.role is Role.COUNTY_OFFICER:
        return queries.county_home(session, user)
    if user.role is Role.AUDITOR:
        return queries.auditor_home(session, user)
    return queries.administrator_home(session)


def _lasting() -> timedelta:
    lasting: timedelta = current_app.extensions["sign_in_lasting"]
    return lasting


def _demo_accounts() -> list[queries.DemoAccount]:
    return queries.demo_accounts(get_session()) if current_app.extensions["settings"].demo else []


def _enter(token: str) -> AnyResponse:
    kept = {key: cookie[key] for key in ("theme", "locale") if key in cookie}
    cookie.clear()  # a new sign-in starts with a new cookie
    cookie.update(kept)
    login_user(SignedIn(token))
    return redirect(next_page())


@bp.get("/jobs/<public_id:job_id>")
@policy(signed_in)
def job(job_id: str) -> AnyResponse:
    """How far a piece of work is; once it has ended the page that waits for it is drawn anew."""
    found = queries.find_job(get_session(), get_user(), job_id)
    if found is None:
        raise NotFound
    answer = Response(render_template("portal/_job.html", job=found))
    if "HX-Request" in request.headers and not found.is_open:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.get("/api/v1/docs")
@policy(anyone)
def api_docs() -> str:
    """What programs can do, on a page; where scripts run, with an explorer to try it."""
    roles = {role.value: str(name) for role, name in ROLE_NAMES.items()}
    return render_template("portal/api.html", document=document_of(current_app), role_names=roles)
