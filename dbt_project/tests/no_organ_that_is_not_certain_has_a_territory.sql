{{ config(meta={
    'description': '未确定的机关没有编号、区划、范围。 An organ that is not certain has no id, territory or scope.',
    'dagster': {'ref': {'name': 'dim_report'}},
}) }}
select report_version_id, organ_state, organ_id, territory_code, scope
from {{ ref('dim_report') }}
where (organ_state = 'resolved') <> (organ_id is not null and scope is not null)
    or (organ_state <> 'resolved' and (territory_code is not null or organ_type is not null))
