"""The version of a row as an ETag, so that nobody overwrites what they have not read."""

from __future__ import annotations

from flask import request

from matchmaker.db import Base
from matchmaker.i18n import gettext as _
from matchmaker.web.api.refusing import refuse


def expect_match(row: Base, *, required: bool = True) -> None:
    """Refuse a change by a program that read another version of the row, or does not say which it read.

    A compressing server marks an ETag with its algorithm ("3:br"); the mark is no part of the version.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        if required:
            refuse(428, _("更改须带 If-Match 请求头，值为读取时的 ETag。"), code="if_match_missing")
        return
    version = str(row.version)  # type: ignore[attr-defined]
    read = {each.strip().strip('"').partition(":")[0] for each in header.split(",")}
    if header != "*" and version not in read:
        refuse(412, _("这条记录已被他人修改。请重新读取后再提交。"), code="stale")
