"""The names by which lists call their columns: what we take, and what we leave out on purpose.

Names are compared as `label_key` gives them: NFKC, lower case, remarks in brackets and
punctuation gone. Within a field the earlier name wins when two columns fit.
"""

from __future__ import annotations

import re
import unicodedata

# fmt: off
FIELDS: dict[str, tuple[str, ...]] = {
    "building": (
        "楼栋号", "楼栋编号", "楼栋", "楼号", "楼幢号", "楼幢", "幢号", "栋号", "幢", "栋", "楼栋名称",
        "楼宇编号", "楼宇号", "楼宇名称", "楼宇", "楼座号", "楼座", "座号", "座栋", "楼", "座", "栋座",
        "楼名", "楼房号", "幢栋", "栋幢", "几栋", "几幢", "大楼", "建筑", "建筑物", "建筑名称", "建筑物名称",
        "建筑编号", "楼栋幢", "樓棟", "樓號", "大廈", "棟", "building", "building no", "building number",
        "building name", "bldg", "bldg no", "blk no", "blk", "block", "block no", "block number",
        "addr housenumber", "house number", "housenumber", "house no", "tower", "building id no",
    ),
    "name": ("name", "名称", "name zh hans", "name zh", "official name", "addr housename"),
    "unit": (
        "单元号", "单元编号", "单元", "单元名称", "所在单元", "所属单元", "单元门", "单元楼号", "梯号", "楼梯",
        "门洞", "單元", "unit", "unit no", "unit number", "stairwell", "staircase", "entrance",
        "entrance no",
    ),
    "units": (
        "单元数", "单元数量", "单元总数", "总单元数", "梯数", "units", "unit count", "number of units",
        "building units", "entrances", "stairwells",
    ),
    "unit_names": ("单元列表", "单元名单", "各单元", "entrance units", "unit names"),
    "floor": (
        "楼层", "所在楼层", "所在层", "房屋楼层", "房间楼层", "楼层号", "层号", "层", "层次", "所属楼层",
        "实际楼层", "几层", "樓層", "floor", "floor no", "floor number", "storey", "story", "level",
        "addr floor",
    ),
    "floors": (
        "总层数", "总楼层", "总楼层数", "层数", "楼层数", "楼层总数", "地上层数", "楼高", "共几层", "最高层",
        "最高楼层", "楼栋层数", "building levels", "max floor lvl", "max floor", "max floor level",
        "floors", "levels", "storeys", "stories", "number of floors", "number of storeys", "num floors",
        "floor count", "total floors", "no of floors", "no of storeys",
    ),
    "room": (
        "房号", "房间号", "房间", "室号", "室", "房屋编号", "房屋号", "户室号", "户号", "房屋室号", "房室号",
        "门牌室号", "房间编号", "房屋", "房间名称", "住宅号", "套号", "户室", "户", "室号房号", "房屋名称", "单元房号",
        "單位", "房", "room", "room no", "room number", "apartment", "apartment no", "apt", "apt no",
        "flat", "flat no", "flat number", "door", "door no", "door number", "addr flats", "addr unit",
        "addr door", "dwelling", "suite",
    ),
    "door": (
        "门牌号", "门牌号码", "门牌", "房屋坐落", "房屋地址", "坐落", "房屋位置", "房产", "楼栋单元房号",
        "楼房室号", "楼单元室", "房产坐落", "户址", "房址", "楼栋房号", "栋单元房号", "房间全称", "房屋全称",
        "full door", "door address",
    ),
    "compound": (
        "小区名称", "小区", "小区名", "所属小区", "所在小区", "住宅小区", "院落", "院落名称", "小区院落", "楼盘",
        "楼盘名称", "项目名称", "项目", "苑区", "庭院", "物业小区", "社区小区", "屋苑", "屋邨", "compound",
        "estate", "estate name", "residential quarter", "residence", "neighbourhood", "neighborhood",
        "community", "community name", "addr place", "addr neighbourhood", "project", "housing estate",
    ),
    "grid": (
        "网格", "网格号", "网格名称", "网格编号", "所属网格", "所在网格", "微网格", "网格编码", "責任网格",
        "grid", "grid no", "grid name", "grid code",
    ),
    "street": (
        "路名", "道路", "道路名称", "路", "街路巷", "街道名", "所在道路", "街路", "addr street", "street",
        "street name", "road", "road name",
    ),
    "address": (
        "地址", "详细地址", "楼栋地址", "具体地址", "完整地址", "住址", "家庭住址", "地址全称", "原始地址",
        "标准地址", "房屋详细地址", "门牌地址", "位置", "address", "full address", "addr full", "addr",
        "location address",
    ),
    "lat": ("纬度", "緯度", "lat", "latitude", "y", "gps lat", "坐标y", "纬度坐标"),
    "lon": ("经度", "經度", "lng", "lon", "long", "longitude", "x", "gps lng", "gps lon", "坐标x", "经度坐标"),
    "point": ("经纬度", "坐标", "经纬度坐标", "gps", "location", "coordinates", "coordinate", "lnglat"),
    "dwellings": (
        "总户数", "户数", "住户数", "总套数", "套数", "住宅套数", "房屋套数", "居民户数", "总户", "住宅户数",
        "房屋总数", "total dwelling units", "dwelling units", "dwellings", "households", "total units",
        "total households", "building flats", "flats", "number of flats", "number of units",
    ),
    "rooms_per_floor": (
        "每层户数", "每层房间数", "每层套数", "每层几户", "层户数", "每层住户数", "每层房数",
        "rooms per floor", "flats per floor", "units per floor", "doors per floor",
    ),
    "access_note": ("进门方式", "进门说明", "入口", "入口说明", "大门位置", "access note"),
    "source_id": (
        "@id", "osm id", "id", "楼栋id", "building id", "osmid", "way id", "full id", "fid",
        "objectid", "gml id", "建筑id",
    ),
}
# fmt: on
"""Field → names. `door` is a whole door in one cell (`3-2-1204`), `point` "lng,lat" in one."""

ALIASES = {
    "number": "building", "blk_no": "building", "levels": "floors", "lng": "lon",
    "latitude": "lat", "longitude": "lon", "id": "source_id", "households": "dwellings",
}  # fmt: skip
"""Other names for fields that `--map` takes."""

GAZETTEER: dict[str, tuple[str, ...]] = {
    "name": (
        "社区", "社区名称", "村社区", "村居", "居委会", "居委会名称", "村委会", "社区居委会", "名称", "村居名称",
        "community", "community name", "village", "name", "committee",
    ),
    "code": ("代码", "区划代码", "统计用区划代码", "行政区划代码", "编码", "code", "gb code", "adcode"),
    "region": ("区域", "地区", "行政区划", "所属区域", "所属行政区划", "region", "region path", "path"),
    "province": ("省", "省份", "省市", "省级", "province", "省自治区直辖市", "省名称"),
    "city": ("市", "城市", "地市", "地级", "市州", "city", "prefecture", "市名称"),
    "district": ("区县", "区", "县", "县区", "区市县", "县级", "county", "district", "区县名称"),
    "street": ("街道", "乡镇", "镇街", "街道乡镇", "乡镇街道", "街镇", "镇", "street", "town", "township", "subdistrict"),
}  # fmt: skip
"""Columns of a list of communities (names and region paths)."""

PERSONAL = re.compile(
    "姓名|业主|户主|房主|住户(?!数|室)|租户|租客|租赁|房东|联系|电话|手机|座机|身份证|证件|护照|银行|卡号|微信|"
    "邮箱|邮件|车牌|性别|年龄|出生|生日|民族|籍贯|户籍|学历|职业|工作单位|政治|家庭成员|人口|人数|紧急|"
    "网格员|楼长|楼栋长|单元长|产权|承租|居民|居住人|常住|成员|负责人|志愿者"
    r"|\b(?:owner|resident|tenant|occupant|contact|phone|mobile|tel|telephone|cell|cellphone|"
    r"e?mail|id card|id number|id no|identity|passport|nric|gender|sex|age|birthday|birth|dob|"
    r"first name|last name|surname|full name|person|people|wechat|bank|card no|plate|"
    r"householder|landlord|lessee|head of household)\b"
)
STATE = re.compile(
    "空置|空关|入住|居住状态|居住情况|居住类型|房屋状态|房态|使用状态|使用情况|状态|重点|关注|标签|独居|空巢|残疾|低保|"
    "高龄|孤寡|备注|走访|宣传|反诈|安装|装修|出租|自住|自用"
    r"|\b(?:vacant|vacancy|empty|occupied|occupancy|status|state|flags?|notes?|remarks?|comments?|"
    r"visited|installed|informed|rented)\b"
)
"""Columns that are recognised and never imported: people, and what only a visit may say."""

_SUFFIXES = {
    "building": re.compile("(?:楼栋|楼号|楼幢|幢号|栋号|楼宇)(?:号|编号|名称)?$"),
    "unit": re.compile("单元(?:号|编号)?$"),
    "room": re.compile("(?:房号|室号|房间号|房间|房屋编号)$"),
    "floors": re.compile("总(?:楼)?层数?$"),
    "floor": re.compile("(?<!总)楼层(?:号)?$"),
    "compound": re.compile("小区(?:名称|名)?$"),
    "grid": re.compile("网格(?:号|名称|编号)?$"),
    "address": re.compile("地址$"),
    "lon": re.compile("经度$"),
    "lat": re.compile("纬度$"),
}
_NOT_A_PLACE = re.compile(
    "面积|费|价|租金|日期|时间|户型|类型|电梯|车位|停车|车库|用途|性质|结构|年代|年份|单价"
)

ENDING_NOTES = re.compile(
    "^(?:注|说明|备注|提示|填表|填报|制表|审核|合计|总计|小计|共计|联系|单位负责人|日期|温馨提示|要求)[:：\\s0-9一二三四、]*"
    r"|^\W*(?:total|sum|note|notes|subtotal|source)\b",
    re.IGNORECASE,
)
HINTS = re.compile(
    "^[(（]?(?:必填|选填|可不填|非必填|文本|数字|示例|例如|例|格式|required|optional|text)",
    re.IGNORECASE,
)

_BRACKETS = re.compile(r"[(（\[【{][^)）\]】}]*[)）\]】}]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PUNCTUATION = re.compile(r"[\s_\-./:：*＊#'\"“”、,，;；?？!！·|]+")
_SIMPLIFIED = str.maketrans(
    "號樓棟單層間網區緯經總戶數電話證稱編門", "号楼栋单层间网区纬经总户数电话证称编门"
)
_CJK = re.compile("[\u3400-\u9fff]")
_BETWEEN_CJK = re.compile("(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")


def suffix_field(label: str) -> str | None:
    """The field of a longer Chinese heading by how it ends (`所在楼栋号`), or none."""
    if _NOT_A_PLACE.search(label):
        return None
    return next((f for f, pattern in _SUFFIXES.items() if pattern.search(label)), None)


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese character in the text."""
    return _CJK.search(text) is not None


def label_key(text: str) -> str:
    """A heading as it is compared: `楼号（必填）*` → `楼号`, `blkNo` → `blk no`."""
    text = unicodedata.normalize("NFKC", _CAMEL.sub(" ", text)).lower().translate(_SIMPLIFIED)
    plain = _PUNCTUATION.sub(" ", _BRACKETS.sub(" ", text)).strip()
    return _BETWEEN_CJK.sub("", plain or _PUNCTUATION.sub(" ", text).strip())
