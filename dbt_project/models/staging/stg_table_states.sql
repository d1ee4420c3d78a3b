select
    report_version_id,
    table_code,
    edition,
    state
from {{ source('lake', 'table_states') }}
