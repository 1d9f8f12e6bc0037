"""Create people from the command line."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from matchmaker.accounts import queries, services
from matchmaker.accounts.models import Role
from matchmaker.db import make_engine, shanghai_day, utcnow
from matchmaker.errors import RuleViolation
from matchmaker.settings import Settings


@click.group("user")
def user_group() -> None:
    """Manage the people who sign in."""


@user_group.command("create")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role if role is not Role.ENTERPRISE]))
@click.option("--office", required=True, help="The name of the office the person acts for.")
@click.password_option(help="At least 8 characters; asked for when left out.")
def create(sign_in_name: str, name: str, role: str, office: str, password: str) -> None:
    """Create a person who acts for an office."""
    if len(password) < 8:  # noqa: PLR2004
        raise click.BadParameter("the password needs at least 8 characters")
    with Session(make_engine(Settings().database_url, pooled=False)) as session:
        found = next((each for each in queries.offices(session) if each.name == office), None)
        if found is None:
            raise click.BadParameter(f"no office is named {office}")
        try:
            services.create_user(
                session,
                sign_in_name=sign_in_name,
                name=name,
                password=password,
                role=Role(role),
                starts_on=shanghai_day(utcnow()),
                office=found,
            )
        except RuleViolation as violation:
            raise click.ClickException(violation.message) from None
        session.commit()
    click.echo(f"created {sign_in_name}")
