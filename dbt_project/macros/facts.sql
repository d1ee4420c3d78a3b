{#
  What the three fact tables share. Belongs here: the columns of a fact. Does not: which table of the form each one holds.
#}

{# The facts of one table of the form, only where the gate published it; `line` and `column` name its two codes. #}
{% macro facts_of(table_code, line='line_code', column='column_code') -%}
select
    cell.report_version_id,
    cell.cell_code,
    cell.line_code as {{ line }},
    cell.column_code as {{ column }},
    cell.value,
    cast(null as decimal(20, 6)) as value_reconciled,
    cell.unit,
    cell.state,
    case
        when cell.value is null then 'no_number'
        when flagged.cell_code is not null then 'warning'
        when cell.state = 'reconstructed' then 'reconstructed'
        else 'clear'
    end as quality_flag,
    cell.edition,
    cell.printed_text,
    cell.place,
    cell.report_year_partition
from {{ ref('stg_accepted_cells') }} as cell
left join {{ ref('stg_flagged_cells') }} as flagged
    on flagged.report_version_id = cell.report_version_id and flagged.cell_code = cell.cell_code
where cell.table_code = '{{ table_code }}' and {{ is_rebuilt('cell.report_year_partition') }}
{%- endmacro %}
