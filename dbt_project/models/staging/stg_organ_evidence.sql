select
    report_version_id,
    piece_no,
    kind,
    kind_zh,
    kind_en,
    says,
    "text" as words,
    place,
    standing,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'organ_evidence') }}
