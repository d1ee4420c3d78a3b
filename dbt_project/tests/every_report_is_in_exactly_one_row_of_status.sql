{{ config(meta={
    'description': '每份报告在 mart_report_status 中恰有一行，状态一致。 Every report is in exactly one row of status, with the status it has.',
    'dagster': {'ref': {'name': 'mart_report_status'}},
}) }}
select report.report_version_id, report.status, count(status.subject_id) as rows_of_status
from {{ ref('dim_report') }} as report
left join {{ ref('mart_report_status') }} as status
    on status.subject_id = report.report_version_id
    and status.subject = 'report'
    and status.status = report.status
group by report.report_version_id, report.status
having count(status.subject_id) <> 1
