select
    report_version_id,
    section,
    "text" as words
from {{ source('lake', 'section_texts') }}
