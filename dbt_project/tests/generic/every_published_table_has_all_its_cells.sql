{# Holds when a published table has a row for every cell of its edition: what is not printed is a NULL, not a gap. #}
{% test every_published_table_has_all_its_cells(model, table_code) %}
with form as (
    select cell_code, form_order, unnest(string_split(editions, ',')) as edition
    from {{ ref('stg_form_cells') }}
    where table_code = '{{ table_code }}'
),

whole as (
    select edition, bitstring_agg(form_order, 1, 2000) as cells
    from form
    group by edition
),

found as (
    select fact.report_version_id, bitstring_agg(cell.form_order, 1, 2000) as cells
    from {{ model }} as fact
    inner join {{ ref('stg_form_cells') }} as cell on cell.cell_code = fact.cell_code
    group by fact.report_version_id
),

lacking as (
    select states.report_version_id, states.edition, found.cells
    from {{ ref('stg_table_states') }} as states
    inner join whole on whole.edition = states.edition
    left join found on found.report_version_id = states.report_version_id
    where states.table_code = '{{ table_code }}' and states.state = 'published'
        and {{ is_rebuilt('states.report_year_partition') }}
        and (found.cells is null or found.cells & whole.cells <> whole.cells)
)

select lacking.report_version_id, form.cell_code
from lacking
inner join form on form.edition = lacking.edition
where lacking.cells is null or get_bit(lacking.cells, form.form_order - 1) = 0
{% endtest %}
