select
    report_version_id,
    fact,
    source,
    value,
    "text" as words,
    place,
    standing,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'document_facts') }}
