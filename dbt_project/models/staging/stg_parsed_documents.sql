select
    document_id,
    parser_version,
    media,
    encoding,
    state,
    refusal_kind,
    refusal_detail
from {{ source('lake', 'parsed_documents') }}
