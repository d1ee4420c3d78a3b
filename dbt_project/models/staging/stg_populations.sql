select
    territory_code,
    report_year,
    population,
    source
from {{ source('lake', 'populations') }}
