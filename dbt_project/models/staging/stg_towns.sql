select
    town_code,
    town_name,
    short_name,
    county_code,
    source
from {{ source('lake', 'towns') }}
