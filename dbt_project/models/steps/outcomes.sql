-- One row per report and outcome: the 19 outcomes that both editions share; the three lines of other handling that the
-- 2021 edition prints are added up, as 2019 prints them.
with lines as (
    select
        fact.report_version_id,
        fact.report_year_partition,
        split_part(cell.series_code, '.', 2) as outcome_code,
        fact.line_code,
        fact.value
    from {{ ref('fct_requests') }} as fact
    inner join {{ ref('dim_cell') }} as cell on cell.cell_code = fact.cell_code
    where cell.column_code = 'total' and cell.parent_line_code is not null
        and {{ is_rebuilt('fact.report_year_partition') }}
)

select
    report_version_id,
    report_year_partition,
    outcome_code,
    coalesce(
        max(value) filter (where line_code = outcome_code),
        {{ complete_sum('line_code <> outcome_code') }}
    ) as value
from lines
group by report_version_id, report_year_partition, outcome_code
