{{ config(meta={
    'description': '每份报告恰有三张表的去向。 Every report has exactly three table states.',
    'dagster': {'ref': {'name': 'dim_report'}},
}) }}
select reports.report_version_id, count(states.table_code) as table_states
from {{ ref('dim_report') }} as reports
full outer join {{ ref('stg_table_states') }} as states on states.report_version_id = reports.report_version_id
group by reports.report_version_id
having count(states.table_code) <> 3 or reports.report_version_id is null
