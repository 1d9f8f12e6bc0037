"""What people send: a workbook."""

from __future__ import annotations

import os
from typing import Any

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from matchmaker.documents.child.kinds import kind_of
from matchmaker.documents.errors import UnreadableWorkbook
from matchmaker.documents.refusals import Reason, Refusal
from matchmaker.documents.values import Limits
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form

LARGEST = Limits().file_bytes


class UploadForm(Form):
    """One file, refused at once when its first bytes show that it is no workbook."""

    workbook = FileField(_("工作簿"), [FileRequired(_("请选择要上传的文件。"))])

    def validate_workbook(self, field: Any) -> None:
        """Look at the size, the name and the first bytes; everything inside is read later, apart."""
        sent: FileStorage = field.data
        try:
            _look_at(sent)
        except Refusal as refusal:
            raise ValidationError(UnreadableWorkbook(refusal.reason, **refusal.details).message) from None


def _look_at(sent: FileStorage) -> None:
    size = sent.stream.seek(0, os.SEEK_END)
    sent.stream.seek(0)
    if not size:
        raise Refusal(Reason.EMPTY)
    if size > LARGEST:
        raise Refusal(Reason.FILE_TOO_BIG, megabytes=LARGEST // 1_000_000)
    kind_of(sent.filename or "", sent.stream)
