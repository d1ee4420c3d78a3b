select
    report_version_id,
    fact,
    source,
    value,
    "text" as words,
    place,
    standing
from {{ source('lake', 'document_facts') }}
