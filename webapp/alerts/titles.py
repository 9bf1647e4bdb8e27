"""How people are called: what may stay of a name when it is masked."""

from __future__ import annotations

from typing import Final

TITLES: Final = (
    "女士 先生 小姐 太太 同学 老师 医生 师傅 阿姨 叔叔 大爷 大妈 大姐 大哥 大叔 大婶 大娘 "
    "奶奶 爷爷 婆婆 公公 阿婆 阿公 老太太 老先生 嬢嬢 姨 叔 伯 伯伯 婶 哥 姐 老 某 某某"
).split()
"""What stands behind a surname."""

DOUBLE_SURNAMES: Final = frozenset(
    (
        "欧阳 上官 司马 诸葛 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 令狐 慕容 端木 长孙 宇文 轩辕"
    ).split()
)
"""Surnames of two characters."""

PREFIXES: Final = ("老", "小", "阿")
"""What stands before a surname among people who know each other."""
