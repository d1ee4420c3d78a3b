select
    report_version_id,
    piece_no,
    kind,
    kind_zh,
    kind_en,
    says,
    "text" as words,
    place,
    standing
from {{ source('lake', 'organ_evidence') }}
