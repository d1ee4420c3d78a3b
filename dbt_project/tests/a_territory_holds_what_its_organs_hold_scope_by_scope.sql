{{ config(meta={
    'description': '各地汇总等于其机关之和，逐范围计算。 A territory holds what its organs hold, scope by scope.',
    'dagster': {'ref': {'name': 'mart_territory_year'}},
}) }}
with organs as (
    select territory_code, scope, report_year, count(*) as organs, count(received) as figures, sum(received) as received
    from {{ ref('mart_organ_year') }}
    where organ_id is not null and territory_code is not null and report_year is not null
    group by all
)

select territory.territory_code, territory.scope, territory.report_year, territory.received, organs.received as of_organs
from {{ ref('mart_territory_year') }} as territory
full outer join organs
    on organs.territory_code = territory.territory_code
    and organs.scope = territory.scope
    and organs.report_year = territory.report_year
where territory.territory_code is null
    or territory.organs_found <> coalesce(organs.organs, 0)
    or territory.organs_found
    <> territory.organs_published + territory.organs_partly_published + territory.organs_quarantined
    or (territory.received is not null and territory.received <> organs.received)
    or (territory.received is null and organs.figures > 0 and organs.figures = territory.organs_with_requests)
