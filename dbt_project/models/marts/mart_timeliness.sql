-- When each report was published, against the deadline of its organ. One row per report: the earliest date that any of its
-- versions states, for a corrected version is no late one.
with reports as (
    select
        coalesce(version.report_id, report.report_version_id) as subject_id,
        version.is_current,
        report.*
    from {{ ref('dim_report') }} as report
    inner join {{ ref('report_versions') }} as version on version.report_version_id = report.report_version_id
),

dates as (
    select
        subject_id,
        min(signed_date) as signed_date,
        min(published_date) as published_date,
        min(first_seen) as first_received_at
    from reports
    group by subject_id
),

with_deadline as (
    select
        reports.*,
        deadline.deadline_kind,
        deadline.basis_zh,
        deadline.basis_en,
        make_date(reports.report_year + 1, deadline.deadline_month, deadline.deadline_day) as deadline
    from reports
    left join {{ ref('stg_deadline_kinds') }} as kind on kind.report_version_id = reports.report_version_id
    left join {{ ref('stg_deadlines') }} as legacy
        on legacy.last_report_year is not null and reports.report_year <= legacy.last_report_year
    left join {{ ref('stg_deadlines') }} as deadline
        on deadline.deadline_kind
        = case when reports.report_year is not null then coalesce(legacy.deadline_kind, kind.deadline_kind) end
    where reports.is_current
)

select
    report.report_version_id,
    report.organ_id,
    report.organ_name,
    report.territory_code,
    report.organ_type,
    report.scope,
    report.report_year,
    report.deadline_kind,
    report.deadline,
    report.basis_zh,
    report.basis_en,
    dates.signed_date,
    dates.published_date,
    dates.first_received_at,
    cast(date_diff('day', report.deadline, dates.published_date) as integer) as days_after_deadline,
    case when report.deadline_kind <> 'soft' then dates.published_date > report.deadline end as is_late
from with_deadline as report
inner join dates on dates.subject_id = report.subject_id
