"""What the sender of an unreadable file is told, and what to do about it."""

from __future__ import annotations

from matchmaker.documents.refusals import Reason
from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _

SENTENCES: dict[Reason, object] = {
    Reason.EMPTY: _("文件是空的。请选择填好的 .xlsx 或 .csv 文件。"),
    Reason.FILE_TOO_BIG: _("文件超过 {megabytes} MB。请分成几个文件上传，或删除图片后再试。"),
    Reason.EXTENSION: _("不支持“{extension}”文件。请上传 .xlsx 或 .csv。"),
    Reason.PDF: _("这是 PDF 文件，不是表格。请上传 .xlsx 或 .csv。"),
    Reason.PICTURE: _("这是图片，不是表格。请上传 .xlsx 或 .csv。"),
    Reason.PROGRAM: _("这是程序文件，不是表格。请上传 .xlsx 或 .csv。"),
    Reason.ARCHIVE: _("这是压缩包，不是表格。请解压后上传里面的 .xlsx 或 .csv。"),
    Reason.WEB_PAGE: _("这是网页文件，不是真正的表格。请用表格软件打开，另存为 .xlsx 后再上传。"),
    Reason.WORD: _("这是 Word 文档，不是表格。请把内容填入模板后上传 .xlsx。"),
    Reason.SLIDES: _("这是演示文稿，不是表格。请把内容填入模板后上传 .xlsx。"),
    Reason.OPEN_DOCUMENT: _("这是 OpenDocument 表格。请另存为 .xlsx 后再上传。"),
    Reason.OLD_EXCEL: _("这是旧版 Excel（.xls）文件。请打开后另存为 .xlsx 再上传。"),
    Reason.BINARY_EXCEL: _("这是二进制 Excel（.xlsb）文件。请另存为 .xlsx 再上传。"),
    Reason.MACROS: _("工作簿里有宏。请另存为不带宏的 .xlsx 再上传。"),
    Reason.ENCRYPTED: _("文件加了密码，无法读取。请取消密码后再上传。"),
    Reason.NOT_TEXT: _("扩展名是 .csv，内容却不是文本。请用表格软件另存为 .csv 或 .xlsx 后再上传。"),
    Reason.CSV_IS_WORKBOOK: _("扩展名是 .csv，内容却是 Excel 工作簿。请把扩展名改回 .xlsx 再上传。"),
    Reason.WORKBOOK_IS_TEXT: _("扩展名是 .xlsx，内容却不是 Excel 工作簿。请用表格软件另存为 .xlsx 后再上传。"),
    Reason.ENCODING: _("读不出文字编码。请把 .csv 另存为 UTF-8 或 GBK 编码后再上传。"),
    Reason.QUOTES: _("第 {row} 行的引号没有配对，无法分列。请改正引号，或改用 .xlsx。"),
    Reason.DAMAGED: _("文件已损坏或不完整，打不开。请用表格软件打开、另存为 .xlsx 后再上传。"),
    Reason.REPEATED_NAMES: _("文件内部结构异常（同名部件重复），为安全起见不予读取。请另存为 .xlsx 后再上传。"),
    Reason.ENTITIES: _("文件内部含有外部实体声明，为安全起见不予读取。请另存为 .xlsx 后再上传。"),
    Reason.TOO_MANY_MEMBERS: _("文件内部部件超过 {limit} 个，不像填报表格。请把数据复制到模板后再上传。"),
    Reason.TOO_MUCH_INSIDE: _("文件解压后太大（超过 {megabytes} MB），不予读取。请分成几个文件上传。"),
    Reason.TOO_MANY_SHEETS: _("工作表超过 {limit} 个。请只保留要导入的工作表。"),
    Reason.TOO_MANY_ROWS: _("工作表“{sheet}”超过 {limit} 行。请分成几个文件上传。"),
    Reason.TOO_MANY_COLUMNS: _("工作表“{sheet}”第 {row} 行的内容超过 {limit} 列。请删除数据区右侧的内容。"),
    Reason.TOO_MANY_CELLS: _("工作簿内容太多。请分成几个文件上传。"),
    Reason.TOO_SLOW: _("表格太大或结构异常，未能在限定时间和内存内读完。请删除数据区以外的内容，或分成几个文件上传。"),
}


class UnreadableWorkbook(RuleViolation):
    """The file could not be taken; `message` says why and what to do."""

    def __init__(self, reason: Reason, **details: str | int) -> None:
        self.reason = reason
        super().__init__(**details)

    @property
    def message(self) -> str:
        """The sentence for the sender."""
        text = str(SENTENCES[self.reason])
        return text.format(**self.values) if self.values else text
