"""What an outsider reads first in an export."""

from __future__ import annotations

README_TEXT = """\
核验包：供应链对接计划的台账与统计结果

这是什么
  一个年度计划在某一天的全部统计依据。不需要服务器、账号或数据库，任何人都能用它重算出同样的数。

怎样核验
  1. 安装本程序（Python 3.11 以上），无须任何设置。
  2. 运行：matchmaker verify 本文件.zip
     通过时逐条列出证明了什么，退出码 0；有一行被改动时指出文件、行号、意向编号和记录号，退出码 1；
     文件损坏或不是核验包时退出码 2。加 --json 输出供程序读取的结果。
  3. 也可以只重算：解压后运行 matchmaker count FACTS.json --as-of 截止日 --json，结果应与 result.json 逐字相同。
  4. 把核验时列出的台账末端封印，与您早先记下的、或公布文件上的封印对照；
     matchmaker verify 本文件.zip --through 封印 检查台账确实经过那一个封印。

里面有什么
  manifest.json     每个文件的长度和 SHA-256，计划年度，截止日，口径版本
  ledger.jsonl      台账：每行一条记录及其封印。封印 = SHA-256(上一条封印 + 本条内容)，第一条之前为 64 个 0
  audit.jsonl       操作记录，同样逐条封印
  heads.json        两条链的末端封印和条数
  deals.jsonl       每笔意向参加统计的要素；*_key 与台账封印中的内部号对应；
                    重复登记并入后，企业用存续登记的信用代码
  FACTS.json        统计依据，格式见 COUNTING；人名以 person-1、person-2…… 代替
  result.json       按口径重算的结果
  snapshots.jsonl   每个冻结月份公布时的摘要、台账位置和已下发文件
  snapshots/        各月公布的结果原文
  issued/           各月下发的文件原件

个人信息
  不含姓名、电话、邮箱。操作人只有内部编号；记录的说明文字只有 SHA-256；法定代表人以编号代替，相同的人编号相同。
"""
