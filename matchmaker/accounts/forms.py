"""What people type to sign in."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form


class SignInForm(Form):
    """A name and a password."""

    sign_in_name = StringField(_("登录名"), [DataRequired(), Length(max=80)])
    password = PasswordField(_("密码"), [DataRequired(), Length(max=128)])
