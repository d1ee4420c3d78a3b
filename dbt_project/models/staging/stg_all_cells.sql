select
    report_version_id,
    cell_code,
    "value"
from {{ source('lake', 'cells') }}
