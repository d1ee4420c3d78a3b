-- The first ten indicators of the national form's table 3, from its total column.
-- Every sum is NULL as soon as one of its lines is NULL; every rate stands beside its numerator and denominator.
with needed_lines as (
    -- each line that the edition of the report's own table has, whether or not a number was published for it
    select
        report.report_version_id,
        cell.line_code,
        cell.parent_line_code,
        fact.value
    from {{ ref('dim_report') }} as report
    inner join {{ ref('dim_cell') }} as cell
        on cell.table_code = 'requests'
        and cell.column_code = 'total'
        and list_contains(string_split(cell.editions, ','), report.edition_requests)
    left join {{ ref('fct_requests') }} as fact
        on fact.report_version_id = report.report_version_id and fact.cell_code = cell.cell_code
),

-- a 2019 form, or a 2021 form that prints 其他处理 as one row
other_in_one_line as (
    select report_version_id, max(value) as value
    from {{ ref('fct_requests') }}
    where line_code = 'other' and applicant_code = 'total'
    group by report_version_id
),

rebuilt as (
    select report_version_id, count(*) as cells
    from {{ ref('fct_requests') }}
    where state = 'reconstructed'
    group by report_version_id
),

lines as (
    select
        report_version_id,
        max(value) filter (where line_code = 'received') as received,
        max(value) filter (where line_code = 'carried_in') as carried_in,
        max(value) filter (where line_code = 'outcome_total') as outcome_total,
        max(value) filter (where line_code = 'carried_out') as carried_out,
        max(value) filter (where line_code = 'granted_in_full') as granted_in_full,
        max(value) filter (where line_code = 'granted_in_part') as granted_in_part,
        max(value) filter (where line_code = 'denied_administrative_inquiry') as denied_administrative_inquiry,
        max(value) filter (where line_code = 'unable_not_held') as unable_not_held,
        {{ complete_sum("parent_line_code = 'denied'") }} as denied,
        {{ complete_sum("parent_line_code = 'unable_to_provide'") }} as unable_to_provide,
        {{ complete_sum("parent_line_code = 'not_processed'") }} as not_processed,
        {{ complete_sum("parent_line_code = 'other'") }} as other_in_three_lines
    from needed_lines
    group by report_version_id
),

figures as (
    select
        report.report_version_id,
        lines.* exclude (report_version_id, other_in_three_lines),
        coalesce(other_in_one_line.value, lines.other_in_three_lines) as other,
        coalesce(states.state, 'missing') as requests_state,
        coalesce(rebuilt.cells, 0) as requests_reconstructed,
        coalesce(report.published_date, report.signed_date) as report_date,
        -- a report whose organ or year is not known competes with no other
        case when report.organ_name is null or report.report_year is null then report.report_version_id end as alone
    from {{ ref('dim_report') }} as report
    left join lines on lines.report_version_id = report.report_version_id
    left join rebuilt on rebuilt.report_version_id = report.report_version_id
    left join other_in_one_line on other_in_one_line.report_version_id = report.report_version_id
    left join {{ ref('stg_table_states') }} as states
        on states.report_version_id = report.report_version_id and states.table_code = 'requests'
)

select
    report.report_version_id,
    report.organ_name,
    report.territory_code,
    report.report_year,
    cast(row_number() over (
        partition by report.organ_name, report.territory_code, report.report_year, figures.alone
        order by
            figures.report_date desc nulls last,
            (figures.requests_state = 'published') desc,
            report.first_seen desc nulls last,
            report.report_version_id
    ) as integer) as version_rank,
    cast(count(*) over (
        partition by report.organ_name, report.territory_code, report.report_year, figures.alone
    ) as integer) as version_count,
    figures.requests_state,
    cast(figures.requests_reconstructed as integer) as requests_reconstructed,
    report.edition_requests,
    cast(figures.received as bigint) as received,
    cast(figures.carried_in as bigint) as carried_in,
    cast(figures.received + figures.carried_in as bigint) as workload,
    cast(figures.outcome_total as bigint) as outcome_total,
    cast(figures.carried_out as bigint) as carried_out,
    {{ rate('disclosure_rate', 'figures.granted_in_full + figures.granted_in_part', 'figures.outcome_total') }},
    {{ rate('full_disclosure_rate', 'figures.granted_in_full', 'figures.outcome_total') }},
    {{ rate('partial_disclosure_rate', 'figures.granted_in_part', 'figures.outcome_total') }},
    {{ rate('denial_rate', 'figures.denied', 'figures.outcome_total') }},
    {{ rate('strict_denial_rate', 'figures.denied - figures.denied_administrative_inquiry', 'figures.outcome_total') }},
    {{ rate('unable_rate', 'figures.unable_to_provide', 'figures.outcome_total') }},
    {{ rate('not_held_rate', 'figures.unable_not_held', 'figures.outcome_total') }},
    {{ rate('not_processed_rate', 'figures.not_processed', 'figures.outcome_total') }},
    {{ rate('other_rate', 'figures.other', 'figures.outcome_total') }}
from {{ ref('dim_report') }} as report
inner join figures on figures.report_version_id = report.report_version_id
