-- One row per report of which a table was published: the cells that indicators need, side by side. NULL where a cell has
-- no value or its table was not published.
with cells as (
    {% for fact in ['fct_requests', 'fct_remedies', 'fct_proactive_disclosure'] -%}
    select report_version_id, cell_code, value, state = 'reconstructed' as is_reconstructed, report_year_partition
    from {{ ref(fact) }}
    where {{ is_rebuilt() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

figures as (
    {{ side_by_side('cells') }}
),

counts as (
    select
        report_version_id,
        report_year_partition,
        cast(count(*) filter (where is_reconstructed and starts_with(cell_code, 'requests.')) as integer)
            as requests_reconstructed
    from cells
    group by report_version_id, report_year_partition
)

select
    counts.report_version_id,
    counts.report_year_partition,
    counts.requests_reconstructed
    {%- for cell in indicator_cells() %},
    figures."{{ cell }}"
    {%- endfor %}
from counts
left join figures on figures.report_version_id = counts.report_version_id
