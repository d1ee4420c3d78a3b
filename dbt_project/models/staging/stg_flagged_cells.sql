-- The cells that take part in a warning or error that breaks.
select distinct
    report_version_id,
    unnest(list_transform(cells, lambda cell: cell.cell_code)) as cell_code
from {{ ref('stg_breaks') }}
