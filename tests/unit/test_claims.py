"""Claims of the prose: what is found in sentences of our own writing, and what must not be.

The second half of each line below is everything that is found; a line without it finds nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.normalizing.claims.claim import Claim
from assets.normalizing.claims.finding import claims_of
from assets.normalizing.claims.numerals import read_number
from assets.normalizing.facts import facts_of
from assets.normalizing.prose import prose_of
from assets.parsing.frames import document_id_of, parsed_frames

SHARED = Path(__file__).resolve().parents[3] / "shared" / "reports"
OVERVIEW, REQUESTS, DISPUTES, PLANS, OTHER = (
    "一、总体情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)
SILENT = ("other_matters", "fee_statement")
SHORT = {
    "requests.received.natural_person": "person", "requests.received.commercial_enterprise": "enterprise",
}


def find(section: str, text: str, year: int | None = 2025, organ: str | None = None) -> list[Claim]:
    return claims_of(prose_of([(section, "line 1"), (text, "line 2")]), year, organ)


def number(value: float | None) -> str:
    return "" if value is None else str(int(value)) if value == int(value) else str(value)


def shown(claim: Claim) -> str:
    subject = claim.subject or ""
    name = {"applicants": "organisation", "no_disputes": f"no {subject}"}.get(claim.kind, claim.kind)
    if claim.kind in ("applicants", "no_disputes") and subject in SHORT:
        name = SHORT[subject] if claim.kind == "applicants" else f"no {SHORT[subject]}"
    low, high = number(claim.lower), number(claim.upper)
    value = low if low == high else f"{low}..{high}"
    parts = "=" + "+".join(number(part[0]) for part in claim.parts) if claim.parts else ""
    return f"{name} {value}{parts}{'?' if claim.strength == 'weak' else ''}"


def lines(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition("=>") for line in text.strip().splitlines())
    return [(sentence.strip(), found.strip()) for sentence, _, found in pairs]


def check(section: str, sentence: str, expected: str) -> None:
    found = [shown(claim) for claim in find(section, sentence) if claim.kind not in SILENT]
    assert sorted(found) == sorted(filter(None, expected.split("; ")))


IN_REQUESTS = lines("""
全年共收到政府信息公开申请13件。 => received 13
2025年,本机关收到依申请公开申请二十七件。 => received 27
本年度受理政府信息公开申请一百零三件。 => received 103
今年收到两件依申请公开申请。 => received 2
收到政府信息公开申请1,234件。 => received 1234
收到政府信息公开申请〇件。 => received 0
收到政府信息公开申请40余件。 => received 40..49
收到政府信息公开申请100多件。 => received 100..199
收到政府信息公开申请近100件。 => received 0..100
收到政府信息公开申请约40件。 => received 30..50
收到政府信息公开申请100件以上。 => received 100..
收到政府信息公开申请超过200件。 => received 200..
收到政府信息公开申请1.2万件。 => received 11500..12500
本年度未收到政府信息公开申请。 => received 0
全年没有收到公民提出的依申请公开事项。 => received 0
全年无依申请公开事项。 => received 0
共有5件政府信息公开申请。 => received 5
政府信息公开申请受理量为18件。 => received 18
全年办理依申请公开30件。 => received 30?
全市共收到政府信息公开申请560件。 => received 560?
全县各部门收到依申请公开88件。 => received 88?
共收到申请15件,其中自然人申请12件,法人或其他组织申请3件。 => received 15; person 12; organisation 3; list_sum 15=12+3?
收到申请6件,自然人4件、法人和其他组织2件。 => received 6; person 4; organisation 2
收到申请3件,其中商业企业2件,科研机构1件。 => received 3; enterprise 2; organisation 1; list_sum 3=2+1?
共收到申请20件,上年结转2件,办结21件,结转下年度1件。 => received 20; carried_in 2; answered 21; carried_out 1
上年度结转政府信息公开申请3件。 => carried_in 3
2024年结转至2025年申请2件。 => carried_in 2
结转上年度申请4件。 => carried_in 4
无上年结转申请,收到申请7件。 => carried_in 0; received 7
上年无结转。 => carried_in 0
结转2026年继续办理2件。 => carried_out 2
3件申请按规定顺延至下一年度办理。 => carried_out 3
1件正在办理中,结转下年度。 => carried_out 1
收到申请9件,无结转。 => received 9; carried_out 0
收到申请9件,无结转下年度申请。 => received 9; carried_out 0
共收到申请9件,已答复8件。 => received 9; answered 8
收到申请9件,9件已按时办结。 => received 9; answered 9
收到申请9件,全部办结。 => received 9; all_done 0
收到申请9件,均已按时办结。 => received 9; all_done 0
收到申请9件,均在法定期限内予以答复。 => received 9; all_done 0?
收到申请9件,全部依法答复。 => received 9; all_done 0?
收到申请9件,均按时办结,1件结转下年度办理。 => received 9; all_done 0?; carried_out 1
收到申请9件,答复率100%。 => received 9; reply_rate 100
收到申请9件,按时办结率达到98.5%。 => received 9; reply_rate 98.5
收到申请9件,办结率为百分之百。 => received 9; reply_rate 100
办结12件,其中予以公开3件,占25%。 => answered 12; percent 25=3
收到申请12件,予以公开5件、部分公开3件、不予公开4件。 => received 12
收到申请12件,其中予以公开5件、部分公开3件、其他处理4件。 => received 12; list_sum 12=5+3+4
收到申请12件,其中网上申请8件,信函申请4件,已办结12件。 => received 12; list_sum 12=8+4?; answered 12
""")

NOT_IN_REQUESTS = lines("""
2023年收到政府信息公开申请13件。
2023年,我局收到政府信息公开申请13件,全部办结。
上年收到政府信息公开申请13件。
去年受理依申请公开申请12件。
较上年增加3件。
收到申请数量较上年的12件有所上升。
与2024年的12件申请相比基本持平。
同比增长20%。
截至目前,累计收到政府信息公开申请356件。
自2008年以来共收到政府信息公开申请1200件。
近三年来收到政府信息公开申请66件。
截至2025年底,累计受理依申请公开356件。
历年共收到政府信息公开申请900件。
依据条例第三十三条、第三十六条第(一)项作出答复。
收到人大建议和政协提案24件,均已办结答复。
受理12345热线工单1200件,办结率100%。
收到信访件30件,全部办结。
办理群众留言166条,答复率100%。
收到意见箱来信5件。
收到政府信息公开申请12345678901234件。
收到政府信息公开申请十几件。
收到数十件政府信息公开申请。
收到政府信息公开申请3至5件。
如有疑问请与本机关联系,电话010-12345678。
第二件申请已答复。
依据国办公开办函〔2021〕30号编制。
未全部办结。
尚未全部办结的申请将继续跟进。
确保依申请公开件全部办结。
力争答复率100%。
下一步,做到申请件件有答复,均按时办结。
上年结转的1件申请已全部办结。 => carried_in 1
其余申请均已答复。
除2件外均已办结。
平均办结时限为12个工作日。
不予受理政府信息公开申请3件。
通过信函收到政府信息公开申请2件。
其中收到政府信息公开申请2件。
收到撤回政府信息公开申请2件。
要求各单位收到政府信息公开申请1件、登记1件。
逾期答复2件。
收到行政复议申请2件。
开展培训3次,参训120人次。
高效办成一件事。
收到关于一件事一次办的咨询8件。
申请人数为13人。
""")

IN_DISPUTES = lines("""
因政府信息公开被申请行政复议2件,被提起行政诉讼1件。 => reconsideration 2; litigation 1
本年度发生行政复议三件、行政诉讼两件。 => reconsideration 3; litigation 2
收到1件行政复议、1件行政诉讼。 => reconsideration 1; litigation 1
行政复议案件4件,诉讼案件2件。 => reconsideration 4; litigation 2
行政复议、行政诉讼各1件。 => reconsideration 1; litigation 1
行政复议0件、行政诉讼0件。 => reconsideration 0; litigation 0
本年度无行政复议、行政诉讼案件。 => no litigation 0; no reconsideration 0
全年未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。 => no litigation 0; no reconsideration 0
全年无行政复议案件。 => no reconsideration 0
未因政府信息公开被提起行政诉讼。 => no litigation 0
本年度没有行政复议和诉讼。 => no litigation 0; no reconsideration 0
未发生行政复议,行政诉讼1件。 => no reconsideration 0; litigation 1
行政复议、行政诉讼均为0。 => reconsideration 0; litigation 0
收到行政复议5件,其中维持3件,纠正2件。 => reconsideration 5; list_sum 5=3+2?
""")

NOT_IN_DISPUTES = lines("""
行政复议、行政诉讼共3件。
行政复议和行政诉讼案件3件。
行政复议结果维持2件。
行政复议纠正1件。
行政诉讼一审1件。
无行政复议纠错案件。
未经复议直接起诉的情形按规定统计。
对答复不服的,可以申请行政复议或者提起行政诉讼。
2024年收到行政复议2件。
行政复议同比减少3件。
上年结转行政复议1件。
依照行政复议法第十二条办理。
""")

IN_OVERVIEW = lines("""
全年制发行政规范性文件3件,废止2件,现行有效18件。 => issued 3; abolished 2; in_force 18
出台规范性文件5件。 => issued 5
全年未制发行政规范性文件。 => issued 0
现行有效的行政规范性文件共计40件。 => in_force 40
主动公开信息1265条,其中政策文件41条,工作动态1200条,其他信息24条。 => list_sum 1265=41+1200+24
主动公开信息5500余条,其中政策文件500余条,工作动态5000条。 => list_sum 5500..5599=500+5000?
公开信息100条,其中政策类60条,网站公开90条。
召开发布会2场,其中发布信息30条,解读5条。
全年培训3次,其中参训100人次、120人次。
全年收到依申请公开11件,行政复议2件,均已答复。 => received 11; reconsideration 2
全年依申请公开收到9件,其中引发行政复议1件。 => received 9; reconsideration 1
全年发生行政复议案件120件。
印发文件35件。
发布规章和规范性文件共3件。
废止和修改规范性文件5件。
收到12件。
均已办结。
""")

IN_OTHER = lines("""
本机关2025年度未收取政府信息公开信息处理费。 => fee 0
本年度没有向申请人收取任何费用。 => fee 0
本年度收取信息处理费0元。 => fee 0
全年收取政府信息公开信息处理费1.2万元。 => fee 11500..12500
依申请公开信息处理费共计320元。 => fee 320
信息处理费收入为0。 => fee 0
本年度无信息处理费。 => fee 0
全年行政事业性收费收取资金300万元。
依照信息处理费管理办法执行。
""")


@pytest.mark.parametrize(("sentence", "expected"), IN_REQUESTS + NOT_IN_REQUESTS)
def test_requests(sentence: str, expected: str) -> None:
    check(REQUESTS, sentence, expected)


@pytest.mark.parametrize(("sentence", "expected"), IN_DISPUTES + NOT_IN_DISPUTES)
def test_disputes(sentence: str, expected: str) -> None:
    check(DISPUTES, sentence, expected)


@pytest.mark.parametrize(("sentence", "expected"), IN_OVERVIEW)
def test_overview(sentence: str, expected: str) -> None:
    check(OVERVIEW, sentence, expected)


@pytest.mark.parametrize(("sentence", "expected"), IN_OTHER)
def test_fees(sentence: str, expected: str) -> None:
    check(OTHER, sentence, expected)
