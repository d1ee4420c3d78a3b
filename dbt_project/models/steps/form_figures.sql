-- One row per report and published table of the form: its values in the order of the form. Its edition is NULL where it
-- lacks a cell, has one twice or has cells of two editions, for then no place in the list is certain. Built by year, for the lists of all years do not
-- fit into the memory of a small machine; ordering each list once it is whole takes a quarter of the memory of ordering it
-- while it grows.
with lists as (
    {% for table_code, fact in [
        ('requests', 'fct_requests'),
        ('reconsideration_litigation', 'fct_remedies'),
        ('proactive_disclosure', 'fct_proactive_disclosure'),
    ] -%}
    select
        fact.report_version_id,
        fact.report_year_partition,
        '{{ table_code }}' as table_code,
        case when min(fact.edition) = max(fact.edition) then min(fact.edition) end as edition,
        count(*) filter (where fact.state = 'reconstructed') as reconstructed,
        list_transform(
            list_sort(list(struct_pack(form_order := cell.form_order, figure := fact.value))),
            lambda printed: printed.figure
        ) as figures
    from {{ ref(fact) }} as fact
    inner join {{ ref('stg_form_cells') }} as cell on cell.cell_code = fact.cell_code
    where {{ is_rebuilt('fact.report_year_partition') }}
    group by fact.report_version_id, fact.report_year_partition
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

form as (
    select distinct edition, table_code, cells
    from ({{ places_in_form() }})
)

select
    lists.report_version_id,
    lists.table_code,
    form.edition,
    lists.reconstructed,
    lists.figures,
    lists.report_year_partition
from lists
left join form
    on form.edition = lists.edition and form.table_code = lists.table_code and form.cells = len(lists.figures)
