-- One row per territory under one code and name, with the time in which it is valid. Towns are of one list, whose day
-- stands in their source: nothing is known of them before and after.
select
    code || '-' || coalesce(strftime(valid_from, '%Y%m%d'), 'first') as territory_version_id,
    code,
    name,
    short_name,
    parent,
    level,
    valid_from,
    valid_to,
    source
from {{ ref('territories') }}
union all
select
    town_code || '-first' as territory_version_id,
    town_code as code,
    town_name as name,
    short_name,
    county_code as parent,
    'township' as level,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    source
from {{ ref('stg_towns') }}
