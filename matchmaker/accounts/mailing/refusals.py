"""The refusals about mail addresses."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class NotAnAddress(RuleViolation):
    """What was typed cannot be a mail address."""

    template = _("这不像一个邮箱地址。请填写例如 name@example.com 的地址。")


class MailNotSetUp(RuleViolation):
    """Without a mail server nobody can be asked to confirm an address."""

    template = _("本平台尚未设置邮件服务，暂时不能填写邮箱。提醒照常出现在站内通知里。")


class NothingToConfirm(RuleViolation):
    """A letter is sent again only while an address waits."""

    template = _("没有等待确认的邮箱。请先填写邮箱并保存。")
    status = 409


class AskedJustNow(RuleViolation):
    """The same address is written to at most once in ten minutes."""

    template = _("刚刚向这个邮箱发过确认邮件，每 10 分钟最多一封。请先查看收件箱和垃圾邮件，{moment} 以后可以再发。")
    status = 429


class AskedTooOften(RuleViolation):
    """A person has so many confirmation letters sent in a day, to whatever address."""

    template = _("24 小时内最多发 5 封确认邮件，已经发满。请在 {moment} 以后再试；已确认的邮箱照常收信。")
    status = 429
