-- One row per piece of evidence for what a report states about itself; dim_report holds the values taken.
select
    evidence.report_version_id,
    report.organ_name,
    report.report_year,
    evidence.fact,
    evidence.source,
    evidence.value,
    evidence.words,
    evidence.place,
    evidence.standing,
    evidence.report_year_partition
from {{ ref('stg_document_facts') }} as evidence
inner join {{ ref('dim_report') }} as report on report.report_version_id = evidence.report_version_id
where {{ is_rebuilt('evidence.report_year_partition') }}
