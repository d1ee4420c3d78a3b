select
    report_version_id,
    min("value") as deadline_kind
from {{ source('lake', 'report_observations') }}
where fact = 'deadline_kind'
group by report_version_id
