-- One row per piece of evidence for whose report it is; dim_report holds the result.
select
    evidence.report_version_id,
    evidence.piece_no,
    report.organ_state,
    evidence.kind,
    evidence.kind_zh,
    evidence.kind_en,
    evidence.says,
    evidence.words,
    evidence.place,
    evidence.standing,
    evidence.report_year_partition
from {{ ref('stg_organ_evidence') }} as evidence
inner join {{ ref('dim_report') }} as report on report.report_version_id = evidence.report_version_id
where {{ is_rebuilt('evidence.report_year_partition') }}
