"""The one reader of what programs send.

Bodies are read by pydantic's own JSON parser, which bounds the depth and refuses lone
surrogates and endless numbers; a name said twice is refused here, for nobody can tell
which of two amounts was meant.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from matchmaker.i18n import gettext as _
from matchmaker.web.api.refusing import refuse, refuse_faults
from matchmaker.web.idempotency import FORM_MARKS

Model = TypeVar("Model", bound=BaseModel)
MOST_BYTES = 256 * 1024


class _SaidTwice(ValueError):
    """An object of the body has one name twice."""


def read_body(model: type[Model]) -> Model:
    """The body of this request; an absent one is an empty object where the model asks for nothing."""
    raw = request.get_data()
    if not raw and not any(field.is_required() for field in model.model_fields.values()):
        raw = b"{}"
    elif request.mimetype != "application/json":
        refuse(415, _("请求体须为 application/json。"), code="unsupported_media_type")
    try:
        body = model.model_validate_json(raw)
        json.loads(raw, object_pairs_hook=_names_once)
    except ValidationError as error:
        refuse_faults(error)
    except _SaidTwice as error:
        refuse(400, _("请求体中“%(name)s”出现了两次。", name=str(error)[:40]), code="repeated_name")
    return body


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _SaidTwice(name)
        found[name] = value
    return found


def read_query(model: type[Model]) -> Model:
    """What the address of this request asks for; the last of a repeated name stands."""
    try:
        return model.model_validate({name: values[-1] for name, values in request.args.lists()})
    except ValidationError as error:
        refuse_faults(error)


def read_form(model: type[Model]) -> Model:
    """What the parts of a form beside its file say; the page's own token and key are no part of it."""
    said = {name: value for name, value in request.form.items() if name not in FORM_MARKS}
    try:
        return model.model_validate(said)
    except ValidationError as error:
        refuse_faults(error)
