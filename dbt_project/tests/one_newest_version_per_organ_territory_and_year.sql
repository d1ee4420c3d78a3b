{{ config(meta={
    'description': '同一机关同一年度只有一个最新版本。 One newest version per organ, territory and year.',
    'dagster': {'ref': {'name': 'mart_organ_year'}},
}) }}
select organ_name, territory_code, report_year, count(*) as newest_versions
from {{ ref('mart_organ_year') }}
where version_rank = 1 and organ_name is not null and report_year is not null
group by organ_name, territory_code, report_year
having count(*) > 1
