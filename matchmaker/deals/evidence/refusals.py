"""The refusals of files and sealed papers, each with the sentence a person reads."""

from __future__ import annotations

from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import lazy as _


class FileEmpty(RuleViolation):
    """A file has content."""

    template = _("这个文件是空的（0 字节），没有保存。请重新选择文件。")


class FileTooLarge(RuleViolation):
    """A file stays within the limit of the installation."""

    template = _("文件超过 {megabytes} MB，没有保存。请降低扫描分辨率，或分成几个文件。")
    status = 413


class NameUnfit(RuleViolation):
    """A name can be read, and ends in what the file is."""

    template = _("文件名含有不能使用的字符，或没有“.pdf”这样的后缀，没有保存。请改名后重新上传。")


class KindNotKept(RuleViolation):
    """Only what every office can open, and what runs nothing, is kept."""

    template = _("文件内容是{found}，没有保存。请上传 PDF、JPEG、PNG 或 WebP 格式的扫描件或照片。")
    status = 415


class EndingDiffers(RuleViolation):
    """A file is named after what it is."""

    template = _("文件名以“.{ending}”结尾，内容却是 {kind}，没有保存。请确认选对了文件，或改正后缀。")
    status = 415


class TypeDiffers(RuleViolation):
    """A file is sent as what it is."""

    template = _("文件声明的类型是“{declared}”，内容却是 {kind}，没有保存。请确认选对了文件。")
    status = 415


class FileDamaged(RuleViolation):
    """A file is whole."""

    template = _("这个 {kind} 文件不完整或已损坏，没有保存。请重新扫描或拍照后上传。")


class HidesMore(RuleViolation):
    """A file is one thing only."""

    template = _("这个 {kind} 文件里还夹带了别的内容（{found}），没有保存。请重新导出或扫描后上传。")
    status = 415


class PdfActs(RuleViolation):
    """A paper does nothing by itself."""

    template = _("这个 PDF 带有脚本、附件或自动执行的动作，没有保存。请打印成新的 PDF 后上传。")
    status = 415


class TooManyPixels(RuleViolation):
    """A picture can be opened on an office computer."""

    template = _("图片有 {width} × {height} 像素，超过 {most} 万像素，没有保存。请缩小后上传。")


class TooManyFiles(RuleViolation):
    """A deal carries a bounded number of files."""

    template = _("每笔意向最多 {most} 份材料，已经满了。请合并成一个 PDF，或撤下不用的材料。")
    status = 409


class NotStored(RuleViolation):
    """The machine could not keep the file."""

    template = _("服务器暂时存不下这个文件，什么都没有保存。请稍后再试；多次不行请联系管理员。")
    status = 503


class FileLost(RuleViolation):
    """What lies on the disk is no longer what was attached."""

    template = _("服务器上的这份材料缺失或已损坏，已记录。请联系管理员从备份恢复。")
    status = 503


class NotAttacher(NotAllowed):
    """A file is taken from view by the side that attached it."""

    template = _("只有上传这份材料的单位可以撤下它。")


class AlreadyTakenDown(RuleViolation):
    """A file is taken from view once."""

    template = _("这份材料已经撤下，无需再次办理。")
    status = 409


class PaperInUse(RuleViolation):
    """The paper a consent was entered from stays in view."""

    template = _("这份盖章纸质件是待复核的，或双方确认的依据，不能撤下。")
    status = 409


class SealsMissing(RuleViolation):
    """Both seals are there."""

    template = _("纸质件须有买卖双方的公章，请逐一核对后勾选。缺一方盖章的，请补齐后再登记。")


class BothConsented(RuleViolation):
    """Where both sides agreed already, no paper is needed."""

    template = _("双方都已同意当前金额，不需要再凭纸质件确认。")
    status = 409


class PaperWaiting(RuleViolation):
    """One paper at a time."""

    template = _("已有一份盖章纸质件等待复核，请先等复核结果。")
    status = 409


class NoPaper(RuleViolation):
    """There is no paper to check."""

    template = _("这笔意向没有等待复核的盖章纸质件。")
    status = 409


class PaperOutdated(RuleViolation):
    """The amount was changed after the paper was recorded."""

    template = _("登记纸质件之后金额有更正，这份纸质件不再适用。请退回，并请登记人重新提交。")
    status = 409


class CheckerInvolved(NotAllowed):
    """Whoever recorded the deal or stated the seals does not check the paper."""

    template = _("登记这笔意向或提交纸质件的人不能自己复核，请由另一人办理。这次尝试已记入审计记录。")
