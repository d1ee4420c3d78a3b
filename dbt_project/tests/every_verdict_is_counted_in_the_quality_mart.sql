{{ config(meta={
    'description': '每次判断都计入 mart_quality。 Every verdict is counted in the quality mart.',
    'dagster': {'ref': {'name': 'mart_quality'}},
}) }}
with judged as (
    select rule, sum(holds) as holds, sum(breaks) as breaks, sum(unknown) as unknown
    from {{ ref('stg_verdict_counts') }}
    group by rule
),

shown as (
    select rule, sum(holds) as holds, sum(breaks) as breaks, sum(unknown) as unknown
    from {{ ref('mart_quality') }}
    group by rule
)

select judged.rule, judged.holds, shown.holds as shown_holds, judged.breaks, shown.breaks as shown_breaks
from judged
full outer join shown on shown.rule = judged.rule
where (judged.holds, judged.breaks, judged.unknown) is distinct from (shown.holds, shown.breaks, shown.unknown)
