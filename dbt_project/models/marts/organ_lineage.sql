-- Which organ took over from which, among organs that reports are known of: by the reforms of organs within a territory,
-- and by territories that were merged or divided.
with organs as (
    select * from {{ ref('dim_organ') }}
),

by_reform as (
    select
        older.organ_id as old_organ_id,
        younger.organ_id as new_organ_id,
        reform.kind,
        'organ_reform' as cause,
        reform.first_year,
        reform.last_year
    from organs as older
    inner join {{ ref('organ_reforms') }} as reform on reform.old_name = older.own_name
    inner join organs as younger
        on younger.own_name = reform.new_name
        and younger.first_territory_code = older.first_territory_code
    where older.first_report_year <= reform.last_year and younger.last_report_year >= reform.first_year
),

by_territory as (
    select
        older.organ_id as old_organ_id,
        younger.organ_id as new_organ_id,
        change.kind,
        'territory_change' as cause,
        cast(year(change.changed_by) as integer) as first_year,
        cast(year(change.changed_by) as integer) as last_year
    from organs as older
    inner join {{ ref('territory_lineage') }} as change
        on change.old_code = older.territory_code and change.kind in ('merge', 'split')
    inner join organs as younger
        on younger.own_name = older.own_name
        and younger.organ_type = older.organ_type
        and younger.territory_code = change.new_code
    where older.organ_id <> younger.organ_id and older.first_report_year <= year(change.changed_by)
)

select * from by_reform
union all
select * from by_territory
