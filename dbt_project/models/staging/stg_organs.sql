select
    report_version_id,
    organ_id,
    organ_name,
    own_name,
    territory_code,
    town_code,
    organ_type,
    level,
    scope,
    state,
    reason,
    reason_zh,
    reason_en
from {{ source('lake', 'organs') }}
