select
    refusal_kind,
    refusal_zh,
    refusal_en
from {{ source('lake', 'refusal_kinds') }}
