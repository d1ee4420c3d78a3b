-- Every cell whose figure differs from that of the version before. Only tables that both versions published: what the
-- gate holds back is shown nowhere, and what a held table was changed from is not known.
with versions as (
    select version.*, report.organ_id, report.organ_name, report.report_year, report.scope
    from {{ ref('report_versions') }} as version
    inner join {{ ref('dim_report') }} as report on report.report_version_id = version.report_version_id
    where version.copy_number = 1 and version.version_count > 1
),

facts as materialized (
    {% for fact in ['fct_requests', 'fct_remedies', 'fct_proactive_disclosure'] -%}
    select fact.report_version_id, fact.cell_code, fact.value, fact.printed_text
    from {{ ref(fact) }} as fact
    inner join versions on versions.report_version_id = fact.report_version_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

pairs as (
    select
        new.report_id,
        new.organ_id,
        new.organ_name,
        new.report_year,
        new.scope,
        old.report_version_id as old_report_version_id,
        new.report_version_id as new_report_version_id,
        new.version_number,
        new.received_at as revised_at
    from versions as new
    inner join versions as old on old.report_id = new.report_id and old.version_number = new.version_number - 1
),

tables_of_pairs as (
    select pairs.*, new.table_code
    from pairs
    inner join {{ ref('stg_table_states') }} as new
        on new.report_version_id = pairs.new_report_version_id and new.state = 'published'
    inner join {{ ref('stg_table_states') }} as old
        on old.report_version_id = pairs.old_report_version_id
        and old.table_code = new.table_code
        and old.state = 'published'
)

select
    pair.report_id,
    pair.organ_id,
    pair.organ_name,
    pair.report_year,
    pair.scope,
    pair.version_number,
    pair.old_report_version_id,
    pair.new_report_version_id,
    cell.cell_code,
    cell.table_code,
    cell.line_zh,
    cell.column_zh,
    before.value as old_value,
    after.value as new_value,
    before.printed_text as old_text,
    after.printed_text as new_text,
    pair.revised_at
from tables_of_pairs as pair
inner join {{ ref('dim_cell') }} as cell on cell.table_code = pair.table_code
left join facts as before
    on before.report_version_id = pair.old_report_version_id and before.cell_code = cell.cell_code
left join facts as after
    on after.report_version_id = pair.new_report_version_id and after.cell_code = cell.cell_code
where before.value is distinct from after.value
