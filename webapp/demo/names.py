"""Names and notes of the demo: data, in the language of the neighbourhood. All are invented."""

from __future__ import annotations

CAMPAIGN = "全民反诈月"
EXPLANATION = "几户邻居在楼道里一起听的，讲完一起记。"
COMMUNITY = "敲门示范社区"
REGION = "重庆市/合川区/南津街街道"
SUPERVISED = "重庆市/合川区"
PHONE = "023-0000-0110"

COORDINATOR = "陈小丙"
SUPERVISOR = "林小辛"
ADMIN = "高小壬"
VOLUNTEERS = ("吴小乙", "周小甲", "郑小丁", "冯小戊", "沈小己")
PHONES = ("红米 Note 12", "华为畅享 60", "荣耀 X50", "OPPO A2", "iPhone 11")

GRIDS = ("一网格", "二网格", "三网格", "四网格")
OLD_COMPOUND = "门铃里"
NEW_COMPOUND = "应门坊"
OLD_STREET = "示范南路 10 号"
NEW_STREET = "示范东路 6 号"
BLOCK = "{number}号楼"
PRACTICE_BLOCK = "练习楼"
PRACTICE_NOTE = "随便试，不计入统计"

CARETAKERS = {
    GRIDS[0]: ("蒋大姐", "网格员"),
    GRIDS[1]: ("韩师傅", "楼长"),
    GRIDS[2]: ("杨阿姨", "网格员"),
    GRIDS[3]: ("秦小庚", "网格员"),
}
ACCESS = (
    "从南门进，单元门白天不锁",
    "单元门有门禁，按物业键请保安开",
    "东侧小门进，晚上八点后锁",
    "电梯要刷卡，先到门岗借",
    "一楼是门面，从背后上楼",
    "",
)

NOTES = {
    "informed": (
        "女儿周末在家",
        "问了刷单的事，讲了半天",
        "愿意听，想要一张大字的宣传单",
        "接过冒充客服的电话，没上当",
        "说群里有人拉他炒股，提醒了",
        "耳朵不太好，说话要大声",
    ),
    "refused": ("不开门，隔着门说知道了", "说已经听过很多遍", "怕我们是骗子，下次请楼长一起来"),
    "come_back": ("在做饭，晚点再来", "周末才有空", "大人不在，孩子在家", "刚下夜班，在睡觉"),
    "no_answer": ("门口有快递，像是有人住", "听到电视声，没开门"),
    "vacant": ("邻居说搬走半年了", "门上贴着出租", "还没装修"),
}

SURNAMES = tuple("何李王张刘陈杨黄赵周吴徐孙朱马胡郭林罗唐冯邓曹彭曾萧田董袁潘")
TITLES = {"f": "女士", "m": "先生"}
DISSUADERS = ("演示 吴姐", "演示 老郑", "演示 周小甲", "演示 刘阿姨", "演示 陈小丙")
OFFICER, OFFICE = "演示 林警官", "隔壁街道综治中心"
MESSAGE = "【预警】敲门示范社区，{name}，{age}岁，疑似被骗，请立即联系"
