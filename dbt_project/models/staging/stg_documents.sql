select
    document_id,
    file_name,
    byte_size,
    first_seen at time zone 'UTC' as first_seen,
    "partition" as report_year_partition
from {{ source('lake', 'documents') }}
