{{ config(meta={
    'description': '政府与其办公厅（室）不是同一机关，范围也不同。 A government and its office are never one organ, nor one scope.',
    'dagster': {'ref': {'name': 'dim_report'}},
}) }}
select organ_id, count(distinct organ_type) as types, count(distinct scope = 'own_organ') as kinds_of_scope
from {{ ref('dim_report') }}
where organ_id is not null and scope <> 'system'
group by organ_id
having count(distinct organ_type) > 1 or count(distinct scope = 'own_organ') > 1
