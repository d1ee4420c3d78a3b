{{ config(meta={
    'description': '每个机关每年度每范围恰采用一个版本。 Every organ, year and scope shows exactly one version.',
    'dagster': {'ref': {'name': 'report_versions'}},
}) }}
select coalesce(report_id, report_version_id) as report_id, count(*) filter (where is_current) as versions_shown
from {{ ref('report_versions') }}
group by 1
having count(*) filter (where is_current) <> 1
