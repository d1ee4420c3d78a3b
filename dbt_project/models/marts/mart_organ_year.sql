-- One row per organ, year and scope: the newest accepted version, with all indicators. A report whose organ or year is
-- not certain is a row of its own. Every figure is NULL as soon as one of its cells is.
with table_states as (
    select
        report_version_id,
        max(state) filter (where table_code = 'requests') as requests_state,
        max(state) filter (where table_code = 'reconsideration_litigation') as remedies_state,
        max(state) filter (where table_code = 'proactive_disclosure') as proactive_disclosure_state
    from {{ ref('stg_table_states') }}
    group by report_version_id
),

breaks as (
    select first_report_year, string_agg(distinct series_break, ',' order by series_break) as series_break
    from {{ ref('stg_series_breaks') }}
    group by first_report_year
),

terms as (
    select
        report.report_version_id,
        version.report_id,
        report.organ_id,
        report.organ_name,
        report.territory_code,
        report.organ_type,
        organ.level,
        report.scope,
        report.report_year,
        breaks.series_break,
        report.status,
        version.version_number,
        version.version_count,
        coalesce(table_states.requests_state, 'missing') as requests_state,
        coalesce(table_states.remedies_state, 'missing') as remedies_state,
        coalesce(table_states.proactive_disclosure_state, 'missing') as proactive_disclosure_state,
        coalesce(figures.requests_reconstructed, 0) as requests_reconstructed,
        report.edition_requests,
        cast(figures."requests.received.total" as bigint) as received,
        cast(figures."requests.carried_in.total" as bigint) as carried_in,
        cast(figures."requests.outcome_total.total" as bigint) as outcome_total,
        cast(figures."requests.carried_out.total" as bigint) as carried_out
        {%- for indicator in indicators() if indicator.kind in ('count', 'rate') %},
        cast({{ indicator.numerator }} as bigint) as {{ indicator.code }}_n
        {%- if indicator.kind == 'rate' %},
        cast({{ indicator.denominator }} as bigint) as {{ indicator.code }}_d
        {%- endif %}
        {%- endfor %}
    from {{ ref('dim_report') }} as report
    inner join {{ ref('report_versions') }} as version
        on version.report_version_id = report.report_version_id and version.is_current
    left join {{ ref('dim_organ') }} as organ on organ.organ_id = report.organ_id
    left join {{ ref('organ_figures') }} as figures on figures.report_version_id = report.report_version_id
    left join table_states on table_states.report_version_id = report.report_version_id
    left join breaks on breaks.first_report_year = report.report_year
),

-- an organ is followed through a renaming, not through mergers and splits
followed as (
    select organ_id, organ_id as known_as from {{ ref('dim_organ') }}
    union
    select new_organ_id as organ_id, old_organ_id as known_as from {{ ref('organ_lineage') }} where kind = 'rename'
),

year_before as (
    select this.report_version_id, case when count(*) = 1 then max(before.received) end as received
    from terms as this
    inner join followed on followed.organ_id = this.organ_id
    inner join terms as before
        on before.organ_id = followed.known_as
        and before.scope = this.scope
        and before.report_year = this.report_year - 1
    group by this.report_version_id
),

rates as (
    select
        terms.report_version_id
        {%- for indicator in indicators() if indicator.kind != 'count' %},
        {% if indicator.kind == 'rate' -%}
        {{ rate(indicator.code, 'terms.' ~ indicator.code ~ '_n', 'terms.' ~ indicator.code ~ '_d') }}
        {%- elif indicator.kind == 'growth' -%}
        terms.received as {{ indicator.code }}_numerator,
        year_before.received as {{ indicator.code }}_denominator,
        cast(terms.received as double) / nullif(cast(year_before.received as double), 0) - 1 as {{ indicator.code }}
        {%- elif indicator.kind == 'per_population' -%}
        terms.received as {{ indicator.code }}_numerator,
        people.population as {{ indicator.code }}_denominator,
        cast(terms.received as double) / nullif(cast(people.population as double), 0) * 100000 as {{ indicator.code }}
        {%- else -%}
        cast(terms.{{ indicator.numerator }}_n as double) / nullif(cast(terms.{{ indicator.numerator }}_d as double), 0)
            - cast(terms.{{ indicator.denominator }}_n as double)
            / nullif(cast(terms.{{ indicator.denominator }}_d as double), 0) as {{ indicator.code }}
        {%- endif %}
        {%- endfor %}
    from terms
    left join year_before on year_before.report_version_id = terms.report_version_id
    left join {{ ref('stg_populations') }} as people
        on terms.scope = 'government_territory'
        and people.territory_code = terms.territory_code
        and people.report_year = terms.report_year
),

-- ranks are among the organs alike: of one year, scope, level and type. Apart, for each rank sorts what stands beside it.
peers as (
    select
        report_version_id,
        organ_id is not null and report_year is not null as is_certain,
        dense_rank() over (order by report_year, scope, level, organ_type) as peers
    from terms
),

ranks as (
    select
        rates.report_version_id
        {%- for indicator in indicators() if indicator.kind != 'count' %}
        {%- set few = 'rates.' ~ indicator.code ~ '_denominator' if indicator.kind != 'difference'
            else 'least(rates.' ~ indicator.numerator ~ '_denominator, rates.' ~ indicator.denominator ~ '_denominator)' %}
        {%- set ranked = 'peers.is_certain and rates.' ~ indicator.code ~ ' is not null and ' ~ few ~ ' >= 10' %},
        cast(case when {{ ranked }} then rank() over (
            partition by peers.peers, {{ ranked }} order by rates.{{ indicator.code }} desc
        ) end as integer) as {{ indicator.code }}_rank
        {%- endfor %}
    from rates
    inner join peers on peers.report_version_id = rates.report_version_id
)

select
    terms.report_version_id,
    terms.report_id,
    terms.organ_id,
    terms.organ_name,
    terms.territory_code,
    terms.organ_type,
    terms.level,
    terms.scope,
    terms.report_year,
    terms.series_break,
    terms.status,
    terms.version_number,
    terms.version_count,
    terms.requests_state,
    terms.remedies_state,
    terms.proactive_disclosure_state,
    terms.requests_reconstructed,
    terms.edition_requests,
    terms.received,
    terms.carried_in,
    terms.outcome_total,
    terms.carried_out
    {%- for indicator in indicators() %},
    {% if indicator.kind == 'count' -%}
    terms.{{ indicator.code }}_n as {{ indicator.code }}
    {%- else -%}
    {%- if indicator.kind != 'difference' -%}
    rates.{{ indicator.code }}_numerator,
    rates.{{ indicator.code }}_denominator,
    {% endif -%}
    rates.{{ indicator.code }},
    ranks.{{ indicator.code }}_rank
    {%- endif %}
    {%- endfor %}
from terms
inner join rates on rates.report_version_id = terms.report_version_id
inner join ranks on ranks.report_version_id = terms.report_version_id
