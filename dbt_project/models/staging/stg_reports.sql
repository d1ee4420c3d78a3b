select
    report_version_id,
    document_id,
    organ_name,
    report_year,
    title,
    period_start,
    period_end,
    signed_date,
    published_date,
    territory_code,
    edition_proactive_disclosure,
    edition_requests,
    edition_reconsideration_litigation,
    form,
    evidence,
    normalizer_version
from {{ source('lake', 'reports') }}
