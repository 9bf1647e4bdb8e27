"""How lists of earlier walks name their columns, outcomes and app statuses."""

from __future__ import annotations

import re

NUMBER = re.compile(r"(\d{1,2})(?:\.0)?\s*[份张本]?")

HEADINGS: dict[str, tuple[str, ...]] = {
    "compound": ("小区", "小区名称", "compound", "estate"),
    "building": ("楼栋", "楼号", "楼幢", "楼栋号", "栋", "幢", "building", "block"),
    "unit": ("单元", "单元号", "unit", "entrance"),
    "room": ("房号", "室号", "房间号", "门牌号", "门牌", "room", "flat"),
    "date": ("日期", "走访日期", "宣传日期", "上门日期", "走访时间", "时间", "date", "visited"),
    "outcome": ("结果", "走访结果", "宣传结果", "情况", "走访情况", "outcome", "result"),
    "app": ("反诈App", "反诈App安装", "国家反诈中心App", "App", "安装情况", "是否安装"),
    "leaflets": ("传单", "宣传单", "宣传单数", "发放传单", "传单份数", "资料份数", "leaflets"),
    "note": ("备注", "说明", "note", "remarks"),
    "member": ("走访人", "网格员", "志愿者", "宣传员", "上门人员", "member", "volunteer"),
}  # fmt: skip

OUTCOMES: dict[str, tuple[str, ...]] = {
    "informed": ("已宣传", "宣传", "已走访", "已入户", "已见面", "informed"),
    "no_answer": ("无人应门", "无人", "没人", "不在家", "无人在家", "家中无人", "no answer"),
    "refused": ("拒绝", "拒访", "拒绝走访", "refused"),
    "come_back": ("稍后再来", "改天再来", "下次再来", "come back"),
    "vacant": ("空置", "空房", "空户", "无人居住", "vacant"),
}

APPS: dict[str, tuple[str, ...]] = {
    "installed": ("已装", "已安装", "装了", "是", "有", "installed", "yes"),
    "helped": ("帮他装好", "帮装", "协助安装", "现场安装", "helped"),
    "declined": ("不愿装", "不愿安装", "拒装", "拒绝安装", "declined"),
    "no_smartphone": ("无智能手机", "没有智能手机", "老人机", "no smartphone"),
    "": ("否", "无", "未装", "未安装", "没装", "-", "no"),
}


def code_of(text: str, words: dict[str, tuple[str, ...]]) -> str | None:
    """The code that a word stands for; none for a word that is not known."""
    said = _plain(text)
    return next(
        (code for code, names in words.items() if said in map(_plain, (code, *names))), None
    )


def _plain(text: str) -> str:
    return "".join(text.split()).lower().replace("_", "")
