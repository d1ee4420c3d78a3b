select
    report_version_id,
    table_code,
    min("value") as layout
from {{ source('lake', 'observations') }}
where fact = 'layout'
group by report_version_id, table_code
