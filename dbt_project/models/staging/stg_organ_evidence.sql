select
    report_version_id,
    piece_no,
    kind,
    says,
    "text" as words,
    place,
    standing
from {{ source('lake', 'organ_evidence') }}
