-- Where the plan of a statement of the lanes reads more of queue.command than it must: not by the index of lanes, or all of
-- a lane to sort it before a limit. $1 statement, $2 its arguments text.
-- Rows: partition, node, index (null: none) text, sorts bool
with recursive node(plan, sorts) as (
  select operations.plan('kabinet_workers', $1::text, $2::text) -> 0 -> 'Plan', false
  union all
  -- What lies under a LIMIT is bounded, sorted or not.
  select child.plan, case when n.plan ->> 'Node Type' ~ 'Sort|Hash|Aggregate' then true
                          when n.plan ->> 'Node Type' = 'Limit' then false
                          else n.sorts end
  from node n cross join lateral jsonb_array_elements(coalesce(n.plan -> 'Plans', '[]')) child(plan)
)
select distinct plan ->> 'Relation Name', plan ->> 'Node Type', plan ->> 'Index Name', sorts
from node
where plan ->> 'Relation Name' ~ '^command(_|$)'
  and (sorts or coalesce(plan ->> 'Index Cond', '') !~ 'pool =.*lane =.*xid')
order by 1
