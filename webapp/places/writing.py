"""One text as it is compared, with the way back: full width, traditional signs, kinds of dashes.

A page shows what was taken from where, so every sign of the folded text knows its place in the
original.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""From (included) to (not included), in signs of the original text."""

_DASHES = "‐‑‒–—―−﹣﹘﹉⁃ーｰ"
_WAVES = "～〜∼˜"
_TRADITIONAL = (
    "樓號單棟層間網區緯經總戶數電話證稱編門縣鎮鄉歲萬餘騙個貸軟遊戲陳張劉楊黃趙吳孫馬羅鄭謝許鄧馮蔣韓賈"
    "葉蘇呂盧鍾譚陸顧賀龔邱錢湯閻薛萊鄒魏齊龍韋歐紀鮑畢郝鄔費廖應藍聞莊閔駱寧藺鄺關嚴項祝賴齊裡裏莊園"
    "華國學東興義聖鳳麗蘭業環瀾灣慶廣島橋濱嶺臺壩衛漢達長遠開聯實貿場廳廂廠倉庫館醫銀車軌鐵線綠紅藝術"
    "軍農資產雲臨瑞勝發匯億創維豐陽陰會員職務識認記訂計討該詐誘說請誤課調談護讓預頭題類風飛驗麼點黨齡龜"
    "與為於從來們傳僅價償優兒內兩冊冒別劃剛則劑動勸勵勢勞匯參雙變號嗎嗎問啟喪嚇團圖圓執報壓夠奪媽婦嬸孃"
    "寫寶對導將專尋層岡幣帳帶幫幹幾庫廢張彈徑後復懷態憑應懼戰戲擇據擔換擊損搖撥攜擬攔數斷時書條楨榮構槍"
    "樂樣機檢權歡歷歸殘殺氣沒涼淺減測準滅滿漁潔濟濤濫為無爺牆獎獨獲獻現瑪環甕產畝當療發盜盡監碼礦禮種稅"
    "穩競筆節築簡簽籌紅約級納紙純紛終組細結絕給統綁網繳續罰聲聽職腦脫臉與舊艙蓋薦藥處虧蟲術補裝製複視親"
    "覽觸計訊設訪評詞試詢誰誠諾證贈變質購費賣賬賭賴賺贏趕趨跡踐蹤軟較載輔輕輛輸轉辦過運還進逾週違選遞邊鄰"
    "醜釋錄錯錢鍵鏈鎖鑽閉閱陣陸險隱隨隻雜離難靈靜頁順須頓領額顯願飯館養騰驚鬥鬧魚鳥鹽麥黃齊龐凱冊剎勁勳壯"
    "壽奧妝娛孫屍岳巒廬憂撫攝暫暢曆朧榆樹殼滬滿潤濕瀘燈燒狀猶瑩盤睜祿禎窮籃糧練縱羅聰聳腸膠臟興艦葦蔥蕭薩"
    "藹虛蝦衝裏訓診詳語諮諸賓賜賢賽躍軒農郵鄭鈺銘鋒鋼錦鎔鏡鑫鑼閣闊隊階雞霧韻頌頗顏飄饒馳驛髮鮮鴻鵬麟黔齋"
    "荊蓮寬陝懸艷燦繡螢瓊鸞鶴鷺鯤鵑頤顥韜輝曄煒燁煥鈞鑒鑄鐘銳偉傑勛嶽峽憲揚昇曉暉楓樺樸櫻欽沖涇滄潛澤"
    "瀟瀋煙爾獅瑋璽瓏碩穎竇粵紹絲綏緒緣織繆肅脈膽薔蘄蘆蠶覺觀謙譽遼鈴閘閩闕隴雋霽頻餅駕駿騎鬱魯鯉鳴鴨"
    "鷹樁濃燭甌瞭硯磚礎禪穀窩篤紡絡綿翹腳膚艱茲菸蒼蘿蟬袞譯豈貫貢贊輪轄辭逕遲遙邁郟鄲釣鈔鉅銅鋪錘鍛鎢"
    "閒閃闡陞隕霑鞏頂頑顆颱飆飲饋駐駝騾驥髒鬆魷鯊鳶鶯鸚黌"
)
_SIMPLIFIED = (
    "楼号单栋层间网区纬经总户数电话证称编门县镇乡岁万余骗个贷软游戏陈张刘杨黄赵吴孙马罗郑谢许邓冯蒋韩贾"
    "叶苏吕卢钟谭陆顾贺龚邱钱汤阎薛莱邹魏齐龙韦欧纪鲍毕郝邬费廖应蓝闻庄闵骆宁蔺邝关严项祝赖齐里里庄园"
    "华国学东兴义圣凤丽兰业环澜湾庆广岛桥滨岭台坝卫汉达长远开联实贸场厅厢厂仓库馆医银车轨铁线绿红艺术"
    "军农资产云临瑞胜发汇亿创维丰阳阴会员职务识认记订计讨该诈诱说请误课调谈护让预头题类风飞验么点党龄龟"
    "与为于从来们传仅价偿优儿内两册冒别划刚则剂动劝励势劳汇参双变号吗吗问启丧吓团图圆执报压够夺妈妇婶娘"
    "写宝对导将专寻层冈币帐带帮干几库废张弹径后复怀态凭应惧战戏择据担换击损摇拨携拟拦数断时书条桢荣构枪"
    "乐样机检权欢历归残杀气没凉浅减测准灭满渔洁济涛滥为无爷墙奖独获献现玛环瓮产亩当疗发盗尽监码矿礼种税"
    "稳竞笔节筑简签筹红约级纳纸纯纷终组细结绝给统绑网缴续罚声听职脑脱脸与旧舱盖荐药处亏虫术补装制复视亲"
    "览触计讯设访评词试询谁诚诺证赠变质购费卖账赌赖赚赢赶趋迹践踪软较载辅轻辆输转办过运还进逾周违选递边邻"
    "丑释录错钱键链锁钻闭阅阵陆险隐随只杂离难灵静页顺须顿领额显愿饭馆养腾惊斗闹鱼鸟盐麦黄齐庞凯册刹劲勋壮"
    "寿奥妆娱孙尸岳峦庐忧抚摄暂畅历胧榆树壳沪满润湿泸灯烧状犹莹盘睁禄祯穷篮粮练纵罗聪耸肠胶脏兴舰苇葱萧萨"
    "蔼虚虾冲里训诊详语咨诸宾赐贤赛跃轩农邮郑钰铭锋钢锦熔镜鑫锣阁阔队阶鸡雾韵颂颇颜飘饶驰驿发鲜鸿鹏麟黔斋"
    "荆莲宽陕悬艳灿绣萤琼鸾鹤鹭鲲鹃颐颢韬辉晔炜烨焕钧鉴铸钟锐伟杰勋岳峡宪扬升晓晖枫桦朴樱钦冲泾沧潜泽"
    "潇沈烟尔狮玮玺珑硕颖窦粤绍丝绥绪缘织缪肃脉胆蔷蕲芦蚕觉观谦誉辽铃闸闽阙陇隽霁频饼驾骏骑郁鲁鲤鸣鸭"
    "鹰桩浓烛瓯了砚砖础禅谷窝笃纺络绵翘脚肤艰兹烟苍萝蝉衮译岂贯贡赞轮辖辞径迟遥迈郏郸钓钞钜铜铺锤锻钨"
    "闲闪阐升陨沾巩顶顽颗台飙饮馈驻驼骡骥脏松鱿鲨鸢莺鹦黉"
)
_SIGNS = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_WAVES, "~"),
        **dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)),
        "\u3000": " ",
    }
)
_ONE_DASH = str.maketrans(dict.fromkeys(_DASHES, "-"))


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is compared; `origin[i]` is where its sign i stands in the original."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` (not empty) stands in the original."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """The text with one sign for what is written in several ways; white space stays."""
    signs = text.translate(_SIGNS)  # one for one
    if unicodedata.is_normalized("NFKC", signs):
        return Folded(signs, range(len(signs)))
    folded: list[str] = []
    origin: list[int] = []
    for place, sign in enumerate(signs):
        several = unicodedata.normalize("NFKC", sign).translate(_SIGNS)
        folded.append(several)
        origin.extend([place] * len(several))
    return Folded("".join(folded), origin)


def plain(text: str) -> str:
    """NFKC and one kind of dash; the signs stay those of the writer."""
    return unicodedata.normalize("NFKC", text).translate(_ONE_DASH)
