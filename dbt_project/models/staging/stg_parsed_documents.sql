select
    document_id,
    parser_version,
    media,
    encoding,
    state,
    refusal_kind,
    refusal_detail,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'parsed_documents') }}
