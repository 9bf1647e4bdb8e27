"""The headings by which hand-out lists of alerts call their columns; the earlier name wins."""

from __future__ import annotations

FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("预警信息", "预警内容", "信息内容", "消息内容", "消息", "内容", "简要警情", "简要案情", "警情",
             "线索内容", "情况", "情况说明", "message", "text", "content"),
    "reference": ("预警编号", "线索编号", "指令编号", "编号", "流水号", "工单号", "reference", "id", "number"),
    "received_at": ("预警时间", "下发时间", "接收时间", "收到时间", "推送时间", "时间", "日期", "received",
                    "received at", "time", "date"),
    "level": ("预警等级", "风险等级", "预警级别", "等级", "级别", "level", "risk"),
    "name": ("姓名", "事主姓名", "事主", "受害人", "受害人姓名", "被害人", "潜在受害人", "居民姓名", "对象",
             "劝阻对象", "预警对象", "name", "person"),
    "sex": ("性别", "sex", "gender"),
    "age": ("年龄", "岁数", "age"),
    "phone": ("联系电话", "手机号码", "手机号", "手机", "电话号码", "电话", "联系方式", "受害人电话",
              "被害人手机号", "phone", "mobile", "telephone"),
    "community": ("社区", "所属社区", "村居", "社区名称", "community"),
    "compound": ("小区", "小区名称", "compound"),
    "building": ("楼栋", "楼号", "栋", "幢", "楼栋号", "building"),
    "unit": ("单元", "单元号", "unit"),
    "room": ("房号", "室号", "房间号", "门牌号", "room"),
    "address": ("地址", "详细地址", "现住址", "住址", "现住地址", "居住地址", "家庭住址", "address"),
    "scam_type": ("诈骗类型", "预警类型", "涉诈类型", "类型", "类别", "手法", "诈骗手法", "type", "scam type"),
    "channel": ("渠道", "预警渠道", "涉诈渠道", "方式", "channel"),
    "amount": ("涉案金额", "被骗金额", "损失金额", "金额", "转账金额", "amount"),
}  # fmt: skip
