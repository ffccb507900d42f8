"""The fixed tables of the invented district: names, units, posts, careers, activities.

Everybody in it is made up: names are put together from the lists here. `CAREERS` and `ACTIVITIES`
fix what the totals of the report count; everything else is drawn at random.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉力志建国华英玉兰梅晓红春燕宇浩轩子涵欣怡雨泽一诺思源嘉懿"
    "博睿俊哲书瑶可心若溪云帆启航清远佳宁承志亦凡立新素秋景行远山映雪青松知行安然昕悦承泽沐阳"
)
COUNTIES = _words(
    "茶陵县 炎陵县 攸县 醴陵市 浏阳市 宁乡市 湘潭县 湘乡市 韶山市 衡阳县 衡山县 祁东县 "
    "邵东市 新邵县 隆回县 洞口县 武冈市 平江县 湘阴县 汨罗市 桃源县 石门县 澧县 慈利县 "
    "桑植县 安化县 南县 资兴市 桂阳县 宜章县 祁阳市 道县 新田县 沅陵县 溆浦县 芷江县 "
    "双峰县 新化县 涟源市 泸溪县 凤凰县 永顺县"
)
SPECIALTIES = _words(
    "农学 法学 经济学 土木工程 计算机 汉语言文学 公共管理 社会工作 环境工程 会计学 "
    "城乡规划 新闻传播 统计学 机械工程 植物保护 水利工程"
)
# The townships and subdistricts, the villages and communities of the first district.
PLACES = _words("龙山 青溪 石门 桃园 东湖 学府")
HAMLETS = _words("桥头 云峰 清泉 竹坪 桃园 湖畔 书香")
PLACE_HEADS = "龙青石桃东学云清竹湖书桥松枫梅兰荷柳金银白红南北高长新永福和安泰太丰源明秀玉碧古"
PLACE_TAILS = "山溪门园湖府峰泉坪畔香头岭塘冲湾田桥洲口源坳江河港坡林台"

INVENTED = "（虚构示例）"


def new_name(draw: Random, names: set[str]) -> str:
    """Put a name together that nobody has yet, and add it to the names."""
    while True:
        length = draw.choice((1, 2, 2))
        name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=length))
        if name not in names:
            names.add(name)
            return name


def month_number(text: str) -> int:
    """Count the months since year 0 of a text such as "2021-08"."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


class UnitWords(NamedTuple):
    """One unit of a district; `{place0}` and `{hamlet0}` stand for its invented names."""

    kind: str
    name: str
    parent: int | None = None


# The position in the tuple is the unit's number; parents stand before their children.
UNITS = (
    UnitWords("district", "石峰区"),
    UnitWords("department", "区委组织部", 0),
    UnitWords("department", "区政府办公室", 0),
    UnitWords("department", "区发展和改革局", 0),
    UnitWords("department", "区农业农村局", 0),
    UnitWords("department", "区住房和城乡建设局", 0),
    UnitWords("department", "区信访局", 0),
    UnitWords("township", "{place0}镇", 0),
    UnitWords("township", "{place1}镇", 0),
    UnitWords("township", "{place2}乡", 0),
    UnitWords("subdistrict", "{place3}街道", 0),
    UnitWords("subdistrict", "{place4}街道", 0),
    UnitWords("subdistrict", "{place5}街道", 0),
    UnitWords("village", "{hamlet0}村", 7),
    UnitWords("village", "{hamlet1}村", 7),
    UnitWords("village", "{hamlet2}村", 8),
    UnitWords("village", "{hamlet3}村", 9),
    UnitWords("community", "{hamlet4}社区", 10),
    UnitWords("community", "{hamlet5}社区", 11),
    UnitWords("community", "{hamlet6}社区", 12),
)
TOWNS = range(7, 13)
VILLAGES = range(13, 20)


class PostWords(NamedTuple):
    """One post of a district: its unit's number, title, kind, rank, places, demands, hardship."""

    unit: int
    title: str
    kind: str
    rank: str
    capacity: int
    demands: str
    hardship: int


def _posts() -> tuple[PostWords, ...]:
    posts = [
        PostWords(0, "副区长", "leader", "副处", 2, "", 2),
        PostWords(0, "重点项目专班特派员", "secondment", "", 4, "土木工程;经济学", 3),
    ]
    fields = (
        "公共管理",
        "汉语言文学",
        "经济学;统计学",
        "农学;植物保护",
        "土木工程;城乡规划",
        "法学",
    )
    for unit, field in enumerate(fields, start=1):
        if unit >= 3:
            posts.append(PostWords(unit, "局长", "unit_head", "正科", 1, field, 2))
        if unit in (3, 4, 5):
            posts.append(PostWords(unit, "副局长", "deputy", "副科", 2, field, 2))
        if unit <= 5:
            posts.append(PostWords(unit, "综合科科员", "staff", "科员", 4, field, 1))
        if unit <= 2:
            posts.append(PostWords(unit, "两办综合秘书", "key", "科员", 2, field, 3))
    posts += [
        PostWords(3, "企业服务特派员", "secondment", "", 4, "经济学;会计学", 2),
        PostWords(4, "乡村振兴指导员", "secondment", "", 4, "农学", 4),
        PostWords(6, "信访接待专员", "secondment", "", 4, "法学;社会工作", 4),
    ]
    for unit in TOWNS:
        town = UNITS[unit].kind == "township"
        posts.append(
            PostWords(unit, "党委书记" if town else "党工委书记", "secretary", "正科", 1, "", 3)
        )
        if unit in (7, 8, 10, 11):
            posts.append(
                PostWords(unit, "镇长" if town else "办事处主任", "unit_head", "正科", 1, "", 3)
            )
        posts.append(PostWords(unit, "组织委员", "key", "副科", 1, "公共管理", 3))
        if unit != 12:
            posts.append(PostWords(unit, "党政办科员", "staff", "科员", 4, "汉语言文学", 2))
        if town:
            posts.append(
                PostWords(unit, "驻村工作队员", "grassroots", "科员", 3, "农学;社会工作", 4)
            )
        if unit in (11, 12):
            posts.append(PostWords(unit, "网格指导员", "platform", "", 2, "社会工作", 2))
    posts.append(PostWords(9, "乡村振兴特派员", "secondment", "", 4, "农学;水利工程", 5))
    for unit in VILLAGES:
        village = UNITS[unit].kind == "village"
        place, hardship = ("村", 5 if unit in (14, 16) else 4) if village else ("社区", 3)
        posts.append(PostWords(unit, f"{place}党总支书记", "secretary", "", 1, "", hardship))
        title = f"{place}党总支书记助理"
        demands = "农学;水利工程" if village else "社会工作"
        posts.append(PostWords(unit, title, "grassroots", "科员", 2, demands, hardship))
    return tuple(posts)


POSTS = _posts()


class PostingPattern(NamedTuple):
    """One posting after the grassroots: from which month, which kind, which kind of post, rank."""

    month: int
    kind: str
    post_kind: str
    rank: str


class CareerPath(NamedTuple):
    """One trainee's path: where the grassroots stage was, the home posts, what ran beside them."""

    cohort: int
    in_village: bool
    steps: tuple[PostingPattern, ...] = ()
    secondment: tuple[int, int | None] | None = None  # month, length in months (None: still open)
    platform: tuple[int, int | None] | None = None
    planned: int | None = None  # month of a planned posting after the grassroots


def _career(
    cohort: int,
    place: str,
    steps: str = "",
    secondment: str = "",
    platform: str = "",
    planned: str | None = None,
) -> CareerPath:
    """Read a career from words: `2018-09 staff 科员 / 2020-09 key 副科`."""
    kinds = {"key": "key_post", "moved": "rotation"}
    read = []
    for words in filter(None, steps.split(" / ")):
        month, post, rank = words.split()
        post_kind = "staff" if post == "moved" else post
        read.append(
            PostingPattern(month_number(month), kinds.get(post, "appointment"), post_kind, rank)
        )

    def beside(words: str) -> tuple[int, int | None] | None:
        month, _, months = words.partition(" ")
        return (month_number(month), int(months) if months else None) if words else None

    then = month_number(planned) if planned else None
    return CareerPath(
        cohort, place == "village", tuple(read), beside(secondment), beside(platform), then
    )


# The totals count on this table: 20 to villages since 2017, 12 key posts, 32 secondments, 2 / 5 /
# 10 promotions in 2021-07 to 2024-06, 7 heads of a unit. A master or doctor is a deputy section
# after the grassroots (a grade that counts as 副科), a bachelor four years after joining.
CAREERS = (
    _career(2015, "village", "2017-09 key 副科 / 2019-10 unit_head 正科 / 2022-11 leader 副处"),
    _career(2015, "village", "2017-09 deputy 副科 / 2019-12 unit_head 正科 / 2023-03 leader 副处",
            "2021-09 12"),
    _career(2015, "village", "2017-09 staff 科员 / 2019-10 key 副科 / 2021-11 unit_head 正科",
            "2022-03 12"),
    _career(2016, "village", "2018-09 staff 科员 / 2020-09 key 副科 / 2022-10 unit_head 正科",
            "2021-08 12"),
    _career(2016, "village",
            "2018-09 staff 科员 / 2019-10 moved 科员 / 2020-11 deputy 副科 / "
            "2022-12 unit_head 正科", "2021-10 12"),
    _career(2016, "village", "2018-09 staff 科员 / 2021-03 key 副科 / 2023-05 unit_head 正科",
            "2022-01 12"),
    _career(2016, "village", "2018-09 staff 科员 / 2021-02 deputy 副科", "2022-09 18"),
    _career(2017, "village", "2019-09 staff 科员 / 2021-09 key 副科 / 2023-10 unit_head 正科",
            "2022-06 12"),
    _career(2017, "township", "2019-09 staff 科员 / 2021-10 key 副科", "2023-01 12"),
    _career(2017, "village", "2019-09 staff 科员 / 2021-12 key 副科", "2023-04 12"),
    _career(2017, "township", "2019-09 staff 科员 / 2022-03 deputy 副科", "2021-08 6"),
    _career(2017, "village", "2019-09 staff 科员 / 2021-11 moved 科员", "2022-12 12"),
    _career(2018, "village", "2020-09 staff 科员 / 2022-09 key 副科", "2021-09 12"),
    _career(2018, "township", "2020-09 staff 科员 / 2022-11 key 副科", "2021-10 12"),
    _career(2018, "village", "2020-09 staff 科员 / 2023-02 deputy 副科", "2021-11 12"),
    _career(2018, "township", "2020-09 staff 科员", "2021-08"),  # seconded for almost three years
    _career(2018, "village", "2020-09 staff 科员 / 2022-04 moved 科员", "2023-02 12"),
    _career(2019, "village", "2021-09 staff 科员 / 2023-09 key 副科", "2022-02 12"),
    _career(2019, "township", "2021-09 staff 科员 / 2023-11 key 副科", "2022-04 12"),
    _career(2019, "village", "2021-09 staff 科员 / 2023-12 deputy 副科", "2022-05 12"),
    _career(2019, "township", "2021-09 key 科员 / 2023-08 staff 科员", "2023-10 12"),
    _career(2019, "village", "2021-09 staff 科员 / 2022-05 key 科员", "2023-11 12", "2023-03 6"),
    _career(2019, "township", "2021-09 staff 科员 / 2023-03 moved 科员", "2022-03 10"),
    _career(2020, "village", "2022-09 key 科员", "2023-12 12"),
    _career(2020, "township", "2022-09 staff 科员 / 2023-03 key 科员", "2024-02 12"),
    _career(2020, "village", "2022-09 staff 科员", "2023-06 12", "2022-11 6"),
    _career(2020, "township", "2022-09 staff 科员 / 2023-10 moved 科员", "2022-12 9"),
    _career(2020, "village", "2022-09 staff 科员 / 2024-01 moved 科员", "2023-01 11"),
    _career(2020, "township", "2022-09 staff 科员", "2023-02 12", "2024-03 6"),
    _career(2021, "village", "2023-09 key 科员", "2024-03 12"),
    _career(2021, "township", "2023-09 staff 科员", "2023-11 12"),
    _career(2021, "village", "2023-09 staff 科员", "2024-01 12"),
    _career(2021, "township", "2023-09 staff 科员", "2024-04 6"),
    _career(2021, "township", "2023-09 staff 科员", "", "2024-02"),
    _career(2021, "village"),  # still in the village after almost three years
    _career(2022, "village", planned="2024-09"),
    _career(2022, "township", planned="2024-09"),
    _career(2022, "village", planned="2024-09"),
    _career(2022, "township"),
    _career(2022, "village"),
    _career(2022, "township"),
    _career(2023, "village"),
    _career(2023, "township"),
    _career(2023, "village"),
    _career(2023, "township"),
    _career(2023, "township"),
)  # fmt: skip

# A few of the names of the first district: namesakes (5 and 33), four characters, two characters,
# a middle dot, a character outside the basic plane.
CHOSEN_NAMES = {
    5: "王伟", 18: "李娜", 24: "欧阳文博", 29: "贺一", 33: "王伟",
    37: "阿依努尔·赛买提", 40: "周𬀩",
}  # fmt: skip


class ActivityWords(NamedTuple):
    """One activity: when, which kind, its title, how many of the trainees come."""

    day: str
    kind: str
    title: str
    people: int  # 0: the whole cohort of that year


def _activities() -> tuple[ActivityWords, ...]:
    table = [
        *(ActivityWords(f"{year}-09-10", "first_lesson", f"{year}届选调生入职第一课", 0)
          for year in range(2015, 2024)),
        *(ActivityWords(f"{month}-12", "course", title, 8) for month, title in (
            ("2021-10", "年轻干部能力提升班"), ("2022-04", "乡村振兴专题班"),
            ("2022-10", "基层治理专题班"), ("2023-04", "年轻干部能力提升班"),
            ("2023-11", "招商与项目专题班"), ("2024-04", "应急管理专题班"))),
        *(ActivityWords(f"{year}-03-06", "party_school", f"{year}年中青年干部培训班", 10)
          for year in (2022, 2023, 2024)),
        *(ActivityWords(f"{month}-18", "onsite_teaching", title, people)
          for month, title, people in (
            ("2019-10", "红色教育基地现场教学", 6), ("2020-10", "乡村振兴示范村现场教学", 6),
            ("2021-09", "清水治理现场教学", 9), ("2022-02", "产业园区现场教学", 9),
            ("2022-05", "老旧小区改造现场教学", 9), ("2022-09", "乡村振兴示范村现场教学", 9),
            ("2023-02", "信访化解现场教学", 9), ("2023-05", "红色教育基地现场教学", 9),
            ("2023-09", "产业园区现场教学", 9), ("2024-02", "社区治理现场教学", 9),
            ("2024-05", "高标准农田现场教学", 9))),
        *(ActivityWords(f"{month}-22", "seminar", "选调生座谈会", 8)
          for month in ("2020-11", "2021-12", "2022-06", "2022-12", "2023-06", "2024-01")),
        *(ActivityWords(f"{month}-16", "reading_group", "青年读书分享会", 5)
          for month in ("2021-11", "2022-08", "2023-01", "2023-08", "2024-03")),
        *(ActivityWords(f"{month}-20", "contest", "公文写作与政策宣讲竞赛", 10)
          for month in ("2021-12", "2022-11", "2023-10")),
        *(ActivityWords(f"{month}-08", "lecture", "区级大讲堂", 12)
          for month in ("2022-03", "2022-11", "2023-05", "2024-04")),
        *(ActivityWords(f"{month}-25", "sit_in", "列席乡镇党委会", 4)
          for month in ("2022-01", "2022-07", "2023-01", "2023-07", "2024-01", "2024-05")),
        *(ActivityWords(f"{month}-15", "exchange", "赴先进地区学习交流", 6)
          for month in ("2022-08", "2023-08")),
        *(ActivityWords(f"{month // 12}-{month % 12 + 1:02d}-05", "grid_day", "网格日", 8)
          for month in range(2021 * 12 + 2, 2024 * 12 + 6)),
    ]  # fmt: skip
    return tuple(sorted(table))


ACTIVITIES = _activities()
