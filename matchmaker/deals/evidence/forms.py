"""What people send: files, what they are for, and what an officer says of a sealed paper."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import current_app
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from matchmaker.deals.evidence.models import Purpose
from matchmaker.deals.evidence.uploads import Upload, read_upload
from matchmaker.deals.evidence.wording import OFFERED, PURPOSES
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form

PAPERS = "application/pdf,image/jpeg,image/png,image/webp"
AGREES, RETURNED = "agrees", "returned"


def megabytes_allowed() -> int:
    """How large one file may be in this installation."""
    most: int = current_app.extensions["settings"].evidence_megabytes
    return most


def read_sent(sent: FileStorage) -> Upload:
    """What a request carries, looked at and closed. Raises the refusal that says what is wrong."""
    with closing(sent.stream):
        return read_upload(
            sent.stream, name=sent.filename or "", declared=sent.mimetype or "", megabytes=megabytes_allowed()
        )


class EvidenceField(FileField):  # type: ignore[misc]
    """One file, refused at its field with the reason unless it is what it says; `upload` is what was sent."""

    upload: Upload | None = None

    def pre_validate(self, form: Any) -> None:
        """Look at the file before anything else is done with the form."""
        if self.data is None:
            return
        try:
            self.upload = read_sent(self.data)
        except RuleViolation as refusal:
            raise ValidationError(refusal.message) from None


class WithFiles(Form):
    """A form that may carry a file, and a picture taken with the phone's camera."""

    file = EvidenceField(_("附上材料"), [Optional()], render_kw={"accept": PAPERS})
    photo = EvidenceField(_("或用手机拍照"), [Optional()], render_kw={"accept": "image/jpeg", "capture": "environment"})

    @property
    def uploads(self) -> list[Upload]:
        """What was sent, the file before the picture."""
        return [field.upload for field in (self.file, self.photo) if field.upload is not None]


class AttachForm(WithFiles):
    """One or two files of one kind for a deal."""

    purpose = SelectField(
        _("是什么材料"),
        [InputRequired()],
        choices=[SelectChoice(purpose.value, PURPOSES[purpose]) for purpose in OFFERED],
    )
    note = StringField(_("说明"), [Optional(), Length(max=200)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for at least one file."""
        good = bool(super().validate(extra_validators))
        if self.uploads or self.file.errors or self.photo.errors:
            return good
        self.file.errors = (*self.file.errors, gettext("请选择一个文件，或用手机拍一张照片。"))
        return False

    @property
    def chosen(self) -> Purpose:
        """What the files are for."""
        return Purpose(self.purpose.data)


class TakeDownForm(Form):
    """Why a file is taken from view."""

    reason = StringField(_("原因"), [DataRequired(), Length(max=200)])


class WithPaper(Form):
    """A scan, and the statement that it bears both seals."""

    scan = EvidenceField(_("盖章纸质件扫描件"), [FileRequired(_("请选择扫描件。"))], render_kw={"accept": PAPERS})
    buyer_sealed = BooleanField(_("买方公章在纸质件上，清晰可辨"))
    seller_sealed = BooleanField(_("卖方公章在纸质件上，清晰可辨"))

    @property
    def upload(self) -> Upload:
        """The scan of a form that was found valid."""
        sent: Upload | None = self.scan.upload
        if sent is None:
            raise ValueError("the form was not validated")
        return sent


class CheckForm(Form):
    """What the second officer found."""

    verdict = RadioField(
        _("纸质件与登记内容一致吗"),
        [InputRequired()],
        choices=[
            SelectChoice(AGREES, _("一致：双方名称、标的、金额、期限和两枚公章都相符")),
            SelectChoice(RETURNED, _("不一致：退回登记人")),
        ],
    )
    note = TextAreaField(_("说明"), [Optional(), Length(max=400)])
    unit_checked = BooleanField(_("已核对单位，金额无误"))

    @property
    def agrees(self) -> bool:
        """Whether the paper agrees with the record."""
        return bool(self.verdict.data == AGREES)
