-- Table 3: report x line x applicant. Only tables that the gate published; NULL is never 0.
select
    cell.report_version_id,
    cell.cell_code,
    cell.line_code,
    cell.column_code as applicant_code,
    cell.value,
    cast(null as decimal(20, 6)) as value_reconciled,
    cell.unit,
    cell.state,
    {{ quality_flag('cell', 'flagged') }} as quality_flag,
    cell.edition,
    cell.printed_text,
    cell.place
from {{ ref('stg_accepted_cells') }} as cell
left join {{ ref('stg_flagged_cells') }} as flagged
    on flagged.report_version_id = cell.report_version_id and flagged.cell_code = cell.cell_code
where cell.table_code = 'requests'
