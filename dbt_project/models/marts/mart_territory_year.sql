-- One row per territory, year and scope: what its organs reported together, and how many of them are known of. Scopes are
-- never added to one another, and a territory's row holds its own organs, not those of the territories within it.
with organs as (
    select *
    from {{ ref('mart_organ_year') }}
    where organ_id is not null and report_year is not null and territory_code is not null
),

-- where an organ of last year is expected: where it reports this year, else where it was known last
expected as (
    select
        coalesce(this.territory_code, organ.territory_code) as territory_code,
        before.scope,
        before.report_year + 1 as report_year,
        count(distinct before.organ_id) as organs
    from organs as before
    left join organs as this
        on this.organ_id = before.organ_id
        and this.scope = before.scope
        and this.report_year = before.report_year + 1
    left join {{ ref('dim_organ') }} as organ on organ.organ_id = before.organ_id
    where before.report_year < (select max(report_year) from organs)
    group by 1, 2, 3
),

found as (
    select
        territory_code,
        scope,
        report_year,
        count(*) as organs_found,
        count(*) filter (where status = 'published') as organs_published,
        count(*) filter (where status = 'partly_published') as organs_partly_published,
        count(*) filter (where status = 'quarantined') as organs_quarantined,
        count(*) filter (where requests_state = 'published') as organs_with_requests
        {%- for figure in ['received', 'carried_in', 'workload', 'outcome_total', 'carried_out'] %},
        {{ complete_sum("requests_state = 'published'", figure) }} as {{ figure }}
        {%- endfor %}
        {%- for indicator in indicators() if indicator.kind == 'rate' %}
        {%- set both = indicator.code ~ '_numerator is not null and ' ~ indicator.code ~ '_denominator is not null' %},
        sum({{ indicator.code }}_numerator) filter (where {{ both }}) as {{ indicator.code }}_n,
        sum({{ indicator.code }}_denominator) filter (where {{ both }}) as {{ indicator.code }}_d,
        count(*) filter (where {{ both }}) as {{ indicator.code }}_organs
        {%- endfor %}
    from organs
    group by territory_code, scope, report_year
),

names as (
    select code, any_value(name order by coalesce(valid_to, '9999-12-31') desc) as name,
        any_value(level order by coalesce(valid_to, '9999-12-31') desc) as level
    from {{ ref('dim_territory') }}
    group by code
),

breaks as (
    select first_report_year, string_agg(distinct series_break, ',' order by series_break) as series_break
    from {{ ref('stg_series_breaks') }}
    group by first_report_year
)

select
    coalesce(found.territory_code, expected.territory_code) as territory_code,
    names.name as territory_name,
    names.level,
    coalesce(found.scope, expected.scope) as scope,
    coalesce(found.report_year, expected.report_year) as report_year,
    breaks.series_break,
    cast(expected.organs as integer) as organs_expected,
    cast(coalesce(found.organs_found, 0) as integer) as organs_found,
    cast(coalesce(found.organs_published, 0) as integer) as organs_published,
    cast(coalesce(found.organs_partly_published, 0) as integer) as organs_partly_published,
    cast(coalesce(found.organs_quarantined, 0) as integer) as organs_quarantined,
    cast(coalesce(found.organs_with_requests, 0) as integer) as organs_with_requests,
    {%- for figure in ['received', 'carried_in', 'workload', 'outcome_total', 'carried_out'] %}
    cast(found.{{ figure }} as bigint) as {{ figure }},
    {%- endfor %}
    {%- for indicator in indicators() if indicator.kind == 'rate' %}
    {{ rate(indicator.code, 'found.' ~ indicator.code ~ '_n', 'found.' ~ indicator.code ~ '_d') }},
    cast(coalesce(found.{{ indicator.code }}_organs, 0) as integer) as {{ indicator.code }}_organs
    {{- ',' if not loop.last }}
    {%- endfor %}
from found
full outer join expected
    on expected.territory_code = found.territory_code
    and expected.scope = found.scope
    and expected.report_year = found.report_year
left join names on names.code = coalesce(found.territory_code, expected.territory_code)
left join breaks on breaks.first_report_year = coalesce(found.report_year, expected.report_year)
