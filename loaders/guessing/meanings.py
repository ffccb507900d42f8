"""What a column of an unknown file may mean, and the Chinese and English headings that say so."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.readers.headings import normal_heading


@dataclass(frozen=True)
class Meaning:
    """One meaning: its titles, and the headings by which it is known."""

    key: str
    zh: str
    en: str
    headings: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return its title in a language."""
        return self.en if language == "en" else self.zh


# key: Chinese title, English title, headings with commas between them
_KNOWN = {
    "person_id": (
        "人员：编号",
        "Person: id",
        "人员编号,工号,学号,编号,id,person id,staff id,"
        "employee id,student id,player id,personnel number,pernr,pid",
    ),
    "person": (
        "人员：姓名",
        "Person: name",
        "姓名,名字,人员,人员姓名,干部,干部姓名,name,full name,person,employee,staff,holder",
    ),
    "person_family": ("人员：姓", "Person: family name", "姓,姓氏"),
    "cohort": (
        "人员：届",
        "Person: cohort",
        "届,届别,届次,年级,选调年份,入选年份,cohort,class of,year of entry,"
        "degree year,graduation year",
    ),
    "joined_on": (
        "人员：入职日期",
        "Person: joined on",
        "入职日期,入职时间,参加工作时间,工作时间,报到日期,joined on,joined,entry date,"
        "hire date,hired",
    ),
    "born_on": (
        "人员：出生日期",
        "Person: born on",
        "出生日期,出生年月,出生时间,生日,born on,born,birth date,date of birth,birthday,"
        "birth year,dob",
    ),
    "native_place": (
        "人员：籍贯",
        "Person: native place",
        "籍贯,出生地,户籍,native place,birthplace,hometown,origin",
    ),
    "education": (
        "人员：学历",
        "Person: education",
        "学历,学位,文化程度,学历学位,education,degree,degrees",
    ),
    "specialties": (
        "人员：专长",
        "Person: specialties",
        "专长,专业,特长,所学专业,specialties,specialty,major,field,skills",
    ),
    "status": (
        "人员：状态",
        "Person: status",
        "状态,人员状态,在职状态,status,state",
    ),
    "mentor_id": (
        "导师：编号",
        "Mentor: id",
        "导师编号,导师工号,师傅编号,mentor id,supervisor id,advisor id,teacher id,source id,"
        "from id,start id,mentor ids,advisor ids,parent id,manager id,reports to,boss id",
    ),
    "mentor": (
        "导师：姓名",
        "Mentor: name",
        "导师,导师姓名,师傅,师父,带教老师,带教导师,指导老师,指导教师,老师,mentor,mentor name,"
        "supervisor,advisor,adviser,teacher,coach,source,from person",
    ),
    "mentor_family": ("导师：姓", "Mentor: family name", "导师姓"),
    "trainee_id": (
        "学员：编号",
        "Trainee: id",
        "学员编号,徒弟编号,学生编号,trainee id,mentee id,advisee id,target id,to id,"
        "end id,mentee ids,advisee ids",
    ),
    "trainee": (
        "学员：姓名",
        "Trainee: name",
        "学员,学员姓名,徒弟,弟子,学生,学生姓名,选调生,trainee,trainee name,mentee,student,"
        "advisee,apprentice,target,destination",
    ),
    "trainee_family": ("学员：姓", "Trainee: family name", "学员姓"),
    "unit_id": (
        "单位：编号",
        "Unit: id",
        "单位编号,单位代码,机构编号,部门编号,unit id,organisation id,organization id,"
        "department id,team id",
    ),
    "unit": (
        "单位：名称",
        "Unit: name",
        "单位,单位名称,工作单位,所在单位,部门,机构,科室,unit,organisation,organization,"
        "department,office,institution,team,employer,company,court,hospital,university,orgeh",
    ),
    "part_of": (
        "单位：上级单位",
        "Unit: part of",
        "上级单位,主管单位,上级部门,隶属,part of,parent,parent unit",
    ),
    "post_id": (
        "岗位：编号",
        "Post: id",
        "岗位编号,职务编号,post id,position id",
    ),
    "post": (
        "岗位：名称",
        "Post: title",
        "岗位,岗位名称,职务,职位,现任职务,担任职务,post,position,title,job,job title,role,plans",
    ),
    "rank": (
        "职级",
        "Rank",
        "职级,级别,职务级别,rank,grade,level",
    ),
    "kind": (
        "类别（任职或师徒关系）",
        "Kind (of the posting or tie)",
        "类别,类型,方式,关系,任职类别,结对类别,kind,type,relation,category",
    ),
    "since": (
        "开始日期",
        "From",
        "开始,开始日期,开始时间,起始日期,起始时间,起,任职时间,任职日期,任现职时间,到任时间,结对时间,"
        "结对日期,日期,since,start,start date,begin,from,from date,date,year,"
        "effective date,commission date,begda,起止时间,起止年月,任职起止时间,period,timeset",
    ),
    "until": (
        "结束日期（当天不计入）",
        "Until (that day excluded)",
        "结束,结束日期,结束时间,截止日期,止,免职时间,离任时间,离任日期,until,end,end date,to,"
        "to date,stop,termination date,endda",
    ),
}

MEANINGS: dict[str, Meaning] = {
    key: Meaning(key, zh, en, tuple(map(normal_heading, headings.split(","))))
    for key, (zh, en, headings) in _KNOWN.items()
}
