"""Claims of the prose: what is found in sentences of our own writing, and what must not be.

The second half of each line below is everything that is found; a line without it finds nothing.
"""

from __future__ import annotations

import polars as pl
import pytest

from assets.normalizing.claims.claim import Claim
from assets.normalizing.claims.finding import claims_of
from assets.normalizing.claims.numerals import read_number
from assets.normalizing.claims.patterns import PatternError, compiled, patterns
from assets.normalizing.claims.quantities import skeleton
from assets.normalizing.frames import normalized_frames
from assets.normalizing.prose import prose_of
from assets.parsing.frames import document_id_of, parsed_frames
from tests.real_reports import real_report

OVERVIEW, REQUESTS, DISPUTES, PLANS, OTHER = (
    "一、总体情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)
SILENT = ("other_matters", "fee_statement")
SHORT = {
    "requests.received.natural_person": "person", "requests.received.commercial_enterprise": "enterprise",
    "requests.received.public_interest_organization": "public",
    "requests.received.legal_service_institution": "legal", "requests.received.research_institution": "research",
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
全年未收到公民、法人或其他组织以任何形式提出的政府信息公开申请。 => received 0
没有接到群众要求公开政府信息的申请。 => received 0
收到申请9件,均在法定期限内完成答复。 => received 9; all_done 0?
全县受理依申请公开件25件,办结25件。 => received 25?; answered 25?
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
收到申请3件,其中商业企业2件,科研机构1件。 => received 3; enterprise 2; research 1; list_sum 3=2+1?
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
共收到申请15份,今年收到的3件政府信息公开申请均已按期办结。 => received 15; received 3; all_done 0
收到申请13件,结转下年0件,同比增长30%。 => received 13; carried_out 0
本年新收申请28件,上年结转2件,共计30件。 => received 28; carried_in 2
收到申请9件,无结转下年度申请。 => received 9; carried_out 0
共收到申请9件,已答复8件。 => received 9; answered 8
收到申请9件,9件已按时办结。 => received 9; answered 9
收到申请9件,全部办结。 => received 9; all_done 0
收到申请9件,均已按时办结。 => received 9; all_done 0
收到申请9件,均在法定期限内予以答复。 => received 9; all_done 0?
收到申请9件,全部依法答复。 => received 9; all_done 0?
收到申请9件,均按时办结,1件结转下年度办理。 => received 9; all_done 0?; carried_out 1
收到申请9件,答复率100%。 => received 9; reply_rate 100
收到申请85件,除2件结转下年外,均依法答复,答复率100%。 => received 85; carried_out 2; reply_rate 100
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
全年未收到行政许可申请。
未收到大量重复的政府信息公开申请。
通过信函未收到政府信息公开申请。
未收到法人或其他组织提出的政府信息公开申请。
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
对去年结转的2件申请,均已办结。 => carried_in 2
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
行政诉讼3件,其中未经复议直接起诉2件,复议后起诉1件。 => litigation 3; list_sum 3=2+1?
本年度行政复议2起,行政诉讼零起。 => reconsideration 2; litigation 0
发生行政复议案件6件和行政诉讼案件3件。 => reconsideration 6; litigation 3
其中行政复议结果维持5件,尚未审结1件,行政诉讼结果维持3件。
未出现因政府信息公开引起的行政诉讼和行政复议。 => no litigation 0; no reconsideration 0
行政复议案件4件,诉讼案件2件。 => reconsideration 4; litigation 2
行政复议、行政诉讼各1件。 => reconsideration 1; litigation 1
行政复议0件、行政诉讼0件。 => reconsideration 0; litigation 0
本年度无行政复议、行政诉讼案件。 => no litigation 0; no reconsideration 0
全年未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。 => no litigation 0; no reconsideration 0
全年无行政复议案件。 => no reconsideration 0
没有发生针对本机关政府信息公开的行政复议案、行政诉讼案。 => no litigation 0; no reconsideration 0
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
制定了5件行政规范性文件,废止2件规范性文件。 => issued 5; abolished 2
行政规范性文件中现行有效的18件。 => in_force 18
没有废止规范性文件。 => abolished 0
全年未制发行政规范性文件。 => issued 0
现行有效的行政规范性文件共计40件。 => in_force 40
主动公开信息1265条,其中政策文件41条,工作动态1200条,其他信息24条。 => list_sum 1265=41+1200+24
主动公开信息5500余条,其中政策文件500余条,工作动态5000条。 => list_sum 5500..5599=500+5000?
公开信息100条,其中政策类60条,网站公开90条。
公开信息90条,其中动态60条、其他信息30条(含通知5条);公开许可信息35条、处罚信息1条。 => list_sum 90=60+30
公开信息90条,其中:动态60条;公告20条;其他10条。 => list_sum 90=60+20+10
公开信息90条,其中其他信息30条,动态50条。 => list_sum 90=30+50?
公开规章13件(含新制定5件,废止4件),公开行政规范性文件42件。
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


# --- years, organs, sections


@pytest.mark.parametrize(
    ("year", "sentence", "expected"),
    [
        (2024, "2024年收到政府信息公开申请13件。", ["received 13"]),
        (2025, "2024年收到政府信息公开申请13件。", []),
        (2025, "二〇二五年收到政府信息公开申请13件。", ["received 13"]),
        (2025, "二〇二四年收到政府信息公开申请13件。", []),
        (2024, "结转2025年申请1件。", ["carried_out 1"]),
        (2025, "结转2025年申请1件。", []),
        (2024, "2023年结转申请1件。", ["carried_in 1"]),
        (2024, "2022年结转申请1件。", []),
        (None, "2024年收到政府信息公开申请13件。", []),
        (None, "全年收到政府信息公开申请13件,上年结转1件。", ["carried_in 1", "received 13"]),
        (2025, "2024年度收到申请9件,2025年度收到申请7件。", ["received 7"]),
        (2025, "2025年收到申请7件,较2024年减少2件,办结7件。", ["answered 7", "received 7"]),
        (2025, "按照《2024年工作要点》部署,全年收到政府信息公开申请7件。", ["received 7"]),
        (2025, "2024年,收到申请9件。均已办结。", []),
    ],
)
def test_only_the_report_year_is_claimed(year: int | None, sentence: str, expected: list[str]) -> None:
    found = [shown(claim) for claim in find(REQUESTS, sentence, year) if claim.kind not in SILENT]
    assert sorted(found) == expected


@pytest.mark.parametrize(("organ", "weak"), [("某县人民政府", False), ("某县人民政府办公室", True), (None, True)])
def test_words_of_a_wider_scope_are_weak_unless_a_government_speaks(organ: str | None, weak: bool) -> None:
    [claim] = find(REQUESTS, "全县收到政府信息公开申请88件。", organ=organ)
    assert (claim.strength == "weak") == weak


def test_a_claim_says_its_section_words_and_place() -> None:
    [claim] = find(REQUESTS, "工作有序开展。全年共收到政府信息公开申请13件,均为有效申请。")
    assert (claim.section, claim.text, claim.place) == (3, "全年共收到政府信息公开申请13件", "line 2")


def test_a_line_that_is_wrapped_is_read_as_one() -> None:
    first = "区政府办公室认真办理政府信息公开申请,本年度共收到政府信息公开申请1"
    found = claims_of(prose_of([(REQUESTS, "line 1"), (first, "line 2"), ("3件,全部办结。", "line 3")]), 2025)
    assert [shown(claim) for claim in found] == ["received 13", "all_done 0"]
    assert {claim.place for claim in found} == {"line 2"}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("(二)依申请公开情况", ["received 8", "all_done 0"]), ("(五)监督保障情况", []), ("二是办理建议提案情况。", [])],
)
def test_a_sub_heading_says_what_a_bare_count_counts(heading: str, expected: list[str]) -> None:
    blocks = [(OVERVIEW, "line 1"), (heading, "line 2"), ("全年共收到8件,均已办结。", "line 3")]
    assert [shown(claim) for claim in claims_of(prose_of(blocks), 2025)] == expected


@pytest.mark.parametrize(
    "sentence", ["下一步,确保政府信息公开申请均按时办结。", "力争答复率100%。", "今后收到政府信息公开申请1件答复1件。"]
)
def test_plans_are_no_claims(sentence: str) -> None:
    assert find(PLANS, sentence) == []


def test_every_mention_is_found_not_the_first_only() -> None:
    text = "收到政府信息公开申请13件。另外统计,全年受理依申请公开14件。"
    assert [shown(claim) for claim in find(REQUESTS, text)] == ["received 13", "received 14"]


@pytest.mark.parametrize(
    ("sentence", "stated"), [("未收取信息处理费。", True), ("本年度无其他需要报告的事项。", False)]
)
def test_section_six_is_known_to_have_text_and_to_speak_of_the_fee(sentence: str, stated: bool) -> None:
    kinds = {claim.kind for claim in find(OTHER, sentence)}
    assert "other_matters" in kinds
    assert ("fee_statement" in kinds) == stated


# --- numerals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0), ("〇", 0), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99), ("一百", 100),
        ("一百零三", 103), ("一百一十", 110), ("两千零五十", 2050), ("三千四百二十一", 3421), ("一万零五", 10005),
        ("十二万", 120000), ("一〇三", 103), ("1,234", 1234), ("12345", 12345),
        ("一百二", None), ("一万二", None), ("一二", None), ("十十", None), ("百百", None), ("1,23", None),
        ("0013", None), ("1234567890123", None),
    ],
)
def test_numerals(text: str, value: int | None) -> None:
    number_read = read_number(text)
    assert (number_read.value if number_read else None) == value


def test_a_wrong_pattern_is_refused_by_name() -> None:
    with pytest.raises(PatternError, match="no words are called {nowhere}"):
        compiled("收到{nowhere}")
    with pytest.raises(PatternError, match="收到"):
        compiled("收到(")


def test_every_pattern_is_met_by_a_sentence_of_these_tests() -> None:
    """A pattern that no sentence needs is either dead or untested."""
    sentences = [s for s, _ in IN_REQUESTS + IN_DISPUTES + IN_OVERVIEW + IN_OTHER + MORE]
    read = [skeleton(sentence, 2025).text for sentence in sentences]
    unmet = [p.words.pattern for p in patterns() if not any(p.words.search(text) for text in read)]
    assert unmet == []


MORE = lines("""
政府信息公开申请共收到6件。 => received 6
办理6件政府信息公开申请。 => received 6?
全年无政府信息公开申请。 => received 0
2件为上年结转。 => carried_in 2
上年度没有结转。 => carried_in 0
收到政府信息公开申请5件,4件为自然人,1件为法人。 => received 5; person 4; organisation 1
收到申请5件,社会公益组织3件,法律服务机构2件。 => received 5; public 3; legal 2
""")


@pytest.mark.parametrize(("sentence", "expected"), MORE)
def test_more_requests(sentence: str, expected: str) -> None:
    check(REQUESTS, sentence, expected)


# --- the five example reports: every statement of their figures, and nothing else

STATED = {
    "000": ["1 list_sum 12992", "1 list_sum 13", "1 received 13", "1 carried_in 1", "1 person 12", "1 organisation 1",
            "1 list_sum 13375", "3 received 13", "3 carried_in 1", "3 all_done 0", "4 reconsideration 2",
            "4 litigation 1", "6 fee 0"],
    "001": ["6 fee 0"],
    "002": ["1 received 24", "1 reconsideration 1", "6 fee 0"],
    "003": ["1 list_sum 1265", "1 received 16", "1 all_done 0", "6 fee 0"],
    "004": ["1 received 9", "1 all_done 0", "1 reply_rate 100", "1 reconsideration 1", "1 litigation 1", "6 fee 0"],
}


@pytest.mark.parametrize("number", STATED)
def test_every_statement_of_the_example_reports_is_found_and_nothing_else(number: str) -> None:
    file = real_report(number)
    content = file.read_bytes()
    parsed = parsed_frames([(document_id_of(content), file.name, content)])
    made = normalized_frames(
        parsed.parsed_documents, parsed.printed_tables, parsed.printed_text, parsed.observations
    )
    found = []
    for row in made.claims.filter(~pl.col("kind").is_in(SILENT)).iter_rows(named=True):
        kind = {"applicants": "person" if "natural" in str(row["subject"]) else "organisation"}.get(
            row["kind"], row["kind"]
        )
        assert row["lower"] == row["upper"]
        found.append(f"{row['section']} {kind} {row['lower']:.0f}")
    assert sorted(found) == sorted(STATED[number])
